"""The record of a live watch: signed under the site's key, brought out by itself, failures told."""

from __future__ import annotations

import re
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from live_site import HEAD
from made_tree import COSIGNER, WITNESS
from skykeep.api.server import Server
from skykeep.api.witness_api import Witness, create_witness
from skykeep.app.record_duty import RecordDuty, open_simulated_log, signer_of
from skykeep.app.record_text import look_at_record
from skykeep.app.site_text import read_site_file
from skykeep.base.errors import SetupError
from skykeep.domain.encoding import encode_json
from skykeep.domain.record import EntryRole, KeyChanged
from skykeep.evidence.key_change import KIND
from skykeep.evidence.signed_note import SigningKey
from skykeep.evidence.simulation_key import SIMULATION_KEY
from skykeep.feeds.system_clock import SystemClock
from skykeep.store.keys_file import read_keys
from skykeep.store.log_database import LogDatabase
from skykeep.store.log_reader import LogReader
from skykeep.store.record_check import check_record
from skykeep.store.signing_keys import make_key, rotate_key
from skykeep.store.witness_book import WitnessBook
from timestamp_authority import Authority, serving

NAME = "watch.example/harbour"


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    return make_key(NAME, tmp_path / "keys")


@pytest.fixture
def witness(tmp_path: Path, key: SigningKey) -> Iterator[str]:
    book = WitnessBook(tmp_path / "book.db")
    with Server(create_witness(Witness(WITNESS, [key.verifier], book, SystemClock()))) as server:
        yield server.url
    book.close()


def site(tmp_path: Path, record: str) -> Path:
    path = tmp_path / "site.toml"
    path.write_text(f'{HEAD}\n[record]\nkeys_folder = "keys"\n{record}\n')
    return path


def duty(tmp_path: Path, record: str, said: list[str]) -> RecordDuty:
    found = read_site_file(site(tmp_path, record))
    return RecordDuty(found.record, tmp_path, found.site.id, found.site.name, SystemClock(), said.append)


def log_something(log: LogDatabase, entries: int) -> None:
    for number in range(entries):
        log.append(number, EntryRole.INPUT, "tick", b"{}")
    log.flush()


def test_a_watch_is_signed_witnessed_and_its_last_checkpoint_is_brought_out(
    tmp_path: Path, key: SigningKey, witness: str
) -> None:
    said: list[str] = []
    record = (
        f'key = "{NAME}"\nevery_min = 0.1\nnetworks = ["127.0.0.0/8"]\n'
        f'[[record.to]]\nway = "folder"\naddress = "{tmp_path / "away"}"\n'
        f'[[record.to]]\nway = "witness"\naddress = "{witness}"\nkey = "{COSIGNER.text}"\n'
        '[[record.to]]\nway = "http"\naddress = "http://127.0.0.1:9/"\n'
    )
    made = duty(tmp_path, record, said)
    night = tmp_path / "night"
    log = made.open(night / "night.db")
    log_something(log, 50)
    made.begin(log, lambda _: None)
    until_s = time.monotonic() + 20.0
    while sum(health.published for health in made.health) < 2 or not made.health[2].failures:
        assert time.monotonic() < until_s, made.health
        time.sleep(0.05)
    log_something(log, 50)
    made.end()
    log.close()
    made.seal()

    assert log.head().origin.startswith(f"{NAME}/")
    assert [health.entries for health in made.health[:2]] == [100, 100]
    assert "went to 2 of 3 places" in said[-1]
    assert any(sentence.startswith("checkpoint not published to http://127.0.0.1:9/") for sentence in said)
    assert {key.name for key in read_keys(night)} == {NAME, WITNESS.name}
    left = {
        path.name[-11:]: path.read_bytes() for path in (tmp_path / "away").iterdir() if "100-" in path.name
    }
    assert left["-files.note"] == (night / "manifest.note").read_bytes()
    assert (night / "checkpoint.note").read_bytes() in left.values()
    report = check_record(night / "night.db", (), (key.verifier, COSIGNER))
    assert report.findings == ()
    assert any(
        note.startswith(f"witness {WITNESS.name} (you gave its key) saw 100 entries") for note in report.notes
    )
    found = look_at_record(read_site_file(tmp_path / "site.toml").record, tmp_path, "Harbour")
    assert found.verdict == "bad"
    assert re.search(
        r"http://127\.0\.0\.1:9/: took nothing yet; failed \d+ times, the last \d+ in a row", found.says
    )
    assert "took 100 entries at" in found.says


def test_a_rotation_is_written_into_the_log_that_is_gone_on_with_once(
    tmp_path: Path, key: SigningKey
) -> None:
    record = f'key = "{NAME}"\n'
    path = tmp_path / "night" / "night.db"
    for turn in range(3):
        if turn == 1:
            rotate_key(NAME, time_utc_ns=5, by="K. Berg", why="yearly", within=tmp_path / "keys")
        made = duty(tmp_path, record, [])
        log = made.open(path)
        log_something(log, 10)

        def receive(change: KeyChanged, log: LogDatabase = log) -> None:
            log.append(change.time_utc_ns, EntryRole.INPUT, KIND, encode_json(change))

        made.begin(log, receive)
        made.end()
        log.close()
        made.seal()
    reader = LogReader(path)
    assert [entry.sequence for entry in reader.entries(kind=KIND)] == [21]
    reader.close()
    report = check_record(path, (), (key.verifier,))
    assert report.findings == ()
    assert any("joined by rotation" in note for note in report.notes)


