"""What commands share: how they stop and print, how they reach a server."""
