"""Writes the golden files anew, and says which have changed: `python -m tests.golden`."""

from __future__ import annotations

import sys

from tests.golden.golden import FOLDER, files, texts


def main() -> None:
    """Files of profiles that are gone are taken away."""
    made, before = texts(), files()
    for name, text in made.items():
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_text(text, "utf-8")
    for name in before.keys() - made.keys():
        (FOLDER / name).unlink()
    changed = sorted(name for name in made.keys() | before.keys() if made.get(name) != before.get(name))
    sys.stdout.write("".join(f"{name}\n" for name in changed) or "Nothing has changed.\n")


if __name__ == "__main__":
    main()
