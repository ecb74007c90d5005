"""Markers of what was sent are in no column, no file of the database's folder, its log and temporary files included."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.keys.world import FEEDBACK, SUPERVISION, World
from tests.support.bridge import STOCKPORT
from tests.support.records import example

MARK = "Qz7mkr-of-a-record"
CHILD = "STK7301946"
KNOWN = "Vx3plain-of-this-test"
"""Written in clear on purpose: a search that does not find it would find nothing else either."""


def send(wrapped: World) -> None:
    record = example("wise", young_person__la_child_id=CHILD)
    record["analysis_narrative"] += f" {MARK}"
    assert wrapped.bridge.post(record).status_code == 201
    headers = wrapped.bridge.headers(STOCKPORT)
    feedback = FEEDBACK | {
        "answers": [{"question_key": "same_or_different", "answer_text": MARK}],
        "la_child_id": CHILD,
    }
    for path, body in (("/v1/feedback", feedback), ("/v1/reflective-supervisions", SUPERVISION | {"notes": MARK})):
        answer = wrapped.bridge.casework.post(path, json=body, headers=headers)
        assert answer.status_code == 201, answer.text


def files_with(folder: Path, *words: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {word: set() for word in words}
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for word in words:
                if word.encode() in content:
                    found[word].add(path.relative_to(folder).parts[0])
    return found


def test_no_marker_is_left_in_any_file(wrapped: World) -> None:
    with wrapped.bridge.database.as_admin() as admin:
        (place,) = admin.execute("SHOW data_directory").fetchone() or ("",)
        folder = Path(place)
        if not folder.is_dir():
            pytest.skip("the server's files are not on this machine")
        send(wrapped)
        wrapped.done("rotate", "--authority", STOCKPORT)
        wrapped.done("rewrap", "--authority", STOCKPORT)
        admin.execute("CREATE TABLE public.known_words (word text)")
        try:
            admin.execute("INSERT INTO public.known_words VALUES (%s)", [KNOWN])
            admin.execute("CHECKPOINT")
            found = files_with(folder, MARK, CHILD, KNOWN)
        finally:
            admin.execute("DROP TABLE public.known_words")
    assert found[KNOWN] >= {"base", "pg_wal"}
    assert (found[MARK], found[CHILD]) == (set(), set())


def test_no_marker_is_in_any_column(wrapped: World) -> None:
    send(wrapped)
    with wrapped.bridge.database.as_admin() as admin:
        tables = admin.execute(
            "SELECT format('%I.%I', schemaname, relname) FROM pg_stat_user_tables"
            " WHERE schemaname IN ('casework', 'central', 'training')"
        ).fetchall()
        assert len(tables) > 30
        for (table,) in tables:
            for word in (MARK, CHILD):
                seen = admin.execute(
                    f"SELECT count(*) FROM {table} t WHERE position(%s IN t::text) > 0", [word]
                ).fetchone()
                assert seen == (0,), table
        ((seen,),) = admin.execute(
            "SELECT count(*) FROM casework.submission t WHERE position('wise_assessment' IN t::text) > 0"
        )
        assert seen == 1
