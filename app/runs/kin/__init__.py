"""Runs that are made from others: several that are to be compared, one that goes on from stored weights."""
