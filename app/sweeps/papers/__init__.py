"""Experiments of the papers, and the reports of them."""
