"""Everything that gets compiled; a change in any file of this folder makes machine code anew (compiled.py)."""
