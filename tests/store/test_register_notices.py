"""Who is told what, once: and nobody is forgotten when the power goes in between."""

from __future__ import annotations

import http.server
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from loopback import serving
from made_register import S, notice, subscription
from skykeep.base.errors import InputError
from skykeep.domain.register import RegisterWriter
from skykeep.store.register import DatabaseRegister, open_register

WAIT_S = 60.0
SENDER = Path(__file__).parents[1] / "register_sender.py"


def waiting(register: DatabaseRegister, most: int = 100) -> list[tuple[str, str, int]]:
    return [
        (d.notice.notice_id, d.subscription.subscription_id, d.tries)
        for d in register.read().deliveries(most)
    ]


def test_each_is_told_what_it_subscribed_to(register: DatabaseRegister) -> None:
    def work(writer: RegisterWriter) -> None:
        writer.put_subscription(subscription("all"))
        writer.put_subscription(subscription("permits", kinds=("permit",)))
        writer.put_subscription(subscription("police", sees_private=True))
        writer.post(notice(1))
        writer.post(notice(2, kind="permit"))
        writer.post(notice(3, private=True))
        writer.post(msgspec.structs.replace(notice(4, private=True), owner="all"))

    register.change(work)
    assert waiting(register) == [
        ("N1", "all", 0),
        ("N1", "police", 0),
        ("N2", "all", 0),
        ("N2", "permits", 0),
        ("N2", "police", 0),
        ("N3", "police", 0),
        ("N4", "all", 0),
        ("N4", "police", 0),
    ]
    assert register.read().deliveries(1)[0].notice == notice(1)
    assert register.read().deliveries(1)[0].subscription == subscription("all")


def test_what_was_told_is_told_no_more_and_what_failed_is_tried_again(register: DatabaseRegister) -> None:
    register.change(lambda writer: writer.put_subscription(subscription("a")))
    register.change(lambda writer: writer.put_subscription(subscription("b")))
    register.change(lambda writer: writer.post(notice(1)))
    register.change(lambda writer: writer.failed("N1", "a", "no answer", 5 * S))
    register.change(lambda writer: writer.delivered("N1", "b", 6 * S))
    assert waiting(register) == [("N1", "a", 1)]
    # A second word on what was told changes nothing.
    register.change(lambda writer: writer.failed("N1", "b", "no answer", 7 * S))
    assert waiting(register) == [("N1", "a", 1)]
    register.change(lambda writer: writer.delivered("N1", "a", 8 * S))
    assert waiting(register) == []


def test_whoever_subscribes_later_is_not_told_of_before(register: DatabaseRegister) -> None:
    register.change(lambda writer: writer.post(notice(1)))
    register.change(lambda writer: writer.put_subscription(subscription("late")))
    register.change(lambda writer: writer.post(notice(2)))
    assert waiting(register) == [("N2", "late", 0)]


def test_whoever_leaves_is_told_nothing_more(register: DatabaseRegister) -> None:
    register.change(lambda writer: writer.put_subscription(subscription("a")))
    register.change(lambda writer: writer.post(notice(1)))
    register.change(lambda writer: writer.drop_subscription("a"))
    assert waiting(register) == []
    assert register.read().subscriptions() == ()
    register.change(lambda writer: writer.drop_subscription("a"))


def test_the_same_notice_again_is_no_other(register: DatabaseRegister) -> None:
    register.change(lambda writer: writer.put_subscription(subscription("a")))
    register.change(lambda writer: writer.post(notice(1)))
    register.change(lambda writer: writer.post(notice(1)))
    assert waiting(register) == [("N1", "a", 0)]
    with pytest.raises(InputError, match="notice_id: 'N1', must be new, or the very same notice"):
        register.change(lambda writer: writer.post(notice(1, kind="permit")))


def test_a_subscription_is_changed_in_place(register: DatabaseRegister) -> None:
    register.change(lambda writer: writer.put_subscription(subscription("a")))
    register.change(lambda writer: writer.put_subscription(subscription("a", address="elsewhere")))
    assert register.read().subscriptions() == (subscription("a", address="elsewhere"),)
    assert register.read().subscriptions(owner="b") == ()


