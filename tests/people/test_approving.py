"""Releases are approved by whoever is signed in at the Hub as its approver: read, approved, published on its pages."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from service.central.releases.chain import FIRST, entry_of, first_fault
from service.domain.people import Role
from service.errors import NotPossible
from service.store.engine import make_engine
from service.store.staff import CENTRAL, StaffSessions
from tests.central.releases.made import Q4, fails
from tests.people.approvals import ANN, HTML, PAGE, Releases, approvals, as_hubs, read, sent
from tests.people.test_may import WAYS_IN
from tests.people.world import SESSION, Browser, Issuers
from tests.store.rows import rows
from tests.support.bridge import Bridge
from tests.support.servers import Database


def test_from_the_list_to_the_ledger(approver: Browser, releases: Releases, database: Database) -> None:
    assert "Nothing was built yet" in approver.get("/approvals", **HTML).text
    releases.audited()
    listed = approver.get("/approvals", **HTML).text
    assert "waits for approval" in listed and f'href="{PAGE}"' in listed
    shown = approver.get(PAGE, **HTML).text
    standing = releases.desk().standing(Q4)
    assert standing.audit is not None
    for part in (standing.build.digest, "What the audit says", "by_authority", "Ann &#34;the builder&#34;"):
        assert part in shown
    assert ">Publish<" not in shown

    done = sent(approver, "approve", read(approver))
    assert (done.status_code, done.headers["Location"]) == (303, PAGE)
    who = approver.me()["reference"]
    assert approvals(database) == [{"approved_by": who, "way": "session"}]
    assert ">Approve<" not in approver.get(PAGE, **HTML).text

    assert sent(approver, "publish", read(approver)).status_code == 303
    assert "published, number 1" in approver.get(PAGE, **HTML).text
    (entered,) = releases.rows.ledger()
    assert (entered.published_by, entered.standing.approved_by, entered.standing.build.built_by) == (who, who, ANN)
    assert first_fault(releases.rows.ledger()) is None, "its bytes are those that the command makes"
    kept = rows(
        database, "SELECT actor, action, subject_id FROM casework.audit WHERE subject_type = 'release' ORDER BY id"
    )
    assert [(each["actor"], each["action"], each["subject_id"]) for each in kept] == [
        (f"person:{who}", "release_approved", Q4),
        (f"person:{who}", "release_published", Q4),
    ]


def test_an_entry_on_the_full_second_has_the_commands_bytes_too(
    approver: Browser, releases: Releases, database: Database
) -> None:
    """Python leaves the part of a second out where there is none."""
    releases.audited()
    sent(approver, "approve", read(approver))
    (standing,) = releases.rows.builds()
    with database.as_admin() as admin:
        for at in ("2026-06-01 10:00:00+01", "2026-06-01 10:00:00.000120+01"):
            moment, made = admin.execute(
                "SELECT %s::timestamptz, central.ledger_entry(b, a.report_digest, s.approved_by, 1, %s, 'x', %s)"
                " FROM central.build b JOIN central.build_audit a ON a.build_id = b.id"
                " JOIN central.build_approval s ON s.build_id = b.id",
                (at, FIRST, at),
            ).fetchone() or (None, b"")
            assert bytes(made) == entry_of(standing, 1, FIRST, "x", moment)


def test_no_figure_of_a_build_reaches_the_hub_before_it_is_published(approver: Browser, releases: Releases) -> None:
    releases.audited()
    engine = make_engine(releases.database.url("wise_central"))
    with engine.begin() as connection:
        session = approver.cookie(SESSION).encode()
        found = connection.execute(text("SELECT * FROM central.builds_for(sha256(:s), :q)"), {"s": session, "q": Q4})
        (row,) = found.mappings()
    engine.dispose()
    assert row["words"] and row["shape"]
    assert {key for each in row["shape"] for key in each} == {"table", "axes", "reasons", "figures"}
    assert {status for each in row["shape"] for status in each["figures"]} <= {
        "rounded", "suppressed", "missing", "withheld",
    }  # fmt: skip


def test_nothing_is_told_of_a_build_that_did_not_pass(approver: Browser, releases: Releases) -> None:
    releases.audited(audit=fails)
    shown = approver.get(PAGE, **HTML).text
    assert "audit not passed" in shown
    assert "What the audit says" not in shown and "by_authority" not in shown and "<form" not in shown
    (build,) = rows(releases.database, "SELECT id, digest FROM central.build")
    said = sent(approver, "approve", {"build": str(build["id"]), "digest": build["digest"], "read": "yes"})
    assert (said.status_code, "did not pass" in said.text) == (409, True)


def test_the_box_has_to_be_ticked_and_names_the_builder(approver: Browser, releases: Releases) -> None:
    releases.audited()
    form = read(approver)
    assert "and I am not Ann" in approver.get(PAGE, **HTML).text
    said = sent(approver, "approve", {name: value for name, value in form.items() if name != "read"})
    assert (said.status_code, "Tick the box" in said.text) == (409, True)
    assert approvals(releases.database) == []


def test_who_built_it_cannot_approve_it_and_another_can(
    approver: Browser, bridge: Bridge, releases: Releases, world: Issuers
) -> None:
    releases.audited(by=approver.me()["reference"])
    assert "You built it" in approver.get(PAGE, **HTML).text
    (build,) = rows(releases.database, "SELECT id, digest FROM central.build")
    form = {"build": str(build["id"]), "digest": build["digest"], "read": "yes"}
    said = sent(approver, "approve", form)
    assert (said.status_code, "you built it" in said.text) == (409, True)
    other = as_hubs(Browser(bridge.hub.application.test_client(), world), world, "WiseBridge.Manager", login="ben")
    assert sent(other, "approve", form).status_code == 303


def test_what_was_built_again_is_not_what_was_read(approver: Browser, releases: Releases) -> None:
    releases.audited()
    form = read(approver)
    releases.audited(by="Cat Example")
    said = sent(approver, "approve", form)
    assert (said.status_code, "built again since" in said.text) == (409, True)
    for wrong in ({"digest": "0" * 64}, {"digest": "x"}, {"build": "x"}):
        assert sent(approver, "approve", read(approver) | wrong).status_code == 409
    assert approvals(releases.database) == []


def test_twice_is_once_and_nothing_is_published_before(approver: Browser, releases: Releases) -> None:
    releases.audited()
    form = read(approver)
    assert "not approved yet" in sent(approver, "publish", form).text
    assert [sent(approver, "approve", form).status_code for _ in range(2)] == [303, 409]
    assert [sent(approver, "publish", form).status_code for _ in range(2)] == [303, 409]
    assert len(releases.rows.ledger()) == 1


def test_what_an_earlier_version_audited_is_published_by_the_command(approver: Browser, releases: Releases) -> None:
    """Its bytes had no last look, and the Hub's process can read none."""
    releases.audited(markers=lambda _content: ["nhs_number"])
    sent(approver, "approve", read(approver))
    shown = approver.get(PAGE, **HTML).text
    assert "published by the command" in shown and "<form" not in shown
    (build,) = rows(releases.database, "SELECT id, digest FROM central.build")
    said = sent(approver, "publish", {"build": str(build["id"]), "digest": build["digest"]})
    assert (said.status_code, "last look" in said.text) == (409, True)
    with pytest.raises(NotPossible, match="looks like an identifier"):
        releases.desk(markers=lambda _content: ["nhs_number"]).publish(Q4, by="Ben Example")


