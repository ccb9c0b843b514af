"""What workers say while the store cannot keep it."""
