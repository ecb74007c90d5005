"""Writes docs/rules.md to standard output: `python -m service.domain.rules > docs/rules.md`."""

import sys

from service.domain.rules.page import page

if __name__ == "__main__":
    sys.stdout.write(page())
