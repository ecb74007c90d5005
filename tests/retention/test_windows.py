"""For how long is the authority's own decision, in its profile; and the keeper carries it out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from service.configuration import profiles
from service.errors import ConfigurationFault
from service.keeping import SHRED_LIST, keeper, make_purger, shredder
from service.settings import Settings
from service.usecases.shred_list import read
from tests.retention.conftest import House
from tests.support.bridge import SALFORD, STOCKPORT

PLACE = Path("authorities") / "stockport.yaml"


@pytest.fixture
def own_config(config_dir: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(config_dir, tmp_path / "config"))


def say(folder: Path, text: str) -> int:
    """At the end of the profile; the line it is on."""
    file = folder / PLACE
    before = file.read_text()
    file.write_text(f"{before.rstrip()}\n{text}\n")
    return before.rstrip().count("\n") + 2


@pytest.mark.parametrize(("days", "goes"), [(0, {0, 5, 29, 31}), (7, {29, 31}), (30, {31}), (90, set())])
def test_each_authority_has_its_own(house: House, own_config: Path, days: int, goes: set[int]) -> None:
    receipts = {
        age: house.delivered(submission_id=f"AGE-{age}", young_person__la_child_id=f"STK{7000000 + age}", days=age)
        for age in (0, 5, 29, 31)
    }
    other = house.delivered("rise", days=29)
    say(own_config, f"retention: {{body_days: {days}}}")
    purger = make_purger(house.engine, own_config)
    assert (purger.windows[STOCKPORT], purger.windows[SALFORD]) == (days, 30)
    purger.look()
    assert {age for age, receipt in receipts.items() if not house.has_body(receipt)} == goes
    assert house.has_body(other)


@pytest.mark.parametrize("said", ["91", "-1", "half", "1.5"])
def test_a_window_out_of_bounds_is_a_fault_with_its_place(own_config: Path, said: str) -> None:
    line = say(own_config, f"retention: {{body_days: {said}}}")
    with pytest.raises(ConfigurationFault) as caught:
        profiles(own_config)
    (fault,) = caught.value.faults
    assert (fault.file.endswith(PLACE.name), fault.line, fault.field) == (True, line, "retention.body_days")


def test_an_unknown_key_beside_it_is_a_fault(own_config: Path) -> None:
    say(own_config, "retention: {body_day: 30}")
    with pytest.raises(ConfigurationFault, match="Did you mean 'body_days'"):
        profiles(own_config)


def test_the_keepers_chore_shreds_and_says_so(house: House, own_config: Path, tmp_path: Path) -> None:
    receipt = house.delivered()
    look = shredder(house.engine, own_config, tmp_path)
    assert [look(), look()] == [1, 0]
    assert [each.submission_id for each in read((tmp_path / SHRED_LIST).read_text())] == [receipt]


@pytest.mark.parametrize("shreds", [True, False])
def test_the_keeper_shreds_where_it_was_given_the_role(
    house: House, own_config: Path, keys_dir: Path, tmp_path: Path, shreds: bool
) -> None:
    settings: Settings = house.bridge.settings("wise_keeper")
    url = house.desk.database.url("wise_purge") if shreds else ""
    given = {"audit_signing_key_file": keys_dir / "audit-signing.pem", "checkpoint_dir": tmp_path}
    made = keeper(Settings(**{**vars(settings), **given, "config_dir": own_config, "purge_database_url": url}))
    names = {each._what for each in made._watchers}
    made._close()
    assert ("bodies_shredded" in names) is shreds
