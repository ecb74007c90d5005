"""The file exchange connector: its manifests, its settings, and what is special about its bad days."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from service.adapters.generic_sftp.manifest import WITHDRAWAL_REASONS
from service.adapters.generic_sftp.schema import DOCUMENT, SCHEMA
from service.adapters.generic_sftp.sets import form_set, task_set, withdrawal_set
from service.adapters.registry import document_schemas, document_sink, schemas
from service.adapters.shared.digests import sha256
from service.domain import codes
from service.domain.delivery import Reason
from service.errors import ConfigurationFault, NothingSent
from service.ports import (
    Ability,
    Answer,
    Awaiting,
    Document,
    Filing,
    Partial,
    PersonReference,
    Receipt,
    Retraction,
    ReviewTask,
)
from tests.conformance.test_generic_sftp import STRANGER, GenericSftpWorld, exchange, world
from tests.conformance.world import MARKER, PDF, file, reason_given
from tests.support.waiting import eventually

__all__ = ["world"]

TARGET = {"form": "WISE", "document_type": "WISEASM"}
FILING = Filing(
    reference="WB-1",
    authority="E08000007",
    record_type="wise_assessment",
    person=PersonReference("0040211", date(2010, 5, 2), 16, date(2026, 9, 14)),
    completed_on=date(2026, 9, 14),
    restricted=True,
    answers=(Answer("wiseOwnWords", 1, '=1+1, "quoted"\r\n-  “A <good> day”'), Answer("wiseCompletedOn", None, "")),
    document=Document("x.pdf", "WISE “title”", PDF),
    replaces="700052",
)
RETRACTION = Retraction("WB-9", "E08000007", "0040211", "700052", "entered_twice")
TASK = ReviewTask("WB-2", "E08000007", "0040211", date(2026, 12, 14))
OUR_WORDS = '=1+1, "quoted"\n-  “A <good> day”'
CSV = f"""part,name,row,value
exchange,version,,1
exchange,kind,,form
exchange,reference,,WB-1
exchange,authority,,E08000007
person,childId,,0040211
person,dateOfBirth,,2010-05-02
person,age,,16
person,ageAsAt,,2026-09-14
replaces,recordNumber,,700052
form,type,,WISE
form,completedOn,,2026-09-14
form,restricted,,yes
document,file,,WB-1.pdf
document,type,,WISEASM
document,title,,WISE “title”
document,size,,{len(PDF)}
document,sha256,,{sha256(PDF)}
""".replace("\n", "\r\n")
CSV += 'answer,wiseOwnWords,1,"=1+1, ""quoted""\n-  “A <good> day”"\r\nanswer,wiseCompletedOn,,\r\n'


def manifest(form: str, filing: Filing = FILING, *, with_document: bool = True) -> bytes:
    return form_set(filing, TARGET, form, with_document=with_document).files[f"WB-1.{form}"]


class TestManifests:
    def test_the_csv_is_these_bytes_and_always_these(self) -> None:
        assert manifest("csv").decode() == CSV
        assert form_set(FILING, TARGET, "csv", with_document=True) == form_set(
            replace(FILING), dict(reversed(TARGET.items())), "csv", with_document=True
        )

    def test_the_three_formats_say_the_same(self) -> None:
        rows = [tuple(row) for row in csv.reader(io.StringIO(CSV, newline=""))][1:]
        root = etree.fromstring(manifest("xml"))
        parts = [("exchange", root.attrib), *((part.tag, part.attrib) for part in root if part.tag != "answer")]
        read = [(part, name, "", value) for part, fields in parts for name, value in fields.items()]
        read += [("answer", one.get("question"), one.get("row", ""), one.text or "") for one in root.iter("answer")]
        assert read == rows
        loaded = json.loads(manifest("json"))
        assert loaded["person"] == {
            "childId": "0040211",
            "dateOfBirth": "2010-05-02",
            "age": 16,
            "ageAsAt": "2026-09-14",
        }
        assert loaded["form"] == {"type": "WISE", "completedOn": "2026-09-14", "restricted": True}
        assert loaded["document"]["size"] == len(PDF)
        assert loaded["answers"] == [
            {"question": "wiseOwnWords", "row": 1, "value": OUR_WORDS},
            {"question": "wiseCompletedOn", "value": ""},
        ]

    def test_what_does_not_apply_is_left_out(self) -> None:
        bare = replace(FILING, replaces=None, person=replace(FILING.person, age=None), answers=())
        loaded = json.loads(manifest("json", bare, with_document=False))
        assert list(loaded) == ["version", "kind", "reference", "authority", "person", "form", "answers"]
        assert (list(loaded["person"]), loaded["answers"]) == (["childId", "dateOfBirth"], [])

    def test_a_task_and_a_withdrawal_name_the_person_by_id_alone(self) -> None:
        task, gone = task_set(TASK, {"team": "REVIEW"}, "json"), withdrawal_set(RETRACTION, "json")
        head = {"version": "1", "kind": "task", "reference": "WB-2", "authority": "E08000007"}
        person = {"childId": "0040211"}
        said = {"team": "REVIEW", "dueOn": "2026-12-14", "title": "A review is due."}
        assert json.loads(task.files["WB-2.json"]) == {**head, "person": person, "task": said}
        head |= {"kind": "withdrawal", "reference": "WB-9"}
        said = {"recordNumber": "700052", "reason": "entered_twice"}
        assert json.loads(gone.files["WB-9.json"]) == {**head, "person": person, "withdraw": said}
        assert (list(task.files), list(gone.files), gone.changes) == (["WB-2.json"], ["WB-9.json"], "700052")

    def test_every_reason_of_ours_is_one_of_the_exchange(self) -> None:
        assert set(codes.WITHDRAWAL_REASONS) == WITHDRAWAL_REASONS

    @pytest.mark.parametrize("form", ["csv", "xml", "json"])
    @pytest.mark.parametrize("broken", ["\x00", "\x0b", "\ud800", "\ufffe"])
    def test_what_no_format_can_carry_stops_it_in_every_format(self, form: str, broken: str) -> None:
        for changes in (
            {"answers": (Answer("q", None, MARKER + broken),)},
            {"person": replace(FILING.person, child_id=broken)},
            {"replaces": broken},
        ):
            assert reason_given(lambda c=changes: manifest(form, replace(FILING, **c))) is Reason.CONTENT_REFUSED

    @pytest.mark.parametrize("child_id", ["", "1" * 41])
    def test_an_id_that_is_none_is_said_before_anything_is_sent(self, child_id: str) -> None:
        filing = replace(FILING, person=replace(FILING.person, child_id=child_id))
        assert reason_given(lambda: manifest("csv", filing)) is Reason.CONTENT_REFUSED


class TestSettings:
    def test_wrong_settings_stop_the_start_all_at_once_without_printing_them(self, world: GenericSftpWorld) -> None:
        wrong = {"port": "x", "host_keys": ",", "private_key": "-----BEGIN SECRETMARK", "manifest": "SECRETMARK"}
        wrong |= {"answers": "xml", "in_folder": "/SECRETMARK", "out_folder": "a//b", "lacks": "SECRETMARK"}
        with pytest.raises(ConfigurationFault) as caught:
            world.connected(**wrong)
        assert {fault.field for fault in caught.value.faults} == set(wrong)
        assert "SECRETMARK" not in str(caught.value)

    def test_two_folders_cannot_be_one(self, world: GenericSftpWorld) -> None:
        with pytest.raises(ConfigurationFault, match="Two folders"):
            world.connected(in_folder="both", out_folder="both")

    def test_what_the_importer_lacks_is_not_an_ability(self, world: GenericSftpWorld) -> None:
        assert world.connected().abilities == frozenset(Ability) - {Ability.ASKS_WHO}
        less = world.connected(lacks="restricted, raise_task").abilities
        assert frozenset(Ability) - less == {Ability.ASKS_WHO, Ability.RESTRICTS, Ability.RAISES_TASKS}

    def test_the_schema_names_what_is_secret_and_is_found(self) -> None:
        assert [name for name, setting in SCHEMA.connection.items() if setting.secret] == ["private_key"]
        assert schemas()["generic_sftp"] is SCHEMA
        assert document_schemas()["generic_sftp"] is DOCUMENT
        assert document_sink("generic_sftp")

    def test_folders_may_have_other_names(self, tmp_path: Path) -> None:
        names = ("from-us/new", "from-us/done", "to-us", "to-us_read")
        keys = ("in_folder", "archive_folder", "out_folder", "collected_folder")
        with exchange(tmp_path, "xml", "json", folders=names) as world:
            assert reason_of_check(world) == ["folder_missing"]
            world.system = world.connected(**dict(zip(keys, names, strict=True)))
            assert world.filed(world.filing()).record_number
            assert (world.simulator.root / "to-us_read/WB-0001.ack").exists()


def reason_of_check(world: GenericSftpWorld) -> list[str]:
    """The notes of what a check found wrong."""
    return [each.detail.rpartition("(")[2].rstrip(")") for each in world.system.check() if each.standing == "wrong"]


class TestExchange:
    def test_a_set_without_its_document_where_that_is_kept_elsewhere(self, world: GenericSftpWorld) -> None:
        world.system = world.connected(documents_here=False)
        receipt = world.filed(world.filing())
        (record,) = world.simulator.records("WB-0001")
        assert (receipt.document_number, record.document) == (None, None)

    def test_a_restricted_record_arrives_restricted(self, world: GenericSftpWorld) -> None:
        world.filed(replace(world.filing(), restricted=True))
        assert world.simulator.records("WB-0001")[0].restricted

    def test_what_waits_is_not_sent_again(self, world: GenericSftpWorld) -> None:
        world.simulator.paused = True
        assert file(world.system, world.filing()) == Awaiting()
        before = {path: path.stat().st_mtime_ns for path in (world.simulator.root / "in").iterdir()}
        assert world.inbox() == ["WB-0001.csv", "WB-0001.done", "WB-0001.pdf"]
        assert file(world.system, world.filing()) == world.system.look_up("WB-0001") == Awaiting()
        assert before == {path: path.stat().st_mtime_ns for path in (world.simulator.root / "in").iterdir()}

    def test_a_lock_is_told_once_and_then_leaves_the_set_to_be_sent_again(self, world: GenericSftpWorld) -> None:
        with world.locked():
            assert file(world.system, world.filing()) == Awaiting()
            eventually(world.simulator.refusals)
            eventually(lambda: list((world.simulator.root / "out").glob("*.rej")))
            with pytest.raises(NothingSent) as caught:
                world.system.look_up("WB-0001")
            assert caught.value.reason is Reason.LOCKED
            assert world.system.look_up("WB-0001") == Partial()
            assert len(world.simulator.refusals()) == 1
        assert file(world.system, world.filing()) == Awaiting()
        assert isinstance(world.settled("WB-0001"), Receipt)

    def test_a_refusal_put_right_and_let_go_again_is_filed(self, world: GenericSftpWorld) -> None:
        closed = world.filing(kind="no_episode")
        assert reason_given(lambda: world.filed(closed)) is Reason.NO_OPEN_EPISODE
        assert reason_given(lambda: world.system.look_up("WB-0001")) is Reason.NO_OPEN_EPISODE
        someone = world.simulator.world.people[closed.person.child_id]
        world.simulator.set_person(replace(someone, open_episode=True))
        assert world.filed(closed).record_number
        assert world.records("WB-0001") == 1

    def test_a_receipt_for_another_set_is_a_contradiction(self, world: GenericSftpWorld) -> None:
        world.filed(world.filing())
        other = replace(world.filing(), restricted=True)
        assert reason_given(lambda: file(world.system, other)) is Reason.CONTRADICTION

    def test_a_receipt_for_other_answers_is_a_contradiction(self, world: GenericSftpWorld) -> None:
        receipt = world.filed(world.filing())
        read = world.simulator.root / "out/collected/WB-0001.ack"
        read.write_bytes(read.read_bytes().replace(receipt.evidence["answers_sha256"].encode(), b"e" * 64))
        assert reason_given(lambda: file(world.system, world.filing())) is Reason.CONTRADICTION

    def test_answers_that_were_lost_are_told_again_and_nothing_is_filed_twice(self, world: GenericSftpWorld) -> None:
        first = world.filed(world.filing())
        for folder in ("archive", "out", "out/collected"):
            for path in (world.simulator.root / folder).glob("WB-0001.*"):
                path.unlink()
        again = world.filed(world.filing())
        assert again.record_number == first.record_number
        assert again.evidence == {"manifest_sha256": first.evidence["manifest_sha256"]}
        assert world.records("WB-0001") == 1

    def test_an_answer_cut_short_for_good_is_waited_for_and_never_taken(self, world: GenericSftpWorld) -> None:
        world.set_fault("garbage", "answer")
        assert file(world.system, world.filing()) == Awaiting()
        answer = world.simulator.root / "out/WB-0001.ack"
        eventually(answer.exists)
        for _ in range(3):
            assert world.system.look_up("WB-0001") == Awaiting()
        assert answer.exists()
        assert world.records("WB-0001") == 1

    def test_another_host_key_gets_nothing_and_two_pins_serve_a_rotation(self, world: GenericSftpWorld) -> None:
        pinned = world.simulator.host_key_fingerprint
        world.simulator.change_host_key()
        assert reason_given(lambda: file(world.system, world.filing())) is Reason.HOST_KEY_CHANGED
        assert world.inbox() == []
        both = [pinned, STRANGER.get_fingerprint(), world.simulator.host_key_fingerprint]
        world.system = world.connected(host_keys=",".join(both))
        assert world.filed(world.filing()).record_number
