"""Decide, commit, publish: the part of the server that holds the runs."""
