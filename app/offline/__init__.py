"""Training and evaluation in this process, without a server."""
