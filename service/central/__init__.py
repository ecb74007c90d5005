"""Everything that may leave for the Hub. Nothing here can reach what holds an identifier."""
