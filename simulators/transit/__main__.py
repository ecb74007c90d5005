"""`python -m simulators.transit --port N --token-file FILE`: the simulator as a process here, without TLS."""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from .simulator import TransitSimulator


def main() -> int:
    """Serve until told to stop; the one line on stdout tells where."""
    parser = argparse.ArgumentParser(prog="python -m simulators.transit")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token-file", type=Path, required=True)
    options = parser.parse_args()
    told_to_stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told_to_stop.set())
    try:
        with TransitSimulator(options.token_file.read_text().strip(), port=options.port) as simulator:
            print(json.dumps({"url": simulator.url}), flush=True)
            told_to_stop.wait()
    except OSError as error:
        print(f"transit simulator: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
