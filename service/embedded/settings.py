"""How the PostgreSQL cluster is made and run. Given at each start, so a newer version of these applies to old data."""

SUPERUSER = "postgres"
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "scram-sha-256",
    # Statements carry people's data: they stay out of the log, also when they fail.
    "log_statement": "none",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_INITDB = (
    *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
    *("--data-checksums", "--auth=scram-sha-256", f"--username={SUPERUSER}", "--no-instructions"),
)


def server_options(port: int, *, durable: bool) -> list[str]:
    """On the command line they win over the files of the cluster; none of them is secret."""
    settings = _SETTINGS | {"port": str(port)} | ({} if durable else _NOT_DURABLE)
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def initdb_options(*, durable: bool) -> list[str]:
    """The builtin provider gives the same order and upper case on every system, whatever its C library."""
    return [*_INITDB, *([] if durable else ["--no-sync"])]
