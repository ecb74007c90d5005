"""Two sound profiles, and what can be wrong with them: one change each, with all that the loader says about it."""
