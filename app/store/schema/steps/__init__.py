"""Steps from one schema to the next, for alembic; `versions` holds one file each."""
