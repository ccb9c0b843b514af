"""Which form the database file has, and the steps from one form to the next."""
