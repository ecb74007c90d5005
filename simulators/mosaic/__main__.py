"""`python -m simulators.mosaic --data DIR --port N --key-file FILE`: the simulator as a process."""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from .server import SOAP_PASSWORD, SOAP_USER, MosaicSimulator
from .yamlfile import DefinitionError


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop; the one line on stdout tells a parent where to find it."""
    options = _options(arguments)
    told_to_stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told_to_stop.set())
    try:
        simulator = _simulator(options)
    except (DefinitionError, OSError, ValueError) as error:
        print(f"mosaic simulator: {error}", file=sys.stderr)
        return 2
    with simulator:
        print(json.dumps({"url": simulator.url, "api": simulator.api, "soap": simulator.soap}), flush=True)
        told_to_stop.wait()
    return 0


def _simulator(options: argparse.Namespace) -> MosaicSimulator:
    password = _key(options.soap_password_file) if options.soap_password_file else SOAP_PASSWORD
    return MosaicSimulator(
        options.data,
        _key(options.key_file),
        options.port,
        soap_user=options.soap_user,
        soap_password=password,
        soap_password_text=options.soap_password_text,
    )


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="simulators.mosaic", description="Simulated Mosaic (fictional people only).")
    parser.add_argument("--data", type=Path, required=True, help="folder that keeps the steps")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--key-file", type=Path, required=True, help="file with the key callers must send")
    parser.add_argument("--soap-user", default=SOAP_USER, help=f"user of the SOAP binding (default: {SOAP_USER})")
    parser.add_argument(
        "--soap-password-file", type=Path, help="file with that user's password (default: one for tests)"
    )
    parser.add_argument("--soap-password-text", action="store_true", help="take the password as it is, too")
    return parser.parse_args(arguments)


def _key(path: Path) -> str:
    """A file keeps the key out of the process list."""
    return path.read_text(encoding="utf-8").strip()


if __name__ == "__main__":
    sys.exit(main())
