"""`wise-bridge forms blank`."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.commands.forms import forms
from tests.documents.pdf_reader import opened, read
from tests.support.bridge import STOCKPORT
from tests.support.config import CONFIG


def blank(*arguments: str, authority: str = STOCKPORT) -> Result:
    return CliRunner().invoke(forms, ["blank", *arguments, "--authority", authority])


def test_the_form_is_written_and_said_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ended = blank("wise")
    assert ended.exit_code == 0, ended.output
    file = tmp_path / "blank-wise-stockport.pdf"
    assert "blank-wise-stockport.pdf: 1 copy, 7 pages." in ended.output
    said = re.findall(r"PF-[A-Z2-7-]{19}", ended.output)
    reading = read(file.read_bytes())
    assert len(said) == 1
    assert all(said[0] in page for page in reading.decoration)
    assert reading.tagged.startswith("Keeping Young People Safe: Pen Picture/Passport")
    assert "Stockport" in reading.tagged
    assert all("Template edition pen-picture-passport/2026.2" in page for page in reading.decoration)


def test_copies_have_references_of_their_own(tmp_path: Path) -> None:
    ended = blank("nwg", "--copies", "3", "--out", str(tmp_path / "three.pdf"), "--template-version", "nwg/2017.12")
    assert ended.exit_code == 0, ended.output
    said = re.findall(r"PF-[A-Z2-7-]{19}", ended.output)
    pages = read((tmp_path / "three.pdf").read_bytes()).decoration
    assert len(set(said)) == 3
    assert [reference for reference in said for page in pages if reference in page and "Page 1 of" in page] == said
    assert all("Template edition nwg/2017.12" in page for page in pages)
    assert f"3 copies, {len(pages)} pages." in ended.output


def test_a_form_that_may_be_on_paper_already_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "form.pdf"
    assert blank("rise", "--out", str(file)).exit_code == 0
    before = file.read_bytes()
    ended = blank("rise", "--out", str(file))
    assert ended.exit_code == 2
    assert "is there already" in ended.output
    assert file.read_bytes() == before
    assert opened(before).pages


def test_an_authority_without_a_profile_is_told_which_there_are(tmp_path: Path) -> None:
    ended = blank("wise", "--out", str(tmp_path / "x.pdf"), authority="E08000099")
    assert ended.exit_code == 2
    assert "no profile for E08000099" in ended.output
    assert STOCKPORT in ended.output
    assert not list(tmp_path.iterdir())


def test_a_form_the_authority_does_not_use_is_not_printed(tmp_path: Path) -> None:
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    profile = config / "authorities" / "stockport.yaml"
    profile.write_text(profile.read_text().replace("records:\n", "records:\n  nwg_assessment: not_taken\n", 1))
    ended = blank("nwg", "--out", str(tmp_path / "x.pdf"), "--config", str(config))
    assert ended.exit_code == 2
    assert "Stockport does not take this record" in ended.output
    assert not (tmp_path / "x.pdf").exists()


def test_a_folder_that_is_not_there_is_told_plainly(tmp_path: Path) -> None:
    ended = blank("nwg", "--out", str(tmp_path / "none" / "x.pdf"))
    assert ended.exit_code == 2
    assert "No such file or directory" in ended.output
    assert "Traceback" not in ended.output


@pytest.mark.parametrize("wrong", [["care"], ["wise", "--copies", "0"], ["wise", "--copies", "101"]])
def test_what_is_not_a_form_or_a_number_of_copies_is_refused(wrong: list[str]) -> None:
    assert blank(*wrong).exit_code == 2
