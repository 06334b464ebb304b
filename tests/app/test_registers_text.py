"""`[[registers]]`: what a site's file may say of registers of aircraft, and what is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from skykeep.app.registers_text import registers_of
from skykeep.app.site_text import SiteFile, read_site_file
from skykeep.base.errors import SetupError
from skykeep.domain.registry import RegistryStatus
from skykeep.domain.sensing import ClaimKind
from skykeep.feeds.registry_file import FileRegister
from skykeep.feeds.registry_http import HttpRegister

HEAD = '[site]\nid = "here"\nname = "Here"\nlatitude_deg = 10.0\nlongitude_deg = 20.0\n'
REGISTER = '[[registers]]\nname = "State"\n'
ADDRESS = f'{REGISTER}address = "https://register.example/aircraft"\n'


def read(folder: Path, text: str) -> SiteFile:
    file = folder / "site.toml"
    file.write_text(HEAD + text)
    return read_site_file(file)


def test_a_file_and_an_address_are_made_as_they_are_written(tmp_path: Path) -> None:
    (tmp_path / "club.csv").write_text("claimed_id,status\nABC,stolen\n")
    (tmp_path / "state.token").write_text("open-sesame\n")
    club = (
        '[[registers]]\nname = "Club"\npath = "club.csv"\ncomplete = false\nkinds = ["remote_id", "adsb"]\n'
    )
    found = read(tmp_path, f'{ADDRESS}token_file = "state.token"\npatience_s = 1.5\n{club}')
    state, file = registers_of(found.registers, tmp_path)
    assert isinstance(state, HttpRegister)
    assert isinstance(file, FileRegister)
    assert (state.name, file.name) == ("State", "Club")
    # A register of drones accuses no airliner, unless it is said to know them.
    assert state.kinds == {ClaimKind.REMOTE_ID, ClaimKind.NETWORK_REMOTE_ID}
    assert file.kinds == {ClaimKind.REMOTE_ID, ClaimKind.ADSB}
    answer = file.ask(ClaimKind.REMOTE_ID, "abc", 7)
    assert answer is not None
    assert answer.status is RegistryStatus.STOLEN
    assert file.ask(ClaimKind.REMOTE_ID, "else", 7) is None


def test_an_address_in_a_private_range_is_called_only_where_its_network_is_allowed(tmp_path: Path) -> None:
    text = REGISTER + 'address = "http://127.0.0.1:9/"\npatience_s = 0.5\n'
    (closed,) = registers_of(read(tmp_path, text).registers, tmp_path)
    answer = closed.ask(ClaimKind.REMOTE_ID, "ABC", 7)
    assert answer is not None
    assert answer.status is RegistryStatus.UNREACHABLE
    assert "a private address that this site does not allow" in answer.says
    (opened,) = registers_of(read(tmp_path, text + 'networks = ["127.0.0.0/8"]\n').registers, tmp_path)
    answer = opened.ask(ClaimKind.REMOTE_ID, "ABC", 7)
    assert answer is not None
    assert answer.status is RegistryStatus.UNREACHABLE
    assert "private" not in answer.says


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (REGISTER, "registers 'State' must have a path, or an address"),
        (ADDRESS + 'path = "a.csv"\n', "registers 'State' must have a path, or an address"),
        (REGISTER + 'path = "a.csv"\ntoken_file = "t"\n', "is a file and has token_file"),
        (REGISTER + 'path = "a.csv"\nnetworks = ["10.0.0.0/8"]\n', "is a file and has networks"),
        (ADDRESS + "complete = false\n", "has an address and complete"),
        (
            ADDRESS + 'networks = ["10.0.0.1/8"]\n',
            r"networks has '10.0.0.1/8', must be such as 10\.1\.0\.0/16",
        ),
        (ADDRESS + ADDRESS, "registers has 'State' twice"),
        (ADDRESS + "patience_s = 60.0\n", r"line \d+: .*patience_s"),
        (ADDRESS + "kinds = []\n", r"line \d+: .*kinds"),
        (ADDRESS + 'kinds = ["rumour"]\n', r"line \d+: .*kinds"),
        (ADDRESS + "patience = 3\n", r"line \d+: unknown key"),
    ],
)
def test_what_cannot_work_is_refused_by_name(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SetupError, match=says):
        read(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "token", "says"),
    [
        (REGISTER + 'path = "a.csv"\n', None, r"register 'State': .*a\.csv"),
        (ADDRESS + 'token_file = "t"\n', None, r"register 'State': .*t: cannot be read"),
        (ADDRESS + 'token_file = "t"\n', "two words", r"register 'State': .*t: must hold one token"),
        (ADDRESS + 'token_file = "t"\n', "\n", r"register 'State': .*t: must hold one token"),
        (REGISTER + 'address = "http://register.example/"\n', None, "register 'State': .*must be https"),
        (REGISTER + 'address = "register.example"\n', None, "register 'State': .*not among the hosts"),
        (REGISTER + 'address = "https://[::1"\n', None, "register 'State': "),
    ],
)
def test_what_is_not_there_is_named(tmp_path: Path, text: str, token: str | None, says: str) -> None:
    if token is not None:
        (tmp_path / "t").write_text(token)
    found = read(tmp_path, text)
    with pytest.raises(SetupError, match=says):
        registers_of(found.registers, tmp_path)
