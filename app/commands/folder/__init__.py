"""A data folder as a whole: what is brought into it, and all of it as one file."""
