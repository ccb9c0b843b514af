"""What is kept on disk: runs, events, snapshots, checkpoints."""
