"""That what judges the attacks sees what it is to see: marks in every form, pictures of memory, times, growth."""

from __future__ import annotations

import base64
import random
import resource
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
import requests

from tests.architecture.project import ROOT
from tests.attacks import cores
from tests.attacks.marks import Mark, forms
from tests.attacks.planting import MARK, SOAP_CHILDREN, STEM, Planter
from tests.attacks.significance import holm, signed_rank
from tests.attacks.traps import redirecting, trap

TEXT = f"said by {STEM}0000001 on Monday"
WAYS = {
    "plain": TEXT.encode(),
    "lower case": TEXT.lower().encode(),
    "upper case": TEXT.upper().encode(),
    "backwards": TEXT[::-1].encode(),
    "hex": TEXT.encode().hex().encode(),
    "HEX": TEXT.encode().hex().upper().encode(),
    "UTF-16": TEXT.encode("utf-16"),
    "UTF-16 big": TEXT.encode("utf-16-be"),
    "JSON": "".join(f"\\u{ord(each):04x}" for each in TEXT).encode(),
    "per cent": "".join(f"%{ord(each):02X}" for each in TEXT).encode(),
    "references": "".join(f"&#{ord(each)};" for each in TEXT).encode(),
    "quoted": quote(TEXT).encode(),
} | {f"base64 after {before}": base64.b64encode(b"x" * before + TEXT.encode()) for before in range(3)}


@pytest.mark.parametrize("way", WAYS)
def test_a_mark_is_found_in_every_form(way: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"\0" * 5000 + WAYS[way])

    assert MARK.forms_in(WAYS[way])
    assert MARK.in_files("place", [tmp_path / "file"]).places


def test_what_is_no_mark_is_not_found() -> None:
    assert MARK.forms_in(b"Zq8Canar y, Vx3Known7, 999 000 0174") == []
    assert MARK.in_text("place", ["nothing", "here"]).looked_at == 2


def test_no_form_is_so_short_that_chance_would_find_it() -> None:
    assert min(len(each) for each in forms(STEM).values()) >= 8


def test_every_field_of_a_record_has_a_mark_of_its_own() -> None:
    planter = Planter()
    _, record = planter.wise("E08000001", "A")
    found = [word for word in str(record).replace("'", " ").split() if word.upper().startswith(STEM.upper())]

    assert len(found) > 90
    assert len(set(found)) == len(found) - 1, "a record refers once to an event of its own"
    assert planter.short("E08000001", "A", SOAP_CHILDREN[0])[1]["young_person"]["la_child_id"] == "40300"


@pytest.mark.skipif(bool(cores.seen_here()), reason="pictures of memory cannot be seen on this machine")
def test_a_picture_of_memory_is_seen_unless_the_process_forbids_it(tmp_path: Path) -> None:
    held = Mark("Qv5held")
    with cores.allowed() as since:
        pictures = cores.of_a_helper(held.stem, tmp_path)
        assert held.in_files("", pictures).places
        for each in pictures:
            each.unlink()
        dies = "import os,signal;from service.no_dumps import forbid_dumps;forbid_dumps();os.kill(os.getpid(),11)"
        died = subprocess.run([sys.executable, "-c", dies], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, check=False)

        assert died.returncode == -11
        assert cores.files(since, tmp_path) == []


def test_what_a_process_forbade_what_it_runs_cannot_allow() -> None:
    asks = "import resource;print(resource.getrlimit(resource.RLIMIT_CORE))"
    begins = (
        "import os,sys;from service.no_dumps import forbid_dumps;forbid_dumps();"
        f"os.execv(sys.executable,[sys.executable,'-c',{asks!r}])"
    )
    with cores.allowed():
        said = subprocess.run([sys.executable, "-c", begins], capture_output=True, text=True, cwd=ROOT, check=True)

    assert said.stdout.strip() == "(0, 0)"
    assert resource.getrlimit(resource.RLIMIT_CORE)[1] != 0 or cores.seen_here()


def test_a_difference_is_seen_and_chance_is_not() -> None:
    chance = random.Random(7)
    noise = [chance.gauss(0, 1) for _ in range(300)]

    assert signed_rank(noise) > 0.05
    assert signed_rank([each + 0.4 for each in noise]) < 1e-6
    assert signed_rank([1.0] * 5) == 1.0
    assert signed_rank([]) == 1.0


def test_signed_ranks_are_those_of_the_books() -> None:
    """Ten pairs without ties, ranks 1 to 10, of which 1 and 2 are below: W- 3, z (27.5 - 3 - 0.5) / 9.811 = 2.446."""
    assert signed_rank([-1, -2, 3, 4, 5, 6, 7, 8, 9, 10]) == pytest.approx(0.01443, abs=2e-4)


def test_holm_corrects_for_how_many_were_looked_at() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.9, 0.8]) == [1.0, 1.0]


def test_a_child_of_a_large_parent_is_seen_to_grow() -> None:
    """The kernel hands a parent's highest mark on to its children, where `getrusage` reads it as theirs."""
    large = bytearray(80_000_000)
    large[:: resource.getpagesize()] = b"x" * len(large[:: resource.getpagesize()])
    grows = (
        "from tests.support.memory import begin, grown_since\n"
        "before, taken = begin(), b'x' * 50_000_000\nprint(grown_since(before))"
    )
    said = subprocess.run([sys.executable, "-c", grows], capture_output=True, text=True, cwd=ROOT, check=True)

    assert int(said.stdout) > 40 * 1024
    assert len(large) > 0


def test_a_trap_sees_who_comes_and_sends_them_on() -> None:
    with trap() as caught, trap(redirecting(f"http://127.0.0.1:{caught.port}/", 307)) as first:
        assert requests.get(first.url, timeout=5).status_code == 204

    assert (len(first.visitors), len(caught.visitors)) == (1, 1)
