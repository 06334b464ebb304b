"""The power goes while a log is closed, opened again or redacted: at no step does its record look broken.

Each act is done once, and the folder copied as it lies before every step that reaches the disk: so a power
cut would have left it. Each copy is then looked at by both verifiers, and the act is done again.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from made_tree import LOG, OTHER
from skykeep.base.errors import InputError, IntegrityError
from skykeep.domain.record import EntryRole
from skykeep.evidence.signed_note import SigningKey
from skykeep.store import manifest
from skykeep.store.cut_off import seal_again
from skykeep.store.keys_file import add_keys
from skykeep.store.log_check import check_path
from skykeep.store.log_contents import open_untouched
from skykeep.store.log_database import LogDatabase
from skykeep.store.redaction import Taking, redact
from tampered_night import by_skykeep, by_stranger

STEPS = (
    (os, "fsync"),
    (Path, "replace"),
    (Path, "unlink"),
    (sa.Connection, "exec_driver_sql"),
    (sa.Connection, "commit"),
)
SECRET = "Quendolyn Marchbanks"
REPORT = 3
Act = Callable[[Path, SigningKey | None], object]


def begin(night: Path, signer: SigningKey | None) -> None:
    with LogDatabase.open(night / "night.db", origin=f"{LOG.name}/night-9", signer=signer) as log:
        for n in (1, 2):
            log.append(n, EntryRole.INPUT, "scan", b'{"n":%d}' % n)
        log.append(REPORT, EntryRole.INPUT, "report", b'{"text":"%s"}' % SECRET.encode())


def go_on(night: Path, signer: SigningKey | None) -> None:
    with LogDatabase.open(night / "night.db", signer=signer) as log:
        log.append(9, EntryRole.INPUT, "scan", b'{"n":9}')


def take_out(night: Path, signer: SigningKey | None) -> None:
    with contextlib.suppress(InputError):  # it is gone already
        taking = Taking(sequence=REPORT, path="text")
        redact(night / "night.db", [taking], by="officer", because="asked for", now_utc_ns=10, signer=signer)
    seal_again(night / "night.db", signer)


@contextlib.contextmanager
def copying(night: Path, to: Path, patch: pytest.MonkeyPatch) -> Iterator[list[Path]]:
    """Copy a folder before every step, without what a power cut takes with it."""
    copies: list[Path] = []
    turn, busy = threading.Lock(), threading.local()

    def step(real: Callable[..., Any]) -> Callable[..., Any]:
        def stepping(*args: Any, **named: Any) -> Any:
            if not getattr(busy, "copying", False):
                with turn:
                    busy.copying = True
                    copies.append(to / f"{len(copies)}")
                    shutil.copytree(night, copies[-1], ignore=shutil.ignore_patterns("*-shm"))
                    busy.copying = False
            return real(*args, **named)

        return stepping

    with patch.context() as patched:
        for place, name in STEPS:
            patched.setattr(place, name, step(getattr(place, name)))
        yield copies


def is_log(night: Path) -> bool:
    """Say whether there is a log yet: its tables are made in one step."""
    path = night / "night.db"
    if not path.is_file():
        return False
    with open_untouched(path, sealed=False) as rows:
        return bool(rows.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


@pytest.mark.parametrize("signer", [LOG, None], ids=["signed", "unsigned"])
@pytest.mark.parametrize(("act", "next_act"), [(begin, go_on), (go_on, go_on), (take_out, take_out)])
def test_cut_off_at_any_step_a_record_is_whole_and_can_be_gone_on_with(
    act: Act, next_act: Act, signer: SigningKey | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    night = tmp_path / "night"
    night.mkdir()
    if signer is not None:
        add_keys(night, signer.verifier)
    if act is not begin:
        begin(night, signer)
    with copying(night, tmp_path, monkeypatch) as copies:
        act(night, signer)
    there = [copy for copy in copies if is_log(copy)]
    assert len(there) >= 15

    for copy in there:
        found = by_skykeep(copy), by_stranger(copy)
        assert {each.code for each in found} <= {0, 3}, found
        next_act(copy, signer)
        report = check_path(copy)
        assert report.intact, report.findings
        assert report.sealed
        if act is take_out:
            assert all(SECRET.encode() not in path.read_bytes() for path in copy.iterdir())


def test_a_seal_that_was_taken_away_is_no_power_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has no key has only what was signed before: an older manifest in which the log is not."""
    night = tmp_path / "night"
    night.mkdir()
    add_keys(night, LOG.verifier)
    begin(night, LOG)
    with copying(night, tmp_path, monkeypatch) as copies:
        go_on(night, LOG)
    older = next(copy for copy in copies if not manifest.is_sealed(copy / "night.db"))
    stripped = shutil.copytree(night, tmp_path / "stripped")
    for name in ("manifest.json", "manifest.note"):
        shutil.copy(older / name, stripped / name)
    forged = shutil.copytree(night, tmp_path / "forged")
    manifest.unseal_files(forged, "night.db", signer=OTHER)

    for found in (by_skykeep(stripped), by_stranger(stripped)):
        assert found.code == 1
        assert "the log was closed in good order" in found.words
    for found in (by_skykeep(forged), by_stranger(forged)):
        assert found.code == 1
        assert "manifest.note is signed by" in found.words
    for taken in (stripped, forged):
        with pytest.raises(IntegrityError, match="It is not sealed again"):
            seal_again(taken / "night.db", LOG)
    assert by_skykeep(night).code == by_stranger(night).code == 0
