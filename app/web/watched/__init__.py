"""What the server says of itself to programs that watch it."""
