"""Runs that are made from others, and what a person writes on one: groups, branches, attempts that are set aside."""
