"""`python -m simulators.filedrop --data FOLDER --authorized-key FILE [--port N] [--manifest csv] …`

Prints one JSON line when ready, and stops on SIGTERM or SIGINT.
"""

import argparse
import json
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from simulators.filedrop.answers import WRITERS
from simulators.filedrop.manifest import READERS
from simulators.filedrop.simulator import FOLDERS, LIMIT, FileDropSimulator


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    try:
        simulator = _simulator(options).start()
    except (ValueError, OSError, RuntimeError) as error:
        print(f"file exchange simulator: {error}", file=sys.stderr)
        return 2
    print(json.dumps(_ready(simulator)), flush=True)
    stopped.wait()
    simulator.stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m simulators.filedrop", description="File exchange simulator (fictional)"
    )
    parser.add_argument("--data", type=Path, required=True, help="folder for the host key and the exchange's folders")
    parser.add_argument("--authorized-key", type=Path, required=True, help="public key(s) that may sign in")
    parser.add_argument("--port", type=int, default=0, help="of SFTP; 0 takes a free one")
    parser.add_argument("--page-port", type=int, default=0, help="of the page; 0 takes a free one")
    parser.add_argument("--manifest", choices=sorted(READERS), default="json")
    parser.add_argument("--answers", choices=sorted(WRITERS), default="json")
    parser.add_argument("--folders", nargs=4, default=FOLDERS, metavar=("IN", "ARCHIVE", "OUT", "COLLECTED"))
    parser.add_argument("--limit", type=int, default=LIMIT, help="bytes a file may have")
    parser.add_argument("--poll-seconds", type=float, default=0.5)
    return parser


def _simulator(options: argparse.Namespace) -> FileDropSimulator:
    return FileDropSimulator(
        options.data,
        options.authorized_key,
        options.port,
        manifest=options.manifest,
        answers=options.answers,
        folders=tuple(options.folders),
        limit=options.limit,
        page_port=options.page_port,
        poll_seconds=options.poll_seconds,
    )


def _ready(simulator: FileDropSimulator) -> dict[str, object]:
    return {
        "url": simulator.url,
        "api": simulator.api,
        "port": simulator.port,
        "user": simulator.user,
        "host_key": simulator.host_key_fingerprint,
    }


if __name__ == "__main__":
    sys.exit(main())
