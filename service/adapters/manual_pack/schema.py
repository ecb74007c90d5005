"""What a profile must say where records are typed in by hand."""

from __future__ import annotations

from service.adapters.profiles.schema import ConnectorSchema, Setting

NEEDS = ("confirmations",)
"""What the connector is given besides its link, each under this keyword (`service.ports.manual.Confirmations`)."""

SCHEMA = ConnectorSchema(
    kind="manual_pack",
    connection={"inbox": Setting(meaning="The name of the inbox, such as complex-safeguarding-admin: not an address.")},
    target={"form": Setting(meaning="What this form is called in the case system, as its menu shows it.")},
    task={},
    by_hand=True,
    documents_elsewhere=False,  # the same person attaches the document; nobody else would say where it went
)
