"""`python -m simulators.lcs_rest --port N --data FOLDER [--credentials-file FILE]`: the simulator as a process.

Prints one JSON line when ready, and stops on SIGTERM or SIGINT. What it holds ends with the process.
"""

import argparse
import json
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from simulators.lcs_rest.shared import ConfigurationError
from simulators.lcs_rest.sign_in import Credentials
from simulators.lcs_rest.simulator import LcsRestSimulator


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to stop."""
    options = _parser().parse_args(arguments)
    told_to_stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told_to_stop.set())
    try:
        simulator = LcsRestSimulator(options.data, _credentials(options.credentials_file), options.port)
        simulator.start()
    except (ConfigurationError, OSError, TypeError, ValueError) as error:
        print(f"LCS over HTTP simulator: {error}", file=sys.stderr)
        return 2
    print(json.dumps({"url": simulator.url, "api": simulator.api, "token": simulator.token_url}), flush=True)
    told_to_stop.wait()
    simulator.stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulators.lcs_rest", description="LCS over HTTP (fictional)")
    parser.add_argument("--data", type=Path, required=True, help="folder of the simulator")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument(
        "--credentials-file",
        type=Path,
        help="JSON object with client_id and client_secret, or api_key and perhaps key_header; else those of the tests",
    )
    return parser


def _credentials(path: Path | None) -> Credentials:
    """A file keeps secrets out of the process list. A way of signing in that it does not name is not offered."""
    if path is None:
        return Credentials()
    nothing = {"client_id": None, "client_secret": None, "api_key": None}
    return Credentials(**nothing | json.loads(path.read_text(encoding="utf-8")))


if __name__ == "__main__":
    sys.exit(main())
