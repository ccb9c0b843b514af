"""The data folder itself: what is wrong with it, and who may write to it."""
