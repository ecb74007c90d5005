"""The embedded servers, on the real programs: nothing here is simulated."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from service.embedded import Child, EmbeddedPostgres, EmbeddedServerError, EmbeddedValkey, binaries, ports

ROOT = Path(__file__).resolve().parents[2]
ONLY_LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="what root does")

OWNER = """
import sys, time
from pathlib import Path
from service.embedded import EmbeddedPostgres, EmbeddedValkey
server = EmbeddedPostgres(Path(sys.argv[2]), durable=False) if sys.argv[1] == "postgres" else \\
    EmbeddedValkey(Path(sys.argv[2]))
server.start()
print(server._child.pid, flush=True)
time.sleep(120)
"""


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(tmp_path / "pg", durable=False)
    yield server
    server.destroy()


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[EmbeddedValkey]:
    server = EmbeddedValkey(tmp_path / "vk")
    yield server
    server.stop()


def connect(url: str) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(url.replace("+psycopg", ""), connect_timeout=5)


def ask(server: EmbeddedPostgres, question: str) -> str:
    with connect(server.admin_url()) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return str(row[0])


def client(server: EmbeddedValkey) -> "redis.Redis":
    return redis.Redis.from_url(server.url, decode_responses=True)


def running(pid: int) -> bool:
    """A zombie (nobody reaps orphans in some containers) counts as gone."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] != "Z"


