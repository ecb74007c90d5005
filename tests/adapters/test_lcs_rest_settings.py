"""What a profile says of an LCS over HTTP: the sign-in, the tray of a task, and what this LCS spells differently."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from service.adapters.http import Reply
from service.adapters.lcs_rest.client import LcsApi
from service.adapters.lcs_rest.reasons import FOR_A_PERSON, problem_in
from service.adapters.lcs_rest.schema import SCHEMA
from service.adapters.lcs_rest.system import LcsRestCaseSystem
from service.adapters.lcs_rest.vocabulary import MEMBERS, WORDS
from service.adapters.shared.digests import canonical_sha256
from service.adapters.shared.link import Link
from service.domain.codes import WITHDRAWAL_REASONS
from service.domain.delivery import Reason
from service.errors import ConfigurationFault, NothingSent, OutcomeUnknown
from tests.adapters.test_lcs_rest_parts import DRAFT, WRITE, Scripted, api, dialect, plan_in
from tests.conformance.world import MARKER

BASE = {"base_url": "https://lcs.example/lcs/api", "client_id": "us", "client_secret": "x"}
TASKS = {"type": "REVIEW", "department": "REVIEW"}


def faults(connection: Mapping[str, str], task: Mapping[str, Any] = TASKS) -> set[str]:
    with pytest.raises(ConfigurationFault) as found:
        LcsRestCaseSystem(Link(connection, {}, task))
    assert MARKER not in str(found.value)
    return {fault.field for fault in found.value.faults}


class TestSettings:
    def test_a_profile_names_only_what_differs(self) -> None:
        LcsRestCaseSystem(Link(BASE, {}, TASKS))
        LcsRestCaseSystem(Link({**BASE, **dict.fromkeys(SCHEMA.connection.keys() - BASE.keys(), "")}, {}, TASKS))
        required = [name for name, setting in SCHEMA.connection.items() if setting.required]
        assert required == ["base_url"]

    def test_secrets_are_declared(self) -> None:
        secret = {name for name, setting in SCHEMA.connection.items() if setting.secret}
        assert secret == {"client_secret", "api_key", "client_key", "proxy_password"}

    def test_every_fault_is_told_at_once_and_none_with_its_value(self) -> None:
        wrong = dict.fromkeys(("sign_in", "client_in", "child_id", "largest_document", "none", "paths"), MARKER)
        wrong |= {"words": f"DRAFT={MARKER} {MARKER}", "members": f"{MARKER}=x", "parameters": "legacyId"}
        wrong |= {"key_header": f"{MARKER}:", "api_key": f"{MARKER}\n", "token_url": f"http://{MARKER}/"}
        assert faults({**wrong, "base_url": f"http://{MARKER}/"}, {}) == {*wrong, "base_url", "department"}

    @pytest.mark.parametrize(
        ("way", "missing"),
        [
            ({}, {"client_id", "client_secret"}),
            ({"sign_in": "oauth2", "client_id": "x"}, {"client_secret"}),
            ({"sign_in": "api_key"}, {"api_key"}),
            ({"sign_in": "certificate"}, {"client_certificate", "client_key"}),
        ],
    )
    def test_each_way_to_sign_in_needs_its_own(self, way: dict[str, str], missing: set[str]) -> None:
        assert faults({"base_url": BASE["base_url"], **way}) == missing

    @pytest.mark.parametrize("task", [{}, {"type": "R", "department": "D", "worker": 5}])
    def test_a_task_goes_into_one_tray(self, task: dict[str, Any]) -> None:
        assert faults(BASE, task) == {"department"}

    @pytest.mark.parametrize("entry", ["DRAFT=COMPLETE", "DRAFT=X, COMPLETE=X", "Y=N"])
    def test_no_two_words_are_spelt_alike(self, entry: str) -> None:
        assert faults({**BASE, "words": entry}) == {"words"}

    @pytest.mark.parametrize("path", ["/forms", "forms/", "../forms", "a//b", "a?b", "a b", "ä", ""])
    def test_a_path_stays_below_the_base(self, path: str) -> None:
        assert faults({**BASE, "paths": f"forms={path}"}) == {"paths"}


RENAMED = dialect(
    paths="forms=v2/assessments, answers=content, people=children",
    parameters="externalReference=ref",
    members="externalReference=ref,formId=id,answers=items,answerNo=no,forms=value,status=state",
    words="Y=yes,N=no,DRAFT=open",
    none="0",
)
THEIRS = {"ref" if name == "externalReference" else name: value for name, value in DRAFT.items()}
THEIRS |= {"id": 880123, "state": "open", "restricted": "yes"}
THEIRS |= dict.fromkeys(("recordId", "version", "replacesRecordId"), 0)


class TestDialect:
    def test_a_search_is_asked_and_read_in_it(self) -> None:
        conversation = Scripted(200, {"value": [THEIRS]})
        (form,) = LcsApi(conversation, RENAMED).forms("WB-1").rows  # type: ignore[arg-type]
        assert (conversation.asked.path, conversation.asked.params) == ("/v2/assessments", {"ref": "WB-1"})
        assert (form.number, form.complete, form.restricted, form.record) == (880123, False, True, None)

    def test_what_is_sent_is_in_it_and_so_is_the_digest(self) -> None:
        conversation = Scripted(200, {**THEIRS, "id": 5})
        plan = plan_in(RENAMED)
        LcsApi(conversation, RENAMED).put_answers(5, plan.answers())  # type: ignore[arg-type]
        items = [{"no": "a", "row": None, "answer": "é"}]
        assert conversation.asked.json == {"restricted": "yes", "items": items}
        assert conversation.asked.path == "/v2/assessments/5/content"
        assert plan.answers_sha256 == canonical_sha256(items)
        assert plan.new_form(3)["replacesRecordId"] == 0

    def test_our_own_spelling_is_no_longer_understood(self) -> None:
        with pytest.raises(NothingSent):
            api(200, {"forms": []}, RENAMED).forms("WB-1")
        with pytest.raises(NothingSent):
            api(200, {"value": [{**THEIRS, "state": "DRAFT"}]}, RENAMED).forms("WB-1")

    def test_a_refusal_is_read_in_it(self) -> None:
        words = dialect(words="DOB_MISMATCH=E17", members="code=error")
        assert problem_in(WRITE, Reply(409, {"error": "E17"}, None), words).reason is Reason.DOB_MISMATCH
        assert isinstance(problem_in(WRITE, Reply(409, {"error": "DOB_MISMATCH"}, None), words), OutcomeUnknown)

    def test_every_word_of_the_page_may_be_renamed(self) -> None:
        every = dialect(
            words=",".join(f"{word}=x{number}" for number, word in enumerate(WORDS)),
            members=",".join(f"{word}=x{number}" for number, word in enumerate(MEMBERS)),
        )
        for status, codes in FOR_A_PERSON.items():
            for code, reason in codes.items():
                body = {every.members.theirs("code"): every.words.theirs(code)}
                assert problem_in(WRITE, Reply(status, body, None), every).reason is reason
        assert set(WITHDRAWAL_REASONS) <= set(WORDS)
