"""The drawings of an exported page."""