def soon(condition: Callable[[], bool], within: float = 5.0) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def owner(kind: str, data_dir: Path) -> tuple[subprocess.Popen[str], int]:
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])}
    argv = [sys.executable, "-c", OWNER, kind, str(data_dir)]
    process = subprocess.Popen(argv, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, int(process.stdout.readline())


def kill(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.communicate()


# --- PostgreSQL


def test_postgres_keeps_its_data_between_runs(postgres: EmbeddedPostgres) -> None:
    postgres.start()
    with connect(postgres.admin_url()) as connection:
        connection.execute("create table kept as select 42 as answer")
    url = postgres.admin_url()
    postgres.stop()
    assert not postgres.alive
    postgres.start()
    assert ask(postgres, "select answer from kept") == "42"
    assert postgres.admin_url() == url


def test_postgres_is_set_up_as_asked(postgres: EmbeddedPostgres) -> None:
    postgres.start()
    wanted = {
        "server_encoding": "UTF8",
        "data_checksums": "on",
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "log_statement": "none",
        "TimeZone": "UTC",
        "max_connections": "100",
        "shared_buffers": "64MB",
    }
    assert {name: ask(postgres, f"show {name}") for name in wanted} == wanted
    assert ask(postgres, "select upper('zoë ß')") == "ZOË ß"
    assert ask(postgres, "select string_agg(distinct auth_method, ',') from pg_hba_file_rules") == "scram-sha-256"
    assert ask(postgres, "select count(*) from pg_hba_file_rules where error is not null") == "0"


def test_durable_flag(tmp_path: Path, postgres: EmbeddedPostgres) -> None:
    names = ("fsync", "synchronous_commit", "full_page_writes")
    postgres.start()
    assert {ask(postgres, f"show {name}") for name in names} == {"off"}
    lasting = EmbeddedPostgres(tmp_path / "lasting")
    try:
        with lasting:
            assert {ask(lasting, f"show {name}") for name in names} == {"on"}
    finally:
        lasting.destroy()


def test_two_clusters_at_once(tmp_path: Path, postgres: EmbeddedPostgres) -> None:
    other = EmbeddedPostgres(tmp_path / "other", durable=False)
    starts = [threading.Thread(target=server.start) for server in (postgres, other)]
    try:
        for start in starts:
            start.start()
        for start in starts:
            start.join()
        assert postgres.port != other.port
        identity = "select system_identifier from pg_control_system()"
        assert ask(postgres, identity) != ask(other, identity)
    finally:
        other.destroy()


def test_server_outlives_the_thread_that_started_it(postgres: EmbeddedPostgres) -> None:
    """Linux ties the death signal to the thread that forked."""
    start = threading.Thread(target=postgres.start)
    start.start()
    start.join()
    time.sleep(0.3)
    assert ask(postgres, "select 1") == "1"


def test_wrong_password_is_refused(postgres: EmbeddedPostgres) -> None:
    postgres.start()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(postgres.url("postgres", "wrong/p@ss word", "postgres"))


def test_url_quotes_what_it_is_given(postgres: EmbeddedPostgres) -> None:
    postgres.start()
    with connect(postgres.admin_url()) as connection:
        connection.execute("create role \"a/b\" login password 'p@ss:w/rd%'")
    with connect(postgres.url("a/b", "p@ss:w/rd%", "postgres")) as connection:
        assert connection.info.user == "a/b"


@AS_ROOT
def test_root_changes_no_permissions_above_the_data(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    data_dir = closed / "inner" / "pg"
    data_dir.mkdir(parents=True)
    above = [data_dir, *data_dir.parents, binaries.SHARED_ROOT, *Path(sys.prefix).parents]

    def facts() -> list[tuple[int, int, int]]:
        return [(s.st_mode, s.st_uid, s.st_gid) for s in (path.stat() for path in above)]

    before, accounts = facts(), Path("/etc/passwd").read_bytes()
    server = EmbeddedPostgres(data_dir, durable=False)
    try:
        with server:
            assert ask(server, "select 1") == "1"
            assert facts() == before
            assert Path("/etc/passwd").read_bytes() == accounts
            home = server.cluster.parent
            assert (home.stat().st_uid, stat.S_IMODE(home.stat().st_mode)) == (0, 0o711)
            assert (server.cluster.owner(), stat.S_IMODE(server.cluster.stat().st_mode)) == ("nobody", 0o700)
            assert str(server.cluster) in (data_dir / "postgres.json").read_text()
            assert Path(f"/proc/{server._child.pid}").owner() == "nobody"  # type: ignore[union-attr]
    finally:
        server.destroy()
    assert facts() == before
    assert not home.exists()


@AS_ROOT
def test_root_refuses_a_folder_somebody_else_made(tmp_path: Path) -> None:
    home = binaries.home_for((tmp_path / "pg").resolve())
    try:
        home.mkdir()
        os.chown(home, 65534, 65534)
        with pytest.raises(EmbeddedServerError, match="only root can write"):
            EmbeddedPostgres(tmp_path / "pg", durable=False).start()
        home.rmdir()
        home.symlink_to(tmp_path)
        with pytest.raises(EmbeddedServerError, match="only root can write"):
            EmbeddedPostgres(tmp_path / "pg", durable=False).start()
    finally:
        home.unlink()


@AS_ROOT
def test_program_copy_is_made_once_and_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "SHARED_ROOT", tmp_path)
    made: list[Path] = []
    makers = [threading.Thread(target=lambda: made.append(binaries.postgres_programs())) for _ in range(3)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    assert len(made) == 3
    assert len(set(made)) == 1
    assert len(list(tmp_path.iterdir())) == 1
    inode = (made[0] / "postgres").stat().st_ino
    assert (binaries.postgres_programs() / "postgres").stat().st_ino == inode
    (made[0].parent / "share" / "postgres.bki").unlink()
    assert (binaries.postgres_programs().parent / "share" / "postgres.bki").exists()
    assert len(list(tmp_path.iterdir())) == 1


def test_secrets_are_private(postgres: EmbeddedPostgres, valkey: EmbeddedValkey) -> None:
    postgres.start()
    valkey.start()
    secrets = [postgres.data_dir / "postgres.password", valkey.data_dir / "valkey.password"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets} == {0o600}
    assert not list(postgres.cluster.parent.glob("initdb.password*"))
    logs = postgres.log_path.read_text() + valkey.log_path.read_text()
    assert not [path for path in secrets if path.read_text().strip() in logs]


@ONLY_LINUX
def test_passwords_are_not_in_the_process_list(tmp_path: Path) -> None:
    seen: set[bytes] = set()
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            for process in Path("/proc").glob("[0-9]*"):
                for name in ("cmdline", "environ"):
                    with suppress(OSError):
                        seen.add((process / name).read_bytes())

    watcher = threading.Thread(target=watch)
    watcher.start()
    postgres, valkey = EmbeddedPostgres(tmp_path / "pg", durable=False), EmbeddedValkey(tmp_path / "vk")
    try:
        with postgres, valkey:
            time.sleep(0.3)
            done.set()
            watcher.join()
            secrets = [
                (tmp_path / place).read_bytes().strip() for place in ("pg/postgres.password", "vk/valkey.password")
            ]
    finally:
        done.set()
        postgres.destroy()
    assert any(b"initdb" in text for text in seen)
    assert any(b"valkey-server" in text for text in seen)
    assert not [text for text in seen for secret in secrets if secret in text]


def test_a_folder_in_use_is_refused(postgres: EmbeddedPostgres, valkey: EmbeddedValkey) -> None:
    postgres.start()
    valkey.start()
    for second in (EmbeddedPostgres(postgres.data_dir, durable=False), EmbeddedValkey(valkey.data_dir)):
        with pytest.raises(EmbeddedServerError, match="in use by another running process"):
            second.start()
    assert ask(postgres, "select 1") == "1"
    assert client(valkey).ping()


def test_data_that_moved_is_not_silently_replaced(tmp_path: Path, postgres: EmbeddedPostgres) -> None:
    postgres.start()
    postgres.stop()
    shutil.copytree(postgres.data_dir, tmp_path / "moved", ignore=shutil.ignore_patterns("cluster"))
    with pytest.raises(EmbeddedServerError, match="says the data is in"):
        EmbeddedPostgres(tmp_path / "moved", durable=False).start()


def test_a_lost_password_file(tmp_path: Path) -> None:
    lasting = EmbeddedPostgres(tmp_path / "pg")
    try:
        with lasting:
            pass
        for name in ("postgres.json", "postgres.password"):
            (tmp_path / "pg" / name).unlink()
        with pytest.raises(EmbeddedServerError, match="put that file back"):
            lasting.start()
        assert lasting.cluster.exists()
    finally:
        lasting.destroy()


def test_a_lost_password_file_of_a_throw_away_cluster(postgres: EmbeddedPostgres) -> None:
    postgres.start()
    postgres.stop()
    for name in ("postgres.json", "postgres.password"):
        (postgres.data_dir / name).unlink()
    postgres.start()
    assert ask(postgres, "select 1") == "1"


def test_destroy_before_start_leaves_other_files_alone(tmp_path: Path) -> None:
    (tmp_path / "precious").touch()
    EmbeddedPostgres(tmp_path).destroy()
    assert (tmp_path / "precious").exists()


def test_initdb_that_was_killed_is_done_again(postgres: EmbeddedPostgres) -> None:
    postgres.start()
    postgres.stop()
    postgres.cluster.rename(postgres.cluster.with_name("cluster.making"))
    (postgres.data_dir / "postgres.json").unlink()
    postgres.start()
    assert ask(postgres, "select 1") == "1"


# --- Ports


def test_a_fixed_port_that_is_taken_is_an_error(tmp_path: Path, valkey: EmbeddedValkey) -> None:
    valkey.start()
    second = EmbeddedPostgres(tmp_path / "second", port=valkey.port, durable=False)
    third = EmbeddedValkey(tmp_path / "third", port=valkey.port)
    try:
        for server in (second, third):
            with pytest.raises(EmbeddedServerError, match=ports.PORT_TAKEN):
                server.start()
            assert not server.alive
    finally:
        second.destroy()


def test_a_port_lost_in_a_race_is_chosen_again(
    tmp_path: Path, valkey: EmbeddedValkey, postgres: EmbeddedPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    valkey.start()
    choose, offered = ports.free_port, [valkey.port, valkey.port]
    monkeypatch.setattr(ports, "free_port", lambda: offered.pop() if offered else choose())
    postgres.start()
    assert not offered
    assert postgres.port != valkey.port
    offered.append(valkey.port)
    with EmbeddedValkey(tmp_path / "other") as other:
        assert other.port != valkey.port


def test_a_held_port_is_for_whoever_was_told_of_it_and_for_nobody_else() -> None:
    with closing(ports.HeldPort()) as held:
        with socket.socket() as stranger, pytest.raises(OSError, match=ports.PORT_TAKEN):
            stranger.bind(("127.0.0.1", held.number))
        for _ in range(2):
            here = ("127.0.0.1", held.number)
            with socket.create_server(here) as listener, socket.create_connection(here) as caller:
                listener.accept()[0].close()
                assert caller.recv(1) == b""


# --- Valkey


def test_valkey_keeps_its_data_between_runs(valkey: EmbeddedValkey) -> None:
    valkey.start()
    client(valkey).set("kept", "42")
    url = valkey.url
    valkey.stop()
    assert not valkey.alive
    valkey.start()
    assert client(valkey).get("kept") == "42"
    assert valkey.url == url


def test_valkey_is_set_up_as_asked(valkey: EmbeddedValkey) -> None:
    valkey.start()
    wanted = {
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
        "protected-mode": "yes",
        "bind": "127.0.0.1",
        "dir": str(valkey.data_dir),
        "save": "",
    }
    assert client(valkey).config_get(*wanted) == wanted


def test_valkey_refuses_a_wrong_password(valkey: EmbeddedValkey) -> None:
    valkey.start()
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=valkey.port, retry=Retry(NoBackoff(), 0)).ping()
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=valkey.port, password="wrong", retry=Retry(NoBackoff(), 0)).ping()


def test_odd_folder_names(tmp_path: Path) -> None:
    odd = tmp_path / 'a "quoted" \\ naïve # $HOME folder'
    postgres = EmbeddedPostgres(odd, durable=False)
    try:
        with postgres, EmbeddedValkey(odd) as valkey:
            assert client(valkey).set("a", "b")
            assert ask(postgres, "select 1") == "1"
    finally:
        postgres.destroy()


# --- What is left of a parent that was killed


@ONLY_LINUX
@pytest.mark.parametrize("kind", ["postgres", "valkey"])
def test_server_dies_with_its_parent(tmp_path: Path, kind: str) -> None:
    process, pid = owner(kind, tmp_path / "data")
    assert running(pid)
    kill(process)
    assert soon(lambda: not running(pid))
    if kind == "postgres":
        EmbeddedPostgres(tmp_path / "data").destroy()


@pytest.mark.parametrize("how", ["killed", "stopped"])
def test_postgres_left_behind_is_ended_first(postgres: EmbeddedPostgres, how: str) -> None:
    """A stopped (SIGSTOP) server cannot obey its death signal: it is still there when the next one starts."""
    process, pid = owner("postgres", postgres.data_dir)
    os.kill(pid, signal.SIGKILL if how == "killed" else signal.SIGSTOP)
    kill(process)
    if how == "stopped":
        assert running(pid)
        threading.Timer(0.5, lambda: os.kill(pid, signal.SIGCONT)).start()
    postgres.start()
    assert ask(postgres, "select 1") == "1"
    assert not running(pid)


@ONLY_LINUX
def test_valkey_left_behind_is_ended_first(valkey: EmbeddedValkey) -> None:
    process, pid = owner("valkey", valkey.data_dir)
    os.kill(pid, signal.SIGSTOP)
    kill(process)
    assert running(pid)
    threading.Timer(0.5, lambda: os.kill(pid, signal.SIGCONT)).start()
    valkey.start()
    assert client(valkey).ping()
    assert not running(pid)


def test_stale_pid_file_of_a_reused_number(postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    """The number in the file belongs to another program of the same user now: it is left alone, the server starts."""
    postgres.start()
    pid_file = postgres.cluster / "postmaster.pid"
    old = pid_file.read_text().split("\n", 1)[1]
    postgres.stop()
    user = "nobody" if os.geteuid() == 0 else None
    sleeper = subprocess.Popen(["/bin/sleep", "60"], user=user)
    try:
        pid_file.write_text(f"{sleeper.pid}\n{old}")
        if user:
            shutil.chown(pid_file, user)
        postgres.start()
        assert ask(postgres, "select 1") == "1"
        assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()


# --- The helper by itself


def child(tmp_path: Path, script: str, **options: object) -> Child:
    env = {"PATH": "/usr/bin:/bin"}
    return Child(["/bin/sh", "-c", script], env=env, log_path=tmp_path / "log", **options)  # type: ignore[arg-type]


def test_child_error_shows_the_log_of_this_run(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("old story\n")
    process = child(tmp_path, "echo new trouble; exit 3")
    process.start()
    with pytest.raises(EmbeddedServerError, match=r"the thing ended.*exit code 3(.|\n)*new trouble") as caught:
        process.wait_until(lambda: False, 5.0, "the thing")
    assert "old story" not in str(caught.value)


def test_child_deadline(tmp_path: Path) -> None:
    process = child(tmp_path, "exec sleep 60")
    process.start()
    with pytest.raises(EmbeddedServerError, match=r"not ready within 0\.1 s"):
        process.wait_until(lambda: False, 0.1, "the thing")
    process.stop()
    assert not process.alive


def test_child_stop_escalates_and_takes_grandchildren(tmp_path: Path) -> None:
    process = child(tmp_path, "trap '' TERM; sleep 60 & echo $!; while :; do sleep 0.1; done")
    process.start()
    process.wait_until(lambda: process.log_tail() != "", 5.0, "the thing")
    grandchild = int(process.log_tail())
    process.stop(timeout=0.2)
    assert not process.alive
    assert soon(lambda: not running(grandchild))


def test_child_that_ends_by_itself_takes_grandchildren(tmp_path: Path) -> None:
    process = child(tmp_path, "sleep 60 & echo $!")
    process.start()
    assert soon(lambda: not process.alive)
    assert soon(lambda: not running(int(process.log_tail())))


def test_child_that_cannot_run(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedServerError, match="could not run /no/such"):
        Child(["/no/such"], env={}, log_path=tmp_path / "log").start()


def test_forked_copy_of_the_parent_does_not_stop_the_child(tmp_path: Path) -> None:
    process = child(tmp_path, "exec sleep 60")
    process.start()
    if (copy := os.fork()) == 0:
        seen = process.alive
        process.stop()
        os._exit(1 if seen else 0)
    assert os.waitpid(copy, 0)[1] == 0
    assert process.alive
    process.stop()


def test_missing_wheel_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    with pytest.raises(EmbeddedServerError, match=r"riscv64.*WISE_BROKER_URL"):
        binaries.valkey_program()
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(EmbeddedServerError, match=r"not installed.*WISE_DATABASE_URL"):
        binaries.postgres_programs()
