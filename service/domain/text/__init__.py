"""Two checks of narratives that no meaning is needed for: what looks like an identifier, and what looks copied."""
