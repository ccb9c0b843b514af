"""What a session goes on from: a checkpoint that is compared with the run, and knobs that are turned again."""
