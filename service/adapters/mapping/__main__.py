"""Prints the table of renderings for docs/mapping.md: `python -m service.adapters.mapping`."""

import sys

from service.adapters.mapping.page import table

if __name__ == "__main__":
    sys.stdout.write(f"{table()}\n")
