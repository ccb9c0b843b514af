"""The networks that come along, and the history of their training."""
