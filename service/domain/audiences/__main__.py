"""Writes docs/audiences.md to standard output: `python -m service.domain.audiences > docs/audiences.md`."""

import sys

from service.domain.audiences.page import page

if __name__ == "__main__":
    sys.stdout.write(page())