def test_what_is_simulated_is_signed_by_the_published_key(tmp_path: Path) -> None:
    log = open_simulated_log(tmp_path / "night.db", "simulation.invalid/parade/7")
    log_something(log, 5)
    log.close()
    report = check_record(tmp_path / "night.db")
    assert report.findings == ()
    assert any("it proves nothing about who made it" in note for note in report.notes)
    assert signer_of(tmp_path) is SIMULATION_KEY


def test_who_signs_a_closed_log_is_told_by_the_keys_beside_it(tmp_path: Path, key: SigningKey) -> None:
    made = duty(tmp_path, f'key = "{NAME}"\n', [])
    made.open(tmp_path / "night" / "night.db").close()
    signer = signer_of(tmp_path / "night", tmp_path / "keys")
    assert signer is not None
    assert signer.sign(b"x\n") == key.sign(b"x\n")
    with pytest.raises(SetupError, match="must be said lost"):
        signer_of(tmp_path / "night", tmp_path / "no keys")
    assert signer_of(tmp_path) is None


WRONG = {
    "no key for places": ('[[record.to]]\nway = "folder"\naddress = "a"', "needs a record.key"),
    "twice": ('key = "k"\n' + '[[record.to]]\nway = "folder"\naddress = "a"\n' * 2, "twice"),
    "a letter without a post": ('key = "k"\n[[record.to]]\nway = "email"\naddress = "a@b"', "must have"),
    "a witness without a key": (
        'key = "k"\n[[record.to]]\nway = "witness"\naddress = "a"',
        "must have its key",
    ),
    "a folder with a key": ('key = "k"\n[[record.to]]\nway = "folder"\naddress = "a"\nkey = "x"', "no key"),
    "a witness's key that is none": (
        'key = "k"\n[[record.to]]\nway = "witness"\naddress = "a"\nkey = "x"',
        "must be name",
    ),
    "a folder with a certificate": (
        'key = "k"\n[[record.to]]\nway = "folder"\naddress = "a"\ncertificate = "x"',
        "by way of folder, must have no certificate",
    ),
    "another way": ('key = "k"\n[[record.to]]\nway = "pigeon"\naddress = "a"', "way"),
    "too often": ("every_min = 0.0", "every_min"),
}


def test_an_authority_is_asked_where_the_site_names_one(tmp_path: Path, key: SigningKey) -> None:
    authority = Authority(tmp_path / "tsa")
    with serving(authority) as served:
        record = (
            f'key = "{NAME}"\nnetworks = ["127.0.0.0/8"]\n[[record.to]]\nway = "timestamp"\n'
            f'address = "{served.url}"\ncertificate = "tsa/root.pem"\n'
        )
        made = duty(tmp_path, record, said := list[str]())
        log = made.open(tmp_path / "night" / "night.db")
        log_something(log, 50)
        made.begin(log, lambda _: None)
        made.end()
        log.close()
        made.seal()
    assert "went to 1 of 1 places" in said[-1]
    report = check_record(tmp_path / "night" / "night.db")
    assert report.findings == ()
    told = [note for note in report.notes if f"says {authority.name}" in note]
    assert len(told) >= 2, "the last checkpoint, and the note of the manifest"
    assert all(note.startswith("50 entries were there before 20") for note in told[-2:])


@pytest.mark.parametrize(
    ("certificate", "says"),
    [("none.pem", "certificate none.pem: No such file"), ("tsa/signer.pem", "must be with its chain's root")],
)
def test_an_authoritys_certificate_that_will_not_do_is_named(
    certificate: str, says: str, tmp_path: Path, key: SigningKey
) -> None:
    Authority(tmp_path / "tsa")
    text = (
        f'key = "{NAME}"\n[[record.to]]\nway = "timestamp"\naddress = "https://a.example/"\n'
        f'certificate = "{certificate}"\n'
    )
    with pytest.raises(SetupError, match=says):
        duty(tmp_path, text, [])
    found = look_at_record(read_site_file(site(tmp_path, text)).record, tmp_path, "Harbour")
    assert (found.verdict, says in found.says) == ("bad", True)


def test_without_the_extra_the_doctor_says_which(
    tmp_path: Path, key: SigningKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    text = f'key = "{NAME}"\n[[record.to]]\nway = "timestamp"\naddress = "https://a.example/"\n'
    found = look_at_record(read_site_file(site(tmp_path, text)).record, tmp_path, "Harbour")
    assert found.verdict == "bad"
    assert "pip install 'skykeep[timestamp]'" in found.says


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_is_named(what: str, tmp_path: Path) -> None:
    text, says = WRONG[what]
    with pytest.raises(SetupError, match=says):
        read_site_file(site(tmp_path, text))


def test_the_doctor_says_whether_anything_leaves_the_house(tmp_path: Path, key: SigningKey) -> None:
    def told(text: str) -> tuple[str, str]:
        found = look_at_record(read_site_file(site(tmp_path, text)).record, tmp_path, "Harbour")
        return found.verdict, found.says

    assert told("") == (
        "note",
        "The log is not signed, and no checkpoint leaves the house: its owner could rewrite it unseen.",
    )
    assert told(f'key = "{NAME}"')[0] == "note"
    inside = f'key = "{NAME}"\n[[record.to]]\nway = "folder"\naddress = "kept"'
    assert "is beside the site's file: that is not out of the house" in told(inside)[1]
    outside = f'key = "{NAME}"\n[[record.to]]\nway = "folder"\naddress = "{tmp_path}"'
    assert told(outside)[0] == "ok"
    assert told('key = "unknown"')[0] == "bad"
    assert threading.active_count() < 50
