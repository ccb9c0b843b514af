"""What is said of a trace: its numbers as facts, one list of claims, the story made of both."""
