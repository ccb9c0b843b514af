"""A run as one zip file: made from what is stored, read with suspicion, brought in as a new run."""
