"""`skykeep checkpoint` and `skykeep export --format bundle`, as people run them."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from made_tree import COSIGNER, LOG, WITNESS
from skykeep.api.server import Server
from skykeep.api.witness_api import Witness, create_witness
from skykeep.base.errors import SetupError
from skykeep.cli.checkpoint import checkpoint
from skykeep.cli.export import export
from skykeep.feeds.system_clock import SystemClock
from skykeep.store.bundle import write_bundle
from skykeep.store.log_database import LogDatabase
from skykeep.store.witness_book import WitnessBook
from tampered_night import ENTRIES, make_night


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_night(tmp_path_factory.mktemp("made"))


def test_without_a_place_it_is_printed(night: Path) -> None:
    result = CliRunner().invoke(checkpoint, [str(night)], catch_exceptions=False)
    assert result.exit_code == 0
    assert result.stdout == (night / "checkpoint.note").read_text()


def test_it_goes_to_a_folder_a_page_and_a_witness(night: Path, tmp_path: Path) -> None:
    book = WitnessBook(tmp_path / "book.db")
    with Server(create_witness(Witness(WITNESS, [LOG.verifier], book, SystemClock()))) as server:
        places = ["--to", str(tmp_path / "away"), "--to", str(tmp_path / "page.pdf")]
        asked = [str(night), *places, "--witness", server.url, COSIGNER.text, "--json"]
        result = CliRunner().invoke(checkpoint, asked, catch_exceptions=False)
    book.close()
    assert result.exit_code == 0, result.output
    assert [place["entries"] for place in json.loads(result.stdout)] == [ENTRIES, ENTRIES]
    of_files, kept = sorted((tmp_path / "away").iterdir(), key=lambda path: "-files" not in path.name)
    assert kept.read_bytes() == (night / "checkpoint.note").read_bytes()
    assert of_files.read_bytes() == (night / "manifest.note").read_bytes()
    for page in ("page.pdf", "page.files.pdf"):
        assert (tmp_path / page).read_bytes().startswith(b"%PDF")
    (night / "cosigned" / f"{ENTRIES:012d}-2-files.note").unlink()
    cosigned = night / "cosigned" / f"{ENTRIES:012d}-2.note"
    assert WITNESS.name in cosigned.read_text()
    cosigned.unlink()


def test_a_certificate_without_an_authority_is_refused(night: Path) -> None:
    result = CliRunner().invoke(checkpoint, [str(night), "--tsa-certificate", str(night / "keys.txt")])
    assert result.exit_code == 2
    assert "needs --tsa with the address" in result.output


def test_a_place_that_did_not_take_it_is_a_failure(night: Path) -> None:
    result = CliRunner().invoke(
        checkpoint, [str(night), "--to", "http://127.0.0.1:9/"], catch_exceptions=False
    )
    assert result.exit_code == 1
    assert "took nothing yet; failed 1 times" in result.output


def test_the_bundle_is_the_same_bytes_every_time_and_verifies_itself(night: Path, tmp_path: Path) -> None:
    for name in ("one.zip", "two.zip"):
        result = CliRunner().invoke(
            export, [str(night), "--format", "bundle", "--out", str(tmp_path / name)], catch_exceptions=False
        )
        assert result.exit_code == 0, result.output
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as bundle:
        names = bundle.namelist()
        bundle.extractall(tmp_path / "there")
    assert names[:2] == ["README.txt", "verify.py"]
    assert names[-1] == "contents.txt"
    assert {"night/night.db", "night/dossier.pdf", "night/keys.txt", "night/manifest.note"} <= set(names)
    readme = (tmp_path / "there/README.txt").read_text()
    assert LOG.verifier.text in readme
    assert f"entries    {ENTRIES}" in readme
    checked = subprocess.run(
        ["sha256sum", "--quiet", "-c", "contents.txt"],
        cwd=tmp_path / "there",
        check=False,
        capture_output=True,
    )
    assert checked.returncode == 0, checked.stderr
    ran = subprocess.run(
        [sys.executable, "-I", "verify.py", "night", "--key", LOG.verifier.text],
        cwd=tmp_path / "there",
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "INTEGRITY: holds" in ran.stdout


def test_a_bundle_that_was_changed_says_so(night: Path, tmp_path: Path) -> None:
    write_bundle(night, tmp_path / "good.zip")
    bad = tmp_path / "bad.zip"
    with zipfile.ZipFile(tmp_path / "good.zip") as good, zipfile.ZipFile(bad, "w") as changed:
        for name in good.namelist():
            data = good.read(name)
            changed.writestr(name, data.replace(b'"alerts":1', b'"alerts":0') if "summary" in name else data)
    with zipfile.ZipFile(bad) as changed:
        changed.extractall(tmp_path / "there")
    ran = subprocess.run(
        [sys.executable, "-I", "verify.py", "night"],
        cwd=tmp_path / "there",
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "summary.json was changed" in ran.stdout


def test_what_is_open_or_no_night_is_not_bundled(night: Path, tmp_path: Path) -> None:
    with (
        LogDatabase.open(tmp_path / "open" / "night.db"),
        pytest.raises(SetupError, match="must be closed before it is bundled"),
    ):
        write_bundle(tmp_path / "open", tmp_path / "x.zip")
    with pytest.raises(SetupError, match="holds no log"):
        write_bundle(tmp_path / "away", tmp_path / "x.zip")
    with pytest.raises(SetupError, match="must be elsewhere"):
        write_bundle(night, night / "x.zip")
