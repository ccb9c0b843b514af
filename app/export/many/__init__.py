"""Curves of several trainings in one figure: what stands beside a network, and which of them are one line."""
