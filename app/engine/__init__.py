"""Engines: how a worker process comes to life (architecture section 3)."""