def test_nobody_else_sees_or_decides_anything(hubs: Browser, releases: Releases, world: Issuers) -> None:
    releases.audited()
    (build,) = rows(releases.database, "SELECT id, digest FROM central.build")
    form = {"build": str(build["id"]), "digest": build["digest"], "read": "yes"}
    for signed_in in (False, True):
        if signed_in:
            as_hubs(hubs, world, "WiseBridge.Officer")
        asked = hubs.get("/approvals", **HTML), hubs.get(PAGE, **HTML)
        for answer in (*asked, sent(hubs, "approve", form), sent(hubs, "publish", form)):
            assert (answer.status_code, "signs in as Hub approver" in answer.text) == (403, signed_in)
            assert Q4 not in answer.text and "WWW-Authenticate" not in answer.headers
    assert approvals(releases.database) == []
    entered = rows(releases.database, "SELECT actor, detail FROM casework.audit WHERE action = 'sign_in_refused'")
    assert entered == [{"actor": f"person:{hubs.me()['reference']}", "detail": {"reason": "scope_missing"}}]


def test_a_program_is_told_by_a_problem(hubs: Browser, bridge: Bridge) -> None:
    answer = hubs.get("/approvals", Accept="application/json")
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert hubs.get("/approvals", **bridge.headers("hub")).status_code == 401, "a machine's token is nobody's session"


