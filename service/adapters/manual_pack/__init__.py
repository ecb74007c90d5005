"""A case system without an interface: a person types from a sheet and confirms."""
