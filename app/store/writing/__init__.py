"""What is written into the tables."""
