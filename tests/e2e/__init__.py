"""The whole bridge as processes, from outside."""
