"""Commands on their way to workers: one that comes twice is done once, knobs that storm in go as one."""
