"""The server: HTTP, sockets, store and pages. Nothing outside app/worker imports torch or the model."""
