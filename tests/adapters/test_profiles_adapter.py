"""From a profile to an authority's way in: credentials, egress, the place of documents, and who is in use."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from service.adapters.authority import AuthorityAdapter
from service.adapters.mosaic.system import MosaicCaseSystem
from service.adapters.profiles import Profile, load_profiles
from service.adapters.registry import document_schemas, document_sink, schemas
from service.adapters.shared.link import Link
from service.errors import ConfigurationFault
from service.ports import CaseSystem
from tests.adapters.profile_files import CONNECTORS, SINKS, sound

MOSAIC = {"RIVERTON_MOSAIC_API_KEY": "of-riverton", "EDRMS_KEY": "of-the-archive"}  # pragma: allowlist secret
ARCHIVE = (
    "archive\n  connection: {base_url: https://edrms.example, api_key: env:EDRMS_KEY}\n  target: {document_type: W}"
)


def riverton(folder: Path, kept: str = "case_system") -> Profile:
    path = sound(folder) / "authorities" / "riverton.yaml"
    path.write_text(path.read_text("utf-8").replace("in: case_system", f"in: {kept}"), "utf-8")
    return load_profiles(folder, CONNECTORS, SINKS)["E08999901"]


def adapter(profile: Profile, environ: Mapping[str, str] = MOSAIC, *, sink: object = None) -> tuple[object, list[Link]]:
    """The adapter, and the links its makers were given."""
    links: list[Link] = []

    def mosaic(link: Link) -> CaseSystem:
        links.append(link)
        return MosaicCaseSystem(link)

    def beside(link: Link) -> object:
        links.append(link)
        return sink

    made = AuthorityAdapter(profile, mosaic, environ, sink=beside if sink else None)  # type: ignore[arg-type]
    return made, links


def test_the_link_is_what_the_profile_says(tmp_path: Path) -> None:
    made, (link,) = adapter(riverton(tmp_path))
    assert link.connection["api_key"] == MOSAIC["RIVERTON_MOSAIC_API_KEY"]
    assert link.targets == {"wise_assessment": {"step_type": 3120, "team": "T1"}}
    assert link.egress is not None
    assert [(rule.host, rule.port) for rule in link.egress.rules] == [("mosaic.riverton.example", 443)]
    assert link.documents_here
    assert made.documents is made.case_system


def test_documents_may_be_kept_nowhere(tmp_path: Path) -> None:
    made, (link,) = adapter(riverton(tmp_path, "none"))
    assert not link.documents_here
    assert made.documents is None


def test_documents_may_have_a_system_of_their_own(tmp_path: Path) -> None:
    place = object()
    made, (own, beside) = adapter(riverton(tmp_path, ARCHIVE), sink=place)
    assert made.documents is place
    assert not own.documents_here
    connection = {"base_url": "https://edrms.example", "api_key": "of-the-archive"}  # pragma: allowlist secret
    assert beside.connection == connection
    assert beside.targets == {"wise_assessment": {"document_type": "W"}}
    assert beside.egress is own.egress


def test_a_document_system_that_nobody_makes_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationFault, match=r"documents\.in: There is no connector"):
        adapter(riverton(tmp_path, ARCHIVE))


def test_every_missing_credential_is_told_with_its_section(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationFault) as caught:
        adapter(riverton(tmp_path, ARCHIVE), {}, sink=object())
    assert [fault.field for fault in caught.value.faults] == ["connection.api_key", "documents.connection.api_key"]


def test_without_egress_the_connector_keeps_to_its_own_address(tmp_path: Path) -> None:
    path = sound(tmp_path) / "authorities" / "riverton.yaml"
    text = path.read_text("utf-8")
    path.write_text(text[: text.index("egress:")] + text[text.index("documents:") :], "utf-8")
    assert load_profiles(tmp_path, CONNECTORS, SINKS)["E08999901"].egress is None


def test_what_can_keep_documents_can_be_made() -> None:
    assert set(document_schemas()) <= set(schemas())
    assert all(callable(document_sink(kind)) for kind in document_schemas())
    assert document_schemas()["generic_sftp"].task == {}
