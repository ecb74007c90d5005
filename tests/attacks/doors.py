"""Every setting from which a connection of the bridge's own comes: what each makes of an address.

Each is called as the service calls it, and says in a word what became of it: a refusal, or an answer.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncssh
from click.testing import CliRunner
from ruamel.yaml import YAML

from service.adapters.central import Credentials, read_central_address
from service.adapters.checkpoints import read_address as read_checkpoints
from service.adapters.egress import ALLOW_LOOPBACK, Surroundings, only
from service.adapters.http import HttpClient, Request
from service.adapters.master import read_kms, read_transit
from service.adapters.notify import read_webhook
from service.adapters.sftp import read_endpoint, session
from service.adapters.webhooks import WebhookSender, read_address
from service.cli import main
from service.domain.telling import Notice, Word
from service.errors import WiseBridgeError
from service.ports.alarms import ChannelFailed
from service.ports.trail import WayFailed
from tests.alarms.facts import alarm
from tests.attacks.target import Target
from tests.faults.towns import CONFIG

Door = Callable[[str], str]
REFUSALS = (WiseBridgeError, WayFailed, ChannelFailed)
STRICT, REHEARSAL = Surroundings(), Surroundings(loopback=True)
SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
AUTHORITY = "E08000001"
KEY = "ATTACK_API_KEY"
ARN = "arn:aws:kms:eu-west-2:111122223333:key/00000000-0000-4000-8000-000000000001"
AWS = "[default]\naws_access_key_id = AKIA-FICTIONAL-BRIDGE\naws_secret_access_key = fictional\n"


def doors(folder: Path, around: Surroundings) -> Mapping[str, Door]:
    """Those that are called in this process, by name."""
    token, secret, credentials = folder / "token", folder / "secret", folder / "credentials"
    credentials.write_text(AWS)
    token.write_text("fictional-token-0123456789")
    secret.write_text(SECRET)

    def connector(url: str) -> str:
        with HttpClient(url, {}, seconds=3, egress=only(url, surroundings=around)).conversation() as talk:
            return str(talk.ask(Request("POST", "/x", writes=True, json={"words": "fictional"})).status)

    def webhook(url: str) -> str:
        read_address(url, (), around)
        answer = WebhookSender(3)(url, (), {}, b"{}")
        return str(answer.status or answer.note)

    def checkpoints(url: str) -> str:
        read_checkpoints(url, surroundings=around).send(AUTHORITY, ["e30.e30.e30"])
        return "taken"

    def vault(url: str) -> str:
        read_transit(url, token, mount="transit", key="wise-bridge", ca_file=None).wrap(b"0" * 32, b"x")
        return "taken"

    def kms(url: str) -> str:
        read_kms(ARN, url=url, credentials_file=credentials, ca_file=None).wrap(b"0" * 32, b"x")
        return "taken"

    def central(url: str) -> str:
        given = Credentials(token="fictional-token-0123456789")
        networks = [] if around.loopback else ["10.0.0.0/8"]
        made = read_central_address(f"{url.rstrip('/')}/", given, networks, seconds=3, surroundings=around)
        return str(made.look("2026Q3", "tables.xlsx", b"x"))

    def alarms(url: str) -> str:
        read_webhook(url, secret, surroundings=around).tell([Notice(alarm(), Word.RAISED, 1)])
        return "taken"

    made: dict[str, Door] = {
        "a connector": connector, "webhooks of an authority": webhook, "the checkpoints' address": checkpoints,
        "the master key's Vault": vault, "the master key's KMS": kms,
        "where releases are sent": central, "the alarms' webhook": alarms,
    }  # fmt: skip
    return {name: _told(door, around) for name, door in made.items()}


def by_sftp(url: str) -> str:
    """A connector's or the central team's, at the same host and port."""
    parts = urlsplit(url)
    key = asyncssh.generate_private_key("ssh-ed25519").export_private_key("openssh").decode()
    given = {"host": parts.hostname or "", "port": str(parts.port), "user": "bridge", "private_key": key}
    rules = only(f"sftp://{parts.netloc}", surroundings=STRICT)
    with session(read_endpoint({**given, "host_keys": f"SHA256:{'A' * 43}"}, egress=rules), 3):
        return "taken"


def _told(door: Door, around: Surroundings) -> Door:
    """With the switch for rehearsals as the surroundings say: some parts look at the environment by themselves."""

    def call(url: str) -> str:
        try:
            with _switch(on=around.loopback):
                return door(url)
        except REFUSALS as refused:
            return f"refused: {getattr(refused, 'note', '') or type(refused).__name__}"
        except OSError:
            return "refused: no connection"

    return call


@contextmanager
def _switch(*, on: bool) -> Iterator[None]:
    before = os.environ.pop(ALLOW_LOOPBACK, None)
    if on:
        os.environ[ALLOW_LOOPBACK] = "1"
    try:
        yield
    finally:
        os.environ.pop(ALLOW_LOOPBACK, None)
        if before is not None:
            os.environ[ALLOW_LOOPBACK] = before


sftp: Door = _told(by_sftp, STRICT)


def officers(target: Target) -> Mapping[str, Door]:
    """What an officer types, with the commands of the service and without the switch for rehearsals."""

    def run(*words: str) -> tuple[int, str]:
        environ = {name: "" for name in os.environ if name.startswith("WISE_")} | {KEY: "0123456789"}
        environ |= {"WISE_DATABASE_URL": target.stack.database_url("wise_owner")}
        done = CliRunner().invoke(main, [*words], env=environ | {"WISE_KEYS_DIR": str(target.stack.keys)})
        return done.exit_code, done.output

    def draft(url: str) -> str:
        file = target.stack.config_dir / "authorities" / "attack.yaml"
        file.write_text(json.dumps(_profile(url)))
        try:
            code, said = run("profiles", "draft", str(file), "--by", "officer.one", "--note", "x",
                             "--config", str(target.stack.config_dir))  # fmt: skip
        finally:
            file.unlink()
        if code:
            return "refused: as a draft"
        code, said = run("profiles", "check", AUTHORITY, said.split()[2], "--by", "officer.one")
        return "refused: when it was checked, and that is kept with it" if code else "taken"

    def make(url: str) -> str:
        code, _ = run("webhooks", "make", "E08000007", "--url", url, "--name", "x", "--by", "officer.one",
                      "--config", str(target.stack.config_dir))  # fmt: skip
        return "refused: as it was made" if code else "taken"

    return {"wise-bridge profiles": draft, "wise-bridge webhooks": make}


def _profile(url: str) -> dict[str, Any]:
    sample = YAML(typ="safe", pure=True).load((CONFIG / "samples" / "generic_rest.yaml").read_text("utf-8"))
    return sample | {
        "authority": AUTHORITY, "name": "Attack", "slug": "attack", "in_use": True,
        "connection": {"base_url": url, "dialect": "plain", "sign_in": "api_key", "api_key": f"env:{KEY}"},
        "egress": [dict(_target(url))],
    }  # fmt: skip


def _target(url: str) -> Iterator[tuple[str, Any]]:
    """As wide as it may be written."""
    parts = urlsplit(url)
    yield from (("scheme", parts.scheme), ("host", parts.hostname or ""), ("port", parts.port or 443))
    yield "networks", ["10.0.0.0/8", "192.168.0.0/16"]
