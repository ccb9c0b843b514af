"""What backend "triton" does on a GPU, and what it was reckoned to do."""
