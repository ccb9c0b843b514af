"""What a session tells of its updates, and what it holds for a server that is gone."""