def test_one_who_cannot_be_reached_keeps_nobody_else_waiting(register: DatabaseRegister) -> None:
    def work(writer: RegisterWriter) -> None:
        writer.put_subscription(subscription("gone", kinds=("permit",)))
        for number in range(20):
            writer.post(notice(number, kind="permit"))
        writer.put_subscription(subscription("there"))
        writer.post(notice(20))
        writer.post(notice(21))

    register.change(work)
    assert waiting(register, 4) == [
        ("N0", "gone", 0),
        ("N1", "gone", 0),
        ("N20", "there", 0),
        ("N21", "there", 0),
    ]


class _Heard(http.server.BaseHTTPRequestHandler):
    """Keeps what it is told, by the key under which it is told."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.headers["Idempotency-Key"], body))  # type: ignore[attr-defined]
        self.send_response(204)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        pass


@contextmanager
def listening() -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    """A webhook of our own on this machine: where it is, and what it heard."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Heard)
    heard: list[tuple[str, bytes]] = []
    server.heard = heard  # type: ignore[attr-defined]
    with serving(server):
        yield f"http://127.0.0.1:{server.server_address[1]}/", heard


@contextmanager
def process(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    source = str(Path(__file__).parents[2] / "src")
    with subprocess.Popen(
        [sys.executable, str(SENDER), *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": source},
    ) as running:
        # Whatever happens it ends, so that no wait is without end.
        last = threading.Timer(WAIT_S, running.kill)
        last.start()
        try:
            yield running
        finally:
            last.cancel()
            running.kill()
            running.wait(WAIT_S)


def said(running: subprocess.Popen[str]) -> str:
    assert running.stdout is not None
    return running.stdout.readline().strip()


def test_killed_between_signing_and_telling_each_is_told_once_after_the_restart(register_url: str) -> None:
    with listening() as (address, heard):
        with open_register(register_url) as register:
            for name in ("a", "b", "c"):
                wants = subscription(name, address=address)
                register.change(lambda writer, wants=wants: writer.put_subscription(wants))  # type: ignore[misc]
        with process(register_url, "sign") as signing:
            assert said(signing) == "kept"
            signing.send_signal(signal.SIGKILL)
            assert signing.wait(WAIT_S) == -signal.SIGKILL
        assert heard == []

        for told in ("told 3", "told 0"):
            with process(register_url, "send") as sending:
                assert said(sending) == told
                assert sending.wait(WAIT_S) == 0
        assert sorted(key for key, _ in heard) == ["N1/a", "N1/b", "N1/c"]


def test_killed_between_telling_and_noting_it_the_second_word_bears_the_same_key(register_url: str) -> None:
    with listening() as (address, heard):
        with open_register(register_url) as register:
            register.change(lambda writer: writer.put_subscription(subscription("a", address=address)))
            register.change(lambda writer: writer.post(notice(1)))
        with process(register_url, "send-and-stop") as sending:
            assert said(sending) == "sent"
            sending.send_signal(signal.SIGKILL)
            assert sending.wait(WAIT_S) == -signal.SIGKILL
        with process(register_url, "send") as sending:
            assert said(sending) == "told 1"
        assert [key for key, _ in heard] == ["N1/a", "N1/a"]


def test_killed_in_the_middle_of_a_change_nothing_of_it_is_there(register_url: str) -> None:
    with open_register(register_url) as register:
        register.change(lambda writer: writer.put_subscription(subscription("a")))
        with process(register_url, "half") as writing:
            assert said(writing) == "half"
            writing.send_signal(signal.SIGKILL)
            assert writing.wait(WAIT_S) == -signal.SIGKILL
        assert waiting(register) == []
        assert register.read().permits() == ()
        # And it keeps nobody from the next change.
        register.change(lambda writer: writer.post(notice(1)))
        assert waiting(register) == [("N1", "a", 0)]
