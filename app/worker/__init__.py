"""The worker process: the only place where the model and the protocol meet."""
