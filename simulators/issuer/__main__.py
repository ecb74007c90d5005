"""`python -m simulators.issuer --data FOLDER --clients FILE`: the issuer as a process here."""

import argparse
import json
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from .clients import Client
from .shapes import entra, plain
from .simulator import IssuerSimulator


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to stop; the one line on stdout tells a parent where to find it."""
    options = _options(arguments)
    told_to_stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told_to_stop.set())
    try:
        with _simulator(options) as simulator:
            print(json.dumps({"issuer": simulator.issuer, "authority": str(simulator.authority)}), flush=True)
            told_to_stop.wait()
    except (OSError, ValueError, TypeError) as error:
        print(f"issuer simulator: {error}", file=sys.stderr)
        return 2
    return 0


def _simulator(options: argparse.Namespace) -> IssuerSimulator:
    """A file keeps the clients' secrets out of the process list."""
    clients = [_client(entry) for entry in json.loads(options.clients.read_text(encoding="utf-8"))]
    shape = entra(options.entra) if options.entra else plain(options.path)
    return IssuerSimulator(
        options.data, clients, shape=shape, name=options.name, port=options.port, trust=options.trust
    )


def _client(entry: dict[str, Any]) -> Client:
    given: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
    return Client(**given)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    description = "A simulated OpenID Connect issuer (fictional people only)."
    parser = argparse.ArgumentParser(prog="simulators.issuer", description=description)
    parser.add_argument("--data", type=Path, required=True, help="folder for certificates")
    parser.add_argument("--clients", type=Path, required=True, help="JSON: a list of clients, by the fields of Client")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--name", default="127.0.0.1", help="the host in the issuer's address")
    parser.add_argument("--path", default="", help="the path in the issuer's address, as /realms/salford")
    parser.add_argument("--entra", metavar="TENANT", help="Entra ID's form of endpoints and tokens, for this tenant id")
    parser.add_argument("--trust", type=Path, help="authority behind the clients' certificates, for logout")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
