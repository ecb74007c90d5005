"""Markers in every field of a record: none of them in the trail, its export or its checkpoints."""

from __future__ import annotations

from tests.audit.conftest import Scene
from tests.e2e.test_nothing_identifying_leaves import BORN, MARK, NHS, full_wise
from tests.support.bridge import STOCKPORT, Bridge


def test_an_export_holds_no_word_of_a_record(bridge: Bridge, scene: Scene) -> None:
    record = full_wise()
    posted = bridge.post(record)
    assert posted.status_code == 201, posted.text
    refused = bridge.post(record | {"completed_on": MARK})
    assert refused.status_code == 422
    where = posted.get_json()["status_url"]
    headers = bridge.headers(STOCKPORT, "documents:read", "audit:read")
    assert bridge.casework.get(f"{where}/documents/case_file", headers=headers).status_code == 200
    told = bridge.casework.get(f"{where}/access", headers=headers)
    scene.sealer().look()
    scene.checkpointer().look()
    export = scene.export().read_text()
    assert export.count("record_received") == 1
    assert export.count("copy_made") == 1
    for text in (export, scene.checkpoints().read_text(), told.text):
        assert [needle for needle in (MARK, BORN, NHS) if needle in text] == []
