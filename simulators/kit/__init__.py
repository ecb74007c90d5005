"""What the web simulators have in common: a server, its bad days, their switches and plain pages."""
