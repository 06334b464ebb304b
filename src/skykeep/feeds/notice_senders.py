"""The ways in which a notice reaches a subscriber: a webhook, a letter, Cursor on Target, an ED-318 document.

A sender tells one subscriber one notice and returns, or raises LinkError: then it will be tried again. What
could come twice (an answer that was lost) carries the notice's own id, by which a receiver knows it.

| way | address | what is sent |
|---|---|---|
| `webhook` | `https://host/path` | POST of the notice as JSON, signed with the subscription's secret |
| `ed318` | `https://host/path` | PUT of all that is in force, as an ED-318 document |
| `email` | `name@host` | a plain letter through the configured server |
| `cot` | `tcp://host:port`, `udp://host:port` | the restriction's outline as CoT XML events |

The signature is `sha256=` and HMAC-SHA-256 over `time.body`, time as in the header `skykeep-time`. Plain HTTP
goes to this machine only; no redirection is followed. Hosts must be among those that the site allows: nobody
who subscribes can make this machine call where it should not.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import smtplib
import socket
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol

import msgspec

from skykeep.base.clock import NS_PER_S, iso_utc
from skykeep.base.errors import LinkError
from skykeep.domain.register import Delivery, Notice
from skykeep.feeds.allowed_hosts import HERE, PATIENCE_S, Hosts


class Sender(Protocol):
    """One way of telling."""

    def send(self, delivery: Delivery, now_utc_ns: int) -> None:
        """Tell one subscriber one notice; LinkError when it was not taken."""
        ...


def body_of(notice: Notice) -> bytes:
    """Return a notice as the JSON that machines are sent."""
    return msgspec.json.encode(
        {
            "notice_id": notice.notice_id,
            "kind": notice.kind,
            "subject": notice.subject,
            "says": notice.says,
            "time": iso_utc(notice.time_utc_ns),
            "body": msgspec.Raw(notice.body.encode()) if notice.body else None,
        }
    )


def signature(secret: str, time: str, body: bytes) -> str:
    """Return what the header `skykeep-signature` holds."""
    return "sha256=" + hmac.new(secret.encode(), time.encode() + b"." + body, hashlib.sha256).hexdigest()


class WebSender:
    """Webhooks (`method` POST) and documents kept up to date elsewhere (PUT)."""

    def __init__(self, hosts: Hosts, method: str, content_type: str, body: Callable[[Notice], bytes]) -> None:
        self._hosts, self._method, self._type, self._body = hosts, method, content_type, body
        self._opener = hosts.opener()

    def send(self, delivery: Delivery, now_utc_ns: int) -> None:
        """Send it; any answer in the two hundreds is a yes."""
        address = delivery.subscription.address
        parts = urllib.parse.urlsplit(address)
        host = self._hosts.check(parts.hostname)
        try:
            _ = parts.port
        except ValueError as error:
            raise LinkError(f"{address}: {error}") from error
        if parts.scheme != "https" and not (parts.scheme == "http" and host in HERE):
            raise LinkError(f"{address}: must be https (plain http only to this machine)")
        body = self._body(delivery.notice)
        time = iso_utc(now_utc_ns)
        headers = {
            "content-type": self._type,
            "idempotency-key": delivery.notice.notice_id,
            "skykeep-time": time,
        }
        if delivery.subscription.secret:
            headers["skykeep-signature"] = signature(delivery.subscription.secret, time, body)
        request = urllib.request.Request(address, body, headers, method=self._method)  # noqa: S310
        try:
            with self._opener.open(request, timeout=PATIENCE_S) as answer:
                answer.read(4_096)
        except urllib.error.HTTPError as error:
            with error:
                raise LinkError(f"{address}: answered {error.code} {error.reason}") from error
        except http.client.HTTPException as error:
            # Its own words may be pages of whatever the other side sent.
            raise LinkError(f"{address}: HTTP was broken ({type(error).__name__})") from error
        except (OSError, ValueError) as error:
            raise LinkError(f"{address}: {error}") from error


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """The server that takes our letters; `security` is `tls`, `starttls` or `none` (this machine only)."""

    host: str
    port: int
    sender: str
    security: str = "starttls"
    user: str = ""
    password_file: str = ""


class EmailSender:
    """Letters, plain text, one to a notice."""

    def __init__(self, post: Post, name: str) -> None:
        self._post, self._name = post, name

    def send(self, delivery: Delivery, now_utc_ns: int) -> None:  # noqa: ARG002
        """Hand the letter to the server."""
        try:
            letter = self._letter(delivery)
            with self._connected() as server:
                server.send_message(letter)
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise LinkError(f"{self._post.host}: {error}") from error

    def _letter(self, delivery: Delivery) -> EmailMessage:
        notice = delivery.notice
        letter = EmailMessage()
        letter["From"], letter["To"] = self._post.sender, delivery.subscription.address
        letter["Subject"] = f"{self._name}: {notice.says.splitlines()[0][:150]}"
        letter["Date"] = format_datetime(datetime.fromtimestamp(notice.time_utc_ns // NS_PER_S, UTC))
        # The same letter sent twice has one id, by which a mailbox shows it once.
        domain = self._post.sender.rpartition("@")[2] or "skykeep.invalid"
        letter["Message-ID"] = f"<{notice.notice_id}.{delivery.subscription.subscription_id}@{domain}>"
        letter.set_content(f"{notice.says}\n\n{iso_utc(notice.time_utc_ns)}, notice {notice.notice_id}\n")
        return letter

    def _connected(self) -> smtplib.SMTP:
        post = self._post
        if post.security == "none" and post.host not in HERE:
            raise LinkError(f"{post.host}: letters go in the open to this machine only")
        context = ssl.create_default_context()
        server: smtplib.SMTP
        if post.security == "tls":
            server = smtplib.SMTP_SSL(post.host, post.port, timeout=PATIENCE_S, context=context)
        else:
            server = smtplib.SMTP(post.host, post.port, timeout=PATIENCE_S)
        try:
            if post.security == "starttls":
                server.starttls(context=context)
            if post.user:
                server.login(post.user, Path(post.password_file).read_text(encoding="utf-8").strip())
        except BaseException:
            server.close()
            raise
        return server


class CotSender:
    """CoT events to one address, over a connection of their own. `events` gives them as XML."""

    def __init__(self, hosts: Hosts, events: Callable[[Notice, int], list[bytes]]) -> None:
        self._hosts, self._events = hosts, events

    def send(self, delivery: Delivery, now_utc_ns: int) -> None:
        """Send what there is to draw of a notice; of one without a place there is nothing."""
        address = delivery.subscription.address
        parts = urllib.parse.urlsplit(address)
        try:
            port = parts.port or 8087
            events = self._events(delivery.notice, now_utc_ns)
            if parts.scheme == "udp":
                place = self._hosts.places(parts.hostname, port, socket.SOCK_DGRAM)[0]
                family = socket.AF_INET6 if ":" in place else socket.AF_INET
                with socket.socket(family, socket.SOCK_DGRAM) as out:
                    for event in events:
                        out.sendto(event, (place, port))
            elif parts.scheme == "tcp":
                with self._hosts.connect(parts.hostname, port) as out:
                    out.sendall(b"".join(events))
            else:
                raise LinkError(f"{address}: must be tcp://host:port or udp://host:port")
        except (OSError, ValueError) as error:
            raise LinkError(f"{address}: {error}") from error
