"""`python -m simulators.caredirector --data DIR --port N --secret-file FILE`: the simulator as a process."""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from .simulator import CLIENT_ID, CLIENT_SECRET, CareDirectorSimulator


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop; the one line on stdout tells a parent where to find it."""
    options = _options(arguments)
    told_to_stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told_to_stop.set())
    try:
        simulator = CareDirectorSimulator(options.data, options.client, _secret(options.secret_file), options.port)
    except (OSError, ValueError) as error:
        print(f"caredirector simulator: {error}", file=sys.stderr)
        return 2
    with simulator:
        print(json.dumps({"url": simulator.url, "api": simulator.api}), flush=True)
        told_to_stop.wait()
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="simulators.caredirector", description="Simulated CareDirector (fictional people only)."
    )
    parser.add_argument("--data", type=Path, required=True, help="folder for the bytes of files")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--client", default=CLIENT_ID, help="the client_id that may sign in")
    parser.add_argument("--secret-file", type=Path, help="file with its client_secret; a fictional one if left out")
    return parser.parse_args(arguments)


def _secret(path: Path | None) -> str:
    """A file keeps the secret out of the process list."""
    return path.read_text(encoding="utf-8").strip() if path else CLIENT_SECRET


if __name__ == "__main__":
    sys.exit(main())
