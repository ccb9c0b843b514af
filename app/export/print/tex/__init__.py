"""Figures as commands for LaTeX."""
