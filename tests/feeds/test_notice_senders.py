"""Notices reach real receivers on this machine: an HTTP server, a mail server, TCP and UDP sockets."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from notice_receiver import Receiver, receiving
from skykeep.base.clock import from_iso_utc
from skykeep.base.errors import LinkError
from skykeep.domain.register import Delivery, Notice, Subscription
from skykeep.feeds.allowed_hosts import Hosts
from skykeep.feeds.notice_senders import CotSender, EmailSender, Post, WebSender, body_of

NOW_UTC_NS = from_iso_utc("2031-05-03T02:14:07Z")
NOTICE = Notice(
    notice_id="n-1",
    kind="restriction",
    subject="ban-1",
    says="The city-wide ban is in force.\nUntil 06:00.",
    body='{"zone":1}',
    time_utc_ns=NOW_UTC_NS,
)
HERE = Hosts(("127.0.0.1",))


def delivery(way: str, address: str, secret: str = "") -> Delivery:
    subscription = Subscription(subscription_id="s-1", owner="x", way=way, address=address, secret=secret)
    return Delivery(notice=NOTICE, subscription=subscription, tries=0)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def webhook(hosts: Hosts = HERE) -> WebSender:
    return WebSender(hosts, "POST", "application/json", body_of)


def test_a_webhook_is_sent_the_notice_signed_with_its_own_secret(receiver: Receiver) -> None:
    webhook().send(delivery("webhook", receiver.url, "s3cret"), NOW_UTC_NS)

    ((method, path, headers, body),) = receiver.taken
    assert (method, path) == ("POST", "/hook")
    assert json.loads(body) == {
        "notice_id": "n-1",
        "kind": "restriction",
        "subject": "ban-1",
        "says": NOTICE.says,
        "time": "2031-05-03T02:14:07.000Z",
        "body": {"zone": 1},
    }
    assert headers["Idempotency-Key"] == "n-1"
    signed = b"2031-05-03T02:14:07.000Z." + body
    assert headers["Skykeep-Signature"] == "sha256=" + hmac.new(b"s3cret", signed, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("status", [302, 400, 404, 500, 503])
def test_any_other_answer_is_no_delivery(receiver: Receiver, status: int) -> None:
    receiver.status = status
    with pytest.raises(LinkError, match=str(status)):
        webhook().send(delivery("webhook", receiver.url), NOW_UTC_NS)
    assert [path for _, path, _, _ in receiver.taken] == ["/hook"]  # no redirection is followed


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("https://10.0.0.1/hook", "not among the hosts"),
        ("http://127.0.0.1.evil.example/hook", "not among the hosts"),
        ("http://alerts.example/hook", "must be https"),
        ("ftp://127.0.0.1/hook", "must be https"),
        ("file:///etc/passwd", "not among the hosts"),
        ("http://127.0.0.1:99999/hook", "hook"),
    ],
)
def test_what_may_not_be_called_is_not(address: str, says: str) -> None:
    with pytest.raises(LinkError, match=says):
        webhook(Hosts(("127.0.0.1", "alerts.*"))).send(delivery("webhook", address), NOW_UTC_NS)


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nx: " + b"x" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\nbroken off",
    ],
)
def test_a_broken_answer_is_no_delivery(answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def talk() -> None:
            line, _ = server.accept()
            with line, contextlib.suppress(OSError):
                line.recv(65_536)
                line.sendall(answer)

        thread = threading.Thread(target=talk)
        thread.start()
        with pytest.raises(LinkError, match="HTTP was broken"):
            webhook().send(delivery("webhook", f"http://127.0.0.1:{server.getsockname()[1]}/"), NOW_UTC_NS)
        thread.join(10)


def test_a_host_that_is_not_there_is_no_delivery() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    with pytest.raises(LinkError):
        webhook().send(delivery("webhook", f"http://127.0.0.1:{port}/"), NOW_UTC_NS)


class Mailbox:
    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.letters.append(BytesParser(EmailMessage).parsebytes(envelope.content))
        return "250 OK"


def test_a_letter_is_plain_and_has_an_id_of_its_own() -> None:
    mailbox = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        post = Post(host="127.0.0.1", port=port, sender="watch@harbour.example", security="none")
        EmailSender(post, "Harbour watch").send(delivery("email", "desk@police.example"), NOW_UTC_NS)
    finally:
        controller.stop()

    (letter,) = mailbox.letters
    assert letter["To"] == "desk@police.example"
    assert letter["Subject"] == "Harbour watch: The city-wide ban is in force."
    assert letter["Message-ID"] == "<n-1.s-1@harbour.example>"
    assert NOTICE.says in str(letter.get_payload()).replace("\r\n", "\n")


def test_letters_go_in_the_open_to_this_machine_only_and_no_header_is_smuggled_in() -> None:
    away = Post(host="mail.example", port=25, sender="watch@harbour.example", security="none")
    with pytest.raises(LinkError, match="this machine only"):
        EmailSender(away, "Watch").send(delivery("email", "desk@police.example"), NOW_UTC_NS)
    here = Post(host="127.0.0.1", port=1, sender="watch@harbour.example", security="none")
    with pytest.raises(LinkError):
        EmailSender(here, "Watch").send(delivery("email", "a@b.example\nBcc: c@d.example"), NOW_UTC_NS)


def test_cot_goes_out_over_udp_and_tcp() -> None:
    sender = CotSender(HERE, lambda notice, now_utc_ns: [b"<event/>", b"<event uid='2'/>"])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(10)
        sender.send(delivery("cot", f"udp://127.0.0.1:{listening.getsockname()[1]}"), NOW_UTC_NS)
        assert [listening.recv(100), listening.recv(100)] == [b"<event/>", b"<event uid='2'/>"]
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)
        sender.send(delivery("cot", f"tcp://127.0.0.1:{server.getsockname()[1]}"), NOW_UTC_NS)
        connection, _ = server.accept()
        with connection:
            connection.settimeout(10)
            taken = b""
            while piece := connection.recv(100):
                taken += piece
    assert taken == b"<event/><event uid='2'/>"
    with pytest.raises(LinkError, match="must be tcp"):
        sender.send(delivery("cot", "http://127.0.0.1/"), NOW_UTC_NS)
