"""Figures of several networks side by side."""
