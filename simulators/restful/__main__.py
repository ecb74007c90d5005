"""`python -m simulators.restful --port N --data FOLDER --secret-file FILE`: the simulator as a process."""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from .sign_in import KINDS
from .simulator import RestfulSimulator


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
        print(f"restful simulator: {error}", file=sys.stderr)
        return 2
    return 0


def _simulator(options: argparse.Namespace) -> RestfulSimulator:
    """A file keeps the secret out of the process list."""
    secret = options.secret_file.read_text(encoding="utf-8").strip()
    given = {"secret": secret, "sign_in": options.sign_in, "user": options.user, "port": options.port}
    return RestfulSimulator(options.data, options.dialect, **given)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    description = "A simulated case system over REST (fictional people only)."
    parser = argparse.ArgumentParser(prog="simulators.restful", description=description)
    parser.add_argument("--data", type=Path, required=True, help="folder for certificates")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--dialect", choices=("plain", "odata"), default="plain")
    parser.add_argument("--sign-in", choices=KINDS, default="api_key")
    parser.add_argument("--user", default="bridge", help="user or client id")
    parser.add_argument("--secret-file", type=Path, required=True, help="file with the key, password or client secret")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
