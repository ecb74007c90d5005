"""The one row that holds for all authorities: whether the bridge works as usual, or was restored from a backup."""

from sqlalchemy import ARRAY, BigInteger, Boolean, Column, Date, DateTime, Table, Text, func

from service.store.tables.metadata import metadata

bridge = Table(
    "bridge",
    metadata,
    Column("one", Boolean, primary_key=True, server_default="true"),
    Column("mode", Text, nullable=False, server_default="usual"),
    Column("since", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("by", Text),
    Column("reason", Text),
    Column("identity", Text),
    Column("epoch", BigInteger, nullable=False, server_default="0"),
    Column("alive_until", DateTime(timezone=True)),
    Column("restored_on", Date),
    Column("by_hand", ARRAY(Text), nullable=False, server_default="{}"),
    Column("reapplied_epoch", BigInteger),
)
"""`identity` is the database's as it was known last and `epoch` counts the restores. `alive_until` is the last sign of
life in what was restored, `restored_on` the London day until which a record may have been delivered before, and
`by_hand` the authorities whose case systems cannot be asked what is there. `reapplied_epoch` is the restore after which
the list of shredded records was applied."""
