"""Sentences that are chosen by facts: how a claim is chosen, and what is said of a verdict."""
