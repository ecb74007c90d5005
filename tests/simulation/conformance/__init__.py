"""The same behaviour asked of the store in memory and of PostgreSQL, so that the one cannot drift from the other."""
