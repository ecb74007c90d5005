"""`python -m simulators.lcs --data DIR --http-port N --instance SLUG:GSS:SFTP_PORT … --authorized-key FILE`

Prints one JSON line when ready, and stops on SIGTERM or SIGINT.
"""

import argparse
import json
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from simulators.lcs.simulator import LcsSimulator
from simulators.lcs.world import FORMS, SEED
from simulators.sftp.knobs import Knobs


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    try:
        simulator = _simulator(options)
    except (ValueError, OSError) as error:
        print(f"LCS simulator: {error}", file=sys.stderr)
        return 2
    return _serve(simulator, stopped)


def _serve(simulator: LcsSimulator, stopped: threading.Event) -> int:
    try:
        simulator.start()
    except (OSError, RuntimeError) as error:
        print(f"LCS simulator: {error}", file=sys.stderr)
        return 1
    print(json.dumps(_ready(simulator)), flush=True)
    stopped.wait()
    simulator.stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m simulators.lcs", description="LCS simulator (fictional)")
    parser.add_argument("--data", type=Path, required=True, help="folder for keys, inboxes and what was filed")
    parser.add_argument("--http-port", type=int, default=0, help="port of the pages; 0 takes a free one")
    parser.add_argument("--instance", action="append", required=True, metavar="SLUG:GSS:SFTP_PORT")
    parser.add_argument("--authorized-key", type=Path, required=True, help="public key(s) that may sign in")
    parser.add_argument("--seed", type=Path, default=SEED, help="people and local codes")
    parser.add_argument("--forms", type=Path, default=FORMS, help="form definitions")
    _add_knobs(parser)
    return parser


def _add_knobs(parser: argparse.ArgumentParser) -> None:
    """They go for every instance; from a test, set them on one."""
    parser.add_argument("--poll-seconds", type=float, default=Knobs.poll_seconds)
    parser.add_argument("--answer-delay-seconds", type=float, default=Knobs.answer_delay_seconds)
    parser.add_argument("--paused", action="store_true", help="pick nothing up")
    parser.add_argument("--withhold-answers", action="store_true", help="file and archive, but do not answer")
    parser.add_argument("--disconnect-after-bytes", type=int, help="drop the connection during uploads")


def _simulator(options: argparse.Namespace) -> LcsSimulator:
    specs = [_spec(text) for text in options.instance]
    ports = {slug: port for slug, _, port in specs}
    simulator = LcsSimulator(
        options.data, ports, options.authorized_key, options.http_port, seed=options.seed, forms=options.forms
    )
    for slug, gss, _ in specs:
        _configure(simulator, slug, gss, options)
    return simulator


def _spec(text: str) -> tuple[str, str, int]:
    try:
        slug, gss, port = text.split(":")
        return slug, gss, int(port)
    except ValueError as error:
        raise ValueError(f"--instance {text}: must be SLUG:GSS:SFTP_PORT") from error


def _configure(simulator: LcsSimulator, slug: str, gss: str, options: argparse.Namespace) -> None:
    """The code is asked for as well as the slug so that a mix-up is noticed here, not by refused sets."""
    instance = simulator.instance(slug)
    if instance.authority.gss != gss:
        raise ValueError(f"--instance {slug}: the seed says {instance.authority.gss}, not {gss}")
    for knob in fields(Knobs):
        setattr(instance, knob.name, getattr(options, knob.name))


def _ready(simulator: LcsSimulator) -> dict[str, object]:
    rows = {
        slug: {
            "authority": one.authority.gss,
            "port": one.port,
            "user": one.user,
            "host_key": one.host_key_fingerprint,
        }
        for slug, one in simulator.instances.items()
    }
    return {"http": simulator.http_url, "instances": rows}


if __name__ == "__main__":
    sys.exit(main())
