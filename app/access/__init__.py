"""Who gets in, and what they may do there: tokens, links, roles, and one table of all addresses."""
