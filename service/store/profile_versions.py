"""`service.ports.profile_versions.ProfileVersions` on PostgreSQL. The database itself keeps versions as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, text, update

from service.domain.profile_states import ProfileEvent, ProfileState, can_become
from service.errors import NotPossible
from service.ports.profile_versions import Bundle, ProfileHappening, ProfileVersion
from service.store.casework import database_errors
from service.store.tables import profile_event, profile_version

_BY_STATE = {
    ProfileState.CHECKED: ProfileEvent.CHECKED,
    ProfileState.APPROVED: ProfileEvent.APPROVED,
    ProfileState.LIVE: ProfileEvent.WENT_LIVE,
}
_TAKE_TURNS = text("SELECT pg_advisory_xact_lock(hashtext('profile ' || :authority))")
_COLUMNS = profile_version.c


class ProfileVersionRows:
    """The owner's commands write; the running processes only ever call `live` and `bundle`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def live(self) -> Mapping[str, int]:
        """The live version of each authority that has one."""
        wanted = select(_COLUMNS.authority, _COLUMNS.number).where(_COLUMNS.state == ProfileState.LIVE)
        with database_errors(), self._engine.begin() as connection:
            return {row.authority: row.number for row in connection.execute(wanted)}

    def bundle(self, authority: str, number: int) -> Bundle:
        """The files of a version."""
        found = self.get(authority, number)
        if found is None:
            raise NotPossible(f"{authority} has no version {number}.")
        return found.bundle

    def draft(self, bundle: Bundle, *, by: str, note: str) -> int:
        """A new version; its number."""
        with database_errors(), self._engine.begin() as connection:
            connection.execute(_TAKE_TURNS, {"authority": bundle.authority})
            newest = select(func.max(_COLUMNS.number)).where(_COLUMNS.authority == bundle.authority)
            number: int = 1 + (connection.execute(newest).scalar() or 0)
            connection.execute(
                insert(profile_version).values(
                    authority=bundle.authority,
                    number=number,
                    state=ProfileState.DRAFT,
                    digest=bundle.digest,
                    file=bundle.file,
                    files=dict(bundle.files),
                    note=note,
                    made_by=by,
                )
            )
            _note(connection, bundle.authority, number, ProfileEvent.DRAFTED, by_ref=by)
        return number

    def get(self, authority: str, number: int) -> ProfileVersion | None:
        """One version."""
        wanted = select(profile_version).where(_COLUMNS.authority == authority, _COLUMNS.number == number)
        with database_errors(), self._engine.begin() as connection:
            row = connection.execute(wanted).first()
        return None if row is None else _version(row)

    def every(self, authority: str | None = None) -> Sequence[ProfileVersion]:
        """All versions, newest first within each authority."""
        wanted = select(profile_version).order_by(_COLUMNS.authority, _COLUMNS.number.desc())
        if authority is not None:
            wanted = wanted.where(_COLUMNS.authority == authority)
        with database_errors(), self._engine.begin() as connection:
            return [_version(row) for row in connection.execute(wanted)]

    def move(
        self,
        authority: str,
        number: int,
        to: ProfileState,
        *,
        by: str,
        findings: Sequence[Mapping[str, str]] | None = None,
    ) -> None:
        """One step on. Going live retires the version that was."""
        with database_errors(), self._engine.begin() as connection:
            connection.execute(_TAKE_TURNS, {"authority": authority})
            version = _held(connection, authority, number)
            _require(version, to, by)
            if to is ProfileState.LIVE:
                _retire(connection, authority)
            changes: dict[str, Any] = {"state": to}
            if to is ProfileState.CHECKED:
                changes["findings"] = [dict(each) for each in findings or ()]
            if to is ProfileState.APPROVED:
                changes["approved_by"] = by
            _set(connection, authority, number, changes)
            _note(connection, authority, number, _BY_STATE[to], by_ref=by)

    def roll_back(self, authority: str, *, by: str, reason: str) -> int | None:
        """The version that was live before, live again; None where the authority falls back to its file."""
        with database_errors(), self._engine.begin() as connection:
            connection.execute(_TAKE_TURNS, {"authority": authority})
            now = _retire(connection, authority)
            if now is None:
                raise NotPossible(f"{authority} has no live version. Its file in config/authorities is what holds.")
            before = _before(connection, authority, now)
            if before is not None:
                _set(connection, authority, before, {"state": ProfileState.LIVE})
            _note(connection, authority, now, ProfileEvent.ROLLED_BACK, by_ref=by, reason=reason)
        return before

    def history(self, authority: str) -> Sequence[ProfileHappening]:
        """What was done, oldest first."""
        each = profile_event.c
        wanted = select(each.number, each.event, each.by_ref, each.reason, each.at)
        with database_errors(), self._engine.begin() as connection:
            found = connection.execute(wanted.where(each.authority == authority).order_by(each.sequence))
            return [ProfileHappening(row[0], ProfileEvent(row[1]), *row[2:]) for row in found]


def _version(row: Any) -> ProfileVersion:
    return ProfileVersion(
        bundle=Bundle(row.authority, row.file, row.digest, row.files),
        number=row.number,
        state=ProfileState(row.state),
        note=row.note,
        made_by=row.made_by,
        made_at=row.made_at,
        findings=row.findings,
        approved_by=row.approved_by,
    )


def _held(connection: Connection, authority: str, number: int) -> ProfileVersion:
    wanted = select(profile_version).where(_COLUMNS.authority == authority, _COLUMNS.number == number)
    row = connection.execute(wanted.with_for_update()).first()
    if row is None:
        raise NotPossible(f"{authority} has no version {number}.")
    return _version(row)


def _require(version: ProfileVersion, to: ProfileState, by: str) -> None:
    if to is ProfileState.APPROVED and by.casefold() == version.made_by.casefold():
        raise NotPossible("Who made a version cannot approve it. Ask a second person.")
    if not can_become(version.state, to):
        raise NotPossible(f"Version {version.number} is {version.state}; from there it cannot become {to}.")


def _set(connection: Connection, authority: str, number: int, changes: Mapping[str, Any]) -> None:
    here = (_COLUMNS.authority == authority, _COLUMNS.number == number)
    connection.execute(update(profile_version).where(*here).values(**changes))


def _retire(connection: Connection, authority: str) -> int | None:
    """The version that was live, if there was one."""
    retired = (
        update(profile_version)
        .where(_COLUMNS.authority == authority, _COLUMNS.state == ProfileState.LIVE)
        .values(state=ProfileState.RETIRED)
        .returning(_COLUMNS.number)
    )
    return connection.execute(retired).scalar_one_or_none()


def _before(connection: Connection, authority: str, now: int) -> int | None:
    """The last other version that went live and was not rolled back since."""
    each = profile_event.c
    wanted = select(each.number, each.event).where(
        each.authority == authority, each.event.in_((ProfileEvent.WENT_LIVE, ProfileEvent.ROLLED_BACK))
    )
    lived: list[int] = []
    for number, event in connection.execute(wanted.order_by(each.sequence)):
        if event == ProfileEvent.WENT_LIVE:
            lived.append(number)
        elif lived:
            lived.pop()
    return next((number for number in reversed(lived) if number != now), None)


def _note(connection: Connection, authority: str, number: int, event: ProfileEvent, **who: str) -> None:
    """`who` is `by_ref`, and the `reason` where there is one."""
    connection.execute(insert(profile_event).values(authority=authority, number=number, event=event, **who))
