"""Data sets that are fetched when a person says so: where each comes from, its sum, and what of it is kept."""
