"""One verb a file; one transaction each, except where the outside world must be called in between."""
