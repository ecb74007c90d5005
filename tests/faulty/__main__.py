"""`python -m tests.faulty FOLDER` writes every faulty record to a file; then `wise-bridge validate FOLDER/*`."""

import json
import sys
from pathlib import Path

from tests.faulty.corpus import corpus

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for number, faulty in enumerate(corpus(), 1):
        name = f"{number:03}-{faulty.theme}-{faulty.line['code']}.json"
        (folder / name).write_text(json.dumps(faulty.record(), ensure_ascii=False, indent=1), "utf-8")
    sys.stdout.write(f"{number} records in {folder}\n")
