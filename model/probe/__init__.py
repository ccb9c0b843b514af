"""What one look at a network leaves: attention, credit, paths, hits."""
