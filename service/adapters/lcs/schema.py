"""What a profile must say to connect an LCS."""

from __future__ import annotations

from service.adapters.profiles.schema import ConnectorSchema, Setting

SCHEMA = ConnectorSchema(
    kind="lcs",
    connection={
        "host": Setting(),
        "port": Setting(kind="number"),
        "user": Setting(),
        "private_key": Setting(secret=True),
        "host_keys": Setting(several=True),
    },
    target={"form": Setting(), "document_type": Setting()},
    task={"type": Setting(), "assign_to": Setting()},
    documents_elsewhere=False,  # a set without its document is refused there
)
