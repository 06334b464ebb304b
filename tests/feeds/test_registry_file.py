"""A register in a file: who is in it, who is not, and what cannot be one."""

from __future__ import annotations

from pathlib import Path

import pytest

from skykeep.base.clock import from_iso_utc
from skykeep.base.errors import SetupError
from skykeep.domain.registry import RegistryStatus
from skykeep.domain.sensing import ClaimKind
from skykeep.feeds.registry_file import FileRegister

NOW_UTC_NS = from_iso_utc("2031-05-03T02:10:00Z")
TABLE = """kind,claimed_id,status,expires,operator_id,model,target_class,says
remote_id,HRBRA7K2QX48M1T,,2032-01-01T00:00:00Z,HRB-7,Scout 4,multirotor,
,QVTX9H3K,stolen,,,,,Reported on Tuesday.
remote_id,OLD1A,valid,2030-01-01T00:00:00Z,,,,
"""


def register(folder: Path, text: str = TABLE, *, complete: bool = True) -> FileRegister:
    path = folder / "aircraft.csv"
    path.write_text(text, encoding="utf-8")
    return FileRegister(path, complete=complete)


@pytest.mark.parametrize(
    ("claimed_id", "status"),
    [
        ("HRBRA7K2QX48M1T", RegistryStatus.VALID),
        ("hrbra7k2qx48m1t", RegistryStatus.VALID),
        ("QVTX9H3K", RegistryStatus.STOLEN),
        ("OLD1A", RegistryStatus.EXPIRED),
        ("NOBODY", RegistryStatus.NOT_REGISTERED),
    ],
)
def test_it_says_what_its_line_says(tmp_path: Path, claimed_id: str, status: RegistryStatus) -> None:
    answer = register(tmp_path).ask(ClaimKind.REMOTE_ID, claimed_id, NOW_UTC_NS)
    assert answer is not None
    assert (answer.status, answer.claimed_id, answer.source) == (status, claimed_id, "aircraft")


def test_a_file_that_is_not_complete_knows_nothing_of_who_is_not_in_it(tmp_path: Path) -> None:
    assert register(tmp_path, complete=False).ask(ClaimKind.REMOTE_ID, "NOBODY", NOW_UTC_NS) is None


def test_a_line_for_any_kind_holds_for_each(tmp_path: Path) -> None:
    answer = register(tmp_path).ask(ClaimKind.ADSB, "QVTX9H3K", NOW_UTC_NS)
    assert answer is not None
    assert answer.says == "Reported on Tuesday."


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("serial\nA\n", "must be claimed_id"),
        ("claimed_id,colour\nA,red\n", "must be claimed_id"),
        ("claimed_id\n\nA\na\n", "must be named once"),
        ("claimed_id,status\nA,lost\n", "status 'lost', must be one of"),
        ("claimed_id,status\nA,unreachable\n", "must be one of"),
        ("claimed_id,kind\nA,radio\n", "kind 'radio'"),
        ("claimed_id,expires\nA,soon\n", "expires 'soon', must be a UTC time"),
        ("claimed_id,target_class\nA,ship\n", "target_class 'ship'"),
        ("claimed_id,status\n,valid\n", "claimed_id is empty"),
        ("claimed_id,status\nA,valid,more\n", "3 cells, must be 2"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SetupError, match=says):
        register(tmp_path, text)


def test_no_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="nowhere"):
        FileRegister(tmp_path / "nowhere.csv")
