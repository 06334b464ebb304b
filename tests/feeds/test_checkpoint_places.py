"""Checkpoints reach real places on this machine: a folder, a web server, a mail server, a witness."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from made_tree import COSIGNER, LOG, ORIGIN, OTHER, WITNESS, Leaves
from notice_receiver import receiving
from skykeep.api.server import Server
from skykeep.api.witness_api import Witness, create_witness
from skykeep.base.clock import from_iso_utc
from skykeep.base.errors import InputError, LinkError
from skykeep.evidence.signed_note import open_note
from skykeep.feeds.allowed_hosts import Hosts
from skykeep.feeds.checkpoint_places import FolderPlace, SenderPlace, WitnessPlace, web_place
from skykeep.feeds.notice_senders import EmailSender, Post
from skykeep.feeds.system_clock import SystemClock
from skykeep.store.witness_book import WitnessBook

NOW_UTC_NS = from_iso_utc("2031-05-03T02:14:07Z")
HERE = Hosts(("127.0.0.1",))
TREE = Leaves(200)


def test_a_folder_keeps_every_checkpoint_and_both_of_two_that_differ(tmp_path: Path) -> None:
    place = FolderPlace(tmp_path / "away")
    forked = Leaves(200, forked_at=3)
    for note in (TREE.note(50), TREE.note(200), forked.note(200), TREE.note(50)):
        assert place.publish(note, TREE.prove, NOW_UTC_NS) == note

    kept = sorted((tmp_path / "away").iterdir())
    assert [path.read_bytes() for path in kept[:1]] == [TREE.note(50)]
    assert {path.read_bytes() for path in kept[1:]} == {TREE.note(200), forked.note(200)}
    assert len(kept) == 3
    assert kept[0].name.startswith("watch.example%2Fharbour%2Fnight-7-000000000050-")
    (tmp_path / "file").touch()
    with pytest.raises(LinkError, match="file"):
        FolderPlace(tmp_path / "file").publish(TREE.note(50), TREE.prove, NOW_UTC_NS)
    with pytest.raises(InputError):
        place.publish(b"no checkpoint\n", TREE.prove, NOW_UTC_NS)


def test_a_web_address_is_posted_the_note_itself() -> None:
    with receiving() as receiver:
        place = web_place(receiver.url, HERE)
        place.publish(TREE.note(50), TREE.prove, NOW_UTC_NS)
        ((method, path, headers, body),) = receiver.taken
        assert (method, path, body) == ("POST", "/hook", TREE.note(50))
        assert headers["Content-Type"] == "text/plain; charset=utf-8"
        receiver.status = 500
        with pytest.raises(LinkError, match="answered 500"):
            place.publish(TREE.note(50), TREE.prove, NOW_UTC_NS)


def test_a_letter_holds_the_note_as_it_must_be_kept() -> None:
    letters: list[EmailMessage] = []

    class Mailbox:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
            letters.append(BytesParser(EmailMessage).parsebytes(envelope.content))
            return "250 OK"

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(Mailbox(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        post = Post(host="127.0.0.1", port=port, sender="watch@harbour.example", security="none")
        place = SenderPlace("email", "notary@example.org", EmailSender(post, "Harbour"))
        place.publish(TREE.note(50), TREE.prove, NOW_UTC_NS)
    finally:
        controller.stop()

    (letter,) = letters
    assert letter["To"] == "notary@example.org"
    assert letter["Subject"] == f"Harbour: Checkpoint of {ORIGIN}: 50 entries"
    payload = letter.get_payload(decode=True)
    assert isinstance(payload, bytes)
    text = payload.replace(b"\r\n", b"\n")
    assert TREE.note(50) in text


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[str]:
    book = WitnessBook(tmp_path / "book.db")
    with Server(create_witness(Witness(WITNESS, [LOG.verifier], book, SystemClock()))) as server:
        yield server.url
    book.close()


def test_a_witness_gives_the_checkpoint_back_cosigned(witness: str) -> None:
    place = WitnessPlace(witness, HERE, COSIGNER)
    for size in (50, 200, 200):
        back = place.publish(TREE.note(size), TREE.prove, NOW_UTC_NS)
        opened = open_note(back, [LOG.verifier, COSIGNER])
        assert [key.name for key, _ in opened.signed_by] == [LOG.name, WITNESS.name]
        assert opened.set_aside == ()


def test_after_a_restart_the_witness_is_asked_where_it_stands(witness: str) -> None:
    WitnessPlace(witness, HERE, COSIGNER).publish(TREE.note(50), TREE.prove, NOW_UTC_NS)
    again = WitnessPlace(witness, HERE, COSIGNER)
    assert again.publish(TREE.note(200), TREE.prove, NOW_UTC_NS) != TREE.note(200)


def test_a_rebuilt_log_is_told_to_its_face(witness: str) -> None:
    WitnessPlace(witness, HERE, COSIGNER).publish(TREE.note(50), TREE.prove, NOW_UTC_NS)
    forked = Leaves(200, forked_at=3)
    place = WitnessPlace(witness, HERE, COSIGNER)
    with pytest.raises(LinkError, match="signed over 50 entries is NOT the beginning of this log"):
        place.publish(forked.note(200), forked.prove, NOW_UTC_NS)
    with pytest.raises(LinkError, match="ANOTHER log of this name over 50 entries"):
        place.publish(forked.note(50), forked.prove, NOW_UTC_NS)
    with pytest.raises(LinkError, match="has signed 50 entries of this log, this is at 20"):
        place.publish(TREE.note(20), TREE.prove, NOW_UTC_NS)
    with pytest.raises(LinkError, match="answered 403"):
        place.publish(TREE.note(50, key=OTHER), TREE.prove, NOW_UTC_NS)


def test_an_answer_that_is_no_cosignature_of_the_witness_is_none(witness: str) -> None:
    place = WitnessPlace(witness, HERE, OTHER.verifier.as_kind(4))
    with pytest.raises(LinkError, match="no cosignature of"):
        place.publish(TREE.note(50), TREE.prove, NOW_UTC_NS)
    with receiving() as receiver:
        receiver.status = 200
        with pytest.raises(LinkError, match="no cosignature of"):
            WitnessPlace(receiver.url, HERE, COSIGNER).publish(TREE.note(50), TREE.prove, NOW_UTC_NS)
    with pytest.raises(LinkError, match="must be https"):
        WitnessPlace("http://w.example", Hosts(("w.example",)), COSIGNER).publish(
            TREE.note(50), TREE.prove, NOW_UTC_NS
        )
