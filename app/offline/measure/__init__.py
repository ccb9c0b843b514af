"""Trained networks, measured side by side."""
