"""A whole record in one request, for an authority's own integration platform."""
