"""A panel or the whole view as one HTML file that works without a network."""
