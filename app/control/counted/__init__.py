"""What is counted of a server's work, for whoever watches it from outside."""