@pytest.mark.parametrize(("headers", "taken"), WAYS_IN, ids=str)
def test_a_decision_comes_from_a_page_of_ours(
    headers: dict[str, str], *, taken: bool, approver: Browser, releases: Releases
) -> None:
    releases.audited()
    assert sent(approver, "approve", read(approver), headers).status_code == (303 if taken else 403)
    assert len(approvals(releases.database)) == int(taken)


def test_an_address_of_no_quarter_is_not_there(approver: Browser) -> None:
    for path in ("/approvals/2025Q4", "/approvals/x", "/approvals/2025Q9"):
        assert approver.get(path, **HTML).status_code == 404


@pytest.mark.parametrize("change", ["signed_out", "barred", "role", "old"])
def test_the_database_itself_looks_whose_session_it_is(change: str, approver: Browser, releases: Releases) -> None:
    """Whoever has broken into the Hub's process can approve nothing in the name of somebody who is not signed in."""
    releases.audited()
    session = approver.cookie(SESSION).encode()
    with releases.database.as_admin() as admin:
        admin.execute(
            {
                "signed_out": "UPDATE central.staff_session SET ended_at = now(), ended_why = 'signed_out'",
                "barred": "UPDATE central.staff SET barred_at = now()",
                "role": "UPDATE central.staff_session SET roles = '{analyst,operator}'",
                "old": "UPDATE central.staff_session SET began_at = now() - interval '9 hours'",
            }[change]
        )
    (build,) = rows(releases.database, "SELECT id, digest FROM central.build")
    engine = make_engine(releases.database.url("wise_central"))
    with engine.begin() as connection:
        asked = {"s": session, "b": build["id"], "d": build["digest"]}
        for name in ("approve_build", "publish_build"):
            said = connection.scalar(text(f"SELECT central.{name}(sha256(:s), :b, :d)"), asked)
            assert said == "not_an_approver"
        assert connection.execute(text("SELECT * FROM central.builds_for(sha256(:s), NULL)"), asked).all() == []
    engine.dispose()
    assert approvals(releases.database) == []


def test_once_approvers_sign_in_no_name_is_typed_any_more(approver: Browser, releases: Releases) -> None:
    """Whatever the command was told: the database has seen an approver come from an issuer."""
    assert approver.me()
    releases.audited()
    digest = releases.desk().standing(Q4).build.digest
    with pytest.raises(NotPossible, match="approvers of the Hub sign in"):
        releases.desk().approve(Q4, by="Ben Example", digest=digest)
    with pytest.raises(DBAPIError, match="permission denied"):
        typed_as_a_session(releases, "Ben Example")
    assert approvals(releases.database) == []


def typed_as_a_session(releases: Releases, by: str) -> None:
    engine = make_engine(releases.database.url("wise_release"))
    try:
        with engine.begin() as connection:
            statement = "INSERT INTO central.build_approval (build_id, approved_by, way) SELECT id, :by, 'session'"
            connection.execute(text(f"{statement} FROM central.build"), {"by": by})
    finally:
        engine.dispose()


def test_before_anybody_signs_in_a_name_is_typed_but_no_reference(releases: Releases) -> None:
    engine = make_engine(releases.database.url("wise_central"))
    sessions, roles = StaffSessions(engine, CENTRAL), (Role.HUB_APPROVER,)
    assert sessions.begin("new", "", authority="hub", reference="hub-1", roles=roles, way="link"), "as in a sandbox"
    engine.dispose()
    releases.audited()
    digest = releases.desk().standing(Q4).build.digest
    for typed in ("p_abc", "P_ABC"):
        with pytest.raises(NotPossible, match="never typed"):
            releases.desk().approve(Q4, by=typed, digest=digest)
    releases.desk().approve(Q4, by="Ben Example", digest=digest)
    assert approvals(releases.database) == [{"approved_by": "Ben Example", "way": "typed"}]
