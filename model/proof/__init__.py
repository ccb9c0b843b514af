"""The independent witness, and the identities that it is asked about."""
