"""Writes docs/catalogue.md to standard output, or says every fault: `python -m service.central.catalogue [FILE]`."""

import sys
from pathlib import Path

from service.central.catalogue.page import page
from service.central.catalogue.reading import read
from service.errors import ConfigurationFault

NEWEST = Path(__file__).parents[3] / "config" / "catalogue" / "2026.yaml"

if __name__ == "__main__":
    try:
        sys.stdout.write(page(read(Path(sys.argv[1]) if len(sys.argv) > 1 else NEWEST)))
    except ConfigurationFault as fault:
        sys.exit(str(fault))
