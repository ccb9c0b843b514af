"""The rules of a run: pure functions from what is known and what is asked to what follows. No I/O."""
