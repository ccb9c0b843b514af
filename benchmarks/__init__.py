"""Measurements of the budgets. Each prints JSON with machine, commit and spread; none of them is a test."""
