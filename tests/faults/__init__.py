"""Faults: what a machine does to the program (a killed worker, memory that is refused), and what must still hold."""
