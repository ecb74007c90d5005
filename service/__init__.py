"""WISE Bridge: WISE, RISE and NWG records into each authority's children's system, and safe counts to the Hub."""

__version__ = "0.1.0"
