"""`python -m simulators.eclipse --data DIR --port N --key-file FILE`: the simulator as a process."""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from .simulator import EclipseSimulator
from .yaml_input import DefinitionError


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop; the one line on stdout tells a parent where to find it."""
    options = _options(arguments)
    told_to_stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told_to_stop.set())
    try:
        secret = options.key_file.read_text(encoding="utf-8").strip()
        simulator = EclipseSimulator(options.data, secret, options.port, token_seconds=options.token_seconds)
    except (DefinitionError, OSError, ValueError) as error:
        print(f"eclipse simulator: {error}", file=sys.stderr)
        return 2
    with simulator:
        print(json.dumps({"url": simulator.url, "api": simulator.api}), flush=True)
        told_to_stop.wait()
    return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="simulators.eclipse", description="Simulated Eclipse (fictional people only)."
    )
    parser.add_argument("--data", type=Path, required=True, help="folder for the bytes of attachments")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--key-file", type=Path, required=True, help="file with the password and client secret")
    parser.add_argument("--token-seconds", type=int, default=300, help="how long an access token lasts")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
