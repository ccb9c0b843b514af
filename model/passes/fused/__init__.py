"""The passes as compiled loops for the CPU."""
