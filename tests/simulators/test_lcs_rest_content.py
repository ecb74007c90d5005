"""Answers and documents of the LCS over HTTP simulator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from simulators.lcs_rest import Form, LcsRestSimulator
from tests.simulators.lcs_rest_client import (
    PDF,
    WORDS,
    Caller,
    code,
    rules,
)

SPLIT = [("selfDay", "29"), ("selfMonth", "February"), ("selfYear", "2024")]


@pytest.fixture
def lcs(tmp_path: Path) -> Iterator[Caller]:
    with LcsRestSimulator(tmp_path / "data", largest_document=1000) as running:
        yield Caller(running)


def test_every_type_of_answer(lcs: Caller) -> None:
    form = lcs.open().json()["formId"]
    given = [("selfShort", "ä" * 20), ("selfText", "x" * 50000), ("selfDate", "2024-02-29"), *SPLIT]
    given += [("selfNumber", "-2.5"), ("selfYesNo", "Not known"), ("selfList", "Home"), ("1391", "y" * 255)]
    rows = [{"answerNo": "selfRows", "row": row, "answer": f"{row}"} for row in (2, 1)]
    answers = [{"answerNo": no, "row": None, "answer": text} for no, text in given] + rows
    assert lcs.answer(form, *answers).json()["answers"] == 12
    (held,) = lcs.sim.records("WB-1")
    assert isinstance(held, Form)
    assert list(held.answers) == answers
    assert lcs.answer(form, WORDS).json()["answers"] == 1


@pytest.mark.parametrize(
    ("no", "row", "text", "rule", "limit"),
    [
        ("selfShort", None, "x" * 21, "TOO_LONG", 20),
        ("1391", None, "x" * 256, "TOO_LONG", 255),
        ("selfText", None, "", "EMPTY", -1),
        ("selfText", 1, "x", "ROW_NOT_ALLOWED", -1),
        ("selfRows", None, "x", "ROW_REQUIRED", -1),
        ("selfDate", None, "20240229", "WRONG_TYPE", -1),
        ("selfDate", None, "2023-02-29", "WRONG_TYPE", -1),
        ("selfNumber", None, "1,5", "WRONG_TYPE", -1),
        ("selfNumber", None, "١", "WRONG_TYPE", -1),
        ("selfYesNo", None, "yes", "WRONG_TYPE", -1),
        ("selfList", None, "home", "NOT_IN_LIST", -1),
        ("selfDay", None, "14", "DATE_INCOMPLETE", -1),
    ],
)
def test_answers_refused(lcs: Caller, no: str, row: int | None, text: str, *, rule: str, limit: int) -> None:
    form = lcs.open().json()["formId"]
    lcs.answer(form, WORDS)
    answer = lcs.answer(form, {"answerNo": no, "row": row, "answer": text})
    assert rules(answer) == [(no, row, rule, limit)]
    assert len(text) < 3 or text not in answer.text
    assert lcs.send("GET", f"/forms/{form}").json()["answers"] == 1


def test_a_split_date_is_a_day_that_exists(lcs: Caller) -> None:
    def sent(day: str, month: str, year: str) -> requests.Response:
        parts = zip(("selfDay", "selfMonth", "selfYear"), (day, month, year), strict=True)
        return lcs.answer(form, *({"answerNo": no, "row": None, "answer": text} for no, text in parts))

    form = lcs.open().json()["formId"]
    assert rules(sent("29", "February", "2023")) == [("selfDay", None, "NO_SUCH_DAY", -1)]
    assert rules(sent("01", "January", "2023")) == [("selfDay", None, "WRONG_TYPE", -1)]
    assert rules(sent("1", "january", "23")) == [(no, None, "WRONG_TYPE", -1) for no in ("selfMonth", "selfYear")]
    assert sent("31", "December", "2023").status_code == 200


def test_codes_and_repeats(lcs: Caller) -> None:
    form = lcs.open().json()["formId"]
    unknown = lcs.answer(form, WORDS, WORDS | {"answerNo": "nobody"}, WORDS | {"answerNo": "knows"})
    assert (*code(unknown), unknown.json()["detail"]) == (422, "UNKNOWN_ANSWER_CODE", "nobody")
    assert rules(lcs.answer(form, WORDS, WORDS)) == [("selfText", None, "REPEATED", -1)]
    wise = lcs.open(reference="WB-2", formType="4108").json()["formId"]
    assert code(lcs.answer(wise, WORDS | {"answerNo": "no-hyphen"})) == (422, "UNKNOWN_ANSWER_CODE")
    assert code(lcs.answer(wise, WORDS, restricted=True)) == (400, "BAD_REQUEST")
    assert code(lcs.answer(wise, WORDS | {"row": 0})) == (400, "BAD_REQUEST")
    assert code(lcs.answer(wise, WORDS | {"answer": 14})) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    ("content", "changes", "expected"),
    [
        (b"", {}, (422, "DOC_REJECTED", "EMPTY")),
        (b"GIF89a", {}, (422, "DOC_REJECTED", "NOT_PDF")),
        (PDF, {"fileName": "a.docx"}, (422, "DOC_REJECTED", "EXTENSION")),
        (PDF, {"fileName": "a/b.pdf"}, (422, "DOC_REJECTED", "NAME")),
        (PDF, {"fileName": "a" * 77 + ".pdf"}, (422, "DOC_REJECTED", "NAME")),
        (PDF, {"documentType": "PHOTO"}, (422, "UNKNOWN_DOC_TYPE", None)),
        (PDF.ljust(1001), {}, (413, "DOC_TOO_LARGE", None)),
    ],
)
def test_documents_refused(lcs: Caller, content: bytes, changes: Any, expected: tuple[int, str, str | None]) -> None:
    form = lcs.open().json()["formId"]
    answer = lcs.attach(form, content, **changes)
    assert (*code(answer), answer.json().get("detail")) == expected
    assert answer.json().get("limit") == (1000 if expected[0] == 413 else None)
    assert lcs.send("GET", f"/forms/{form}").json()["documents"] == []
    assert lcs.attach(form, PDF.ljust(1000)).status_code == 201


@pytest.mark.parametrize("content", ["not base64", "JVBERi0", "JVBE\nRi0x", 1])
def test_content_that_is_no_base64(lcs: Caller, content: Any) -> None:
    form = lcs.open().json()["formId"]
    body = {"fileName": "WB-1.pdf", "title": "Assessment", "documentType": "WISEASM", "content": content}
    answer = lcs.send("POST", f"/forms/{form}/documents", body)
    assert (*code(answer), answer.json()["detail"]) == (400, "BAD_REQUEST", "content")
