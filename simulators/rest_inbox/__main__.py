"""`python -m simulators.rest_inbox --port N --data FOLDER --secret-file FILE`: the simulator as a process."""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from .simulator import RestInboxSimulator


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop; the one line on stdout tells a parent where to find it."""
    options = _options(arguments)
    told_to_stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told_to_stop.set())
    try:
        with _simulator(options) as simulator:
            print(json.dumps({"url": simulator.url, "api": simulator.api}), flush=True)
            told_to_stop.wait()
    except (OSError, ValueError) as error:
        print(f"rest_inbox simulator: {error}", file=sys.stderr)
        return 2
    return 0


def _simulator(options: argparse.Namespace) -> RestInboxSimulator:
    """A file keeps the secret out of the process list."""
    secret = options.secret_file.read_text(encoding="utf-8").strip()
    return RestInboxSimulator(options.data, secret=secret, later=options.later, port=options.port)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    description = "A simulated inbox over REST (fictional people only)."
    parser = argparse.ArgumentParser(prog="simulators.rest_inbox", description=description)
    parser.add_argument("--data", type=Path, required=True, help="folder of the simulator")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--secret-file", type=Path, required=True, help="file with the key")
    parser.add_argument("--later", type=float, help="take each item (202), and file it so many seconds later")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
