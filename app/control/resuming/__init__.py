"""What runs go on from: files that workers left, and checkpoints that a worker refused."""
