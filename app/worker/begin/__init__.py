"""How a worker process comes to be: warm, and as a copy of one that is."""
