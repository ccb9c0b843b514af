"""Panels as files for people: which panel in which format, from where the numbers come, and the addresses."""
