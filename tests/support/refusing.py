"""One authority's rows that cannot be changed: a fault in one authority's data, and in no other's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.servers import Database

_TRIGGER = """
CREATE FUNCTION public.refused() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(NEW.authority, OLD.authority) = TG_ARGV[0] THEN RAISE EXCEPTION 'refused by a test'; END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER refused BEFORE INSERT OR UPDATE OR DELETE ON casework.{table}
    FOR EACH ROW EXECUTE FUNCTION public.refused('{authority}')
"""


@contextmanager
def refusing(database: Database, table: str, authority: str) -> Iterator[None]:
    """In here the database fails every change of this authority's rows in a table of `casework`."""
    with database.as_admin() as admin:
        admin.execute(_TRIGGER.format(table=table, authority=authority))
    try:
        yield
    finally:
        with database.as_admin() as admin:
            admin.execute(f"DROP TRIGGER refused ON casework.{table}; DROP FUNCTION public.refused")
