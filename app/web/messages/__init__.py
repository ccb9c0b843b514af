"""Bodies, queries and answers as they travel over HTTP."""
