"""Updates, and the files that a training can go on from."""
