"""Many trainings: what is to be tried, who trains it, what came of it; trials are runs of a server like any other."""
