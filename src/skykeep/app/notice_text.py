"""The `[notices]` table of a site's file: who is told what happens in the watch, and by which way."""

from __future__ import annotations

import ipaddress
import urllib.parse
from collections.abc import Collection
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from skykeep import __version__
from skykeep.app.register_text import Name, PostText, Text, post_of
from skykeep.base.errors import SetupError
from skykeep.domain.encoding import encode_json
from skykeep.domain.notification import NoticeKind, Recipient
from skykeep.domain.register import Delivery, Notice, Subscription
from skykeep.domain.response import Alert, AlertState
from skykeep.feeds.allowed_hosts import Hosts
from skykeep.feeds.apprise_sender import AppriseSender
from skykeep.feeds.notice_senders import EmailSender, Sender, WebSender, body_of
from skykeep.wire.ocsf import drone_flight_event


class RecipientText(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One who is told. The address, or a file beside the site's that holds it, since with some ways it is a
    secret. `secret_file` holds what signs a webhook.
    """

    name: Name
    way: Annotated[str, Meta(pattern="^(webhook|ocsf|email|apprise)$")]
    address: Annotated[str, Meta(max_length=2_000)] = ""
    address_file: str = ""
    secret_file: str = ""
    kinds: tuple[NoticeKind, ...] = ()
    from_priority: Annotated[float, Meta(ge=0.0, le=1.0)] = 0.0


class NoticesText(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`networks` are private ones that may be called; without any, no address in a private range is."""

    to: tuple[RecipientText, ...] = ()
    networks: tuple[Name, ...] = ()
    post: PostText | None = None


def check_notices(text: NoticesText, source: str) -> None:
    """Raise SetupError where a value cannot be used."""
    names = [each.name for each in text.to]
    for name in names:
        if names.count(name) > 1:
            raise SetupError(f"{source}: notices.to has {name!r} twice, must have each once")
    for network in text.networks:
        try:
            ipaddress.ip_network(network)
        except ValueError as error:
            raise SetupError(
                f"{source}: notices.networks has {network!r}, must be such as 10.1.0.0/16: {error}"
            ) from error
    for each in text.to:
        if bool(each.address) == bool(each.address_file):
            raise SetupError(f"{source}: notices.to {each.name!r} must have an address, or an address_file")
        if each.way == "email" and text.post is None:
            raise SetupError(f"{source}: notices.to {each.name!r} is told by email, must have [notices.post]")
        if each.way == "webhook" and not each.secret_file.strip():
            raise SetupError(
                f"{source}: notices.to {each.name!r} is told by webhook, must have a secret_file"
            )


def recipients_of(text: NoticesText, folder: Path) -> tuple[Recipient, ...]:
    """Return who is told, with what lies in files; SetupError names the file that cannot be read, or holds
    nothing, and the key that names it.
    """
    return tuple(
        Recipient(
            name=each.name,
            way=each.way,
            address=each.address or _secret(folder, each, "address_file"),
            kinds=each.kinds,
            from_priority=each.from_priority,
            secret=_secret(folder, each, "secret_file") if each.secret_file else "",
        )
        for each in text.to
    )


def senders_of(
    text: NoticesText, recipients: Collection[Recipient], folder: Path, name: str
) -> dict[str, Sender]:
    """Return the ways of telling that the recipients, which are those of `text`, need."""
    named = [urllib.parse.urlsplit(each.address).hostname or "" for each in recipients]
    hosts = Hosts(filter(None, named), text.networks, private_by_name=False)
    senders: dict[str, Sender] = {
        "webhook": WebSender(hosts, "POST", "application/json", body_of),
        "ocsf": WebSender(hosts, "POST", "application/json", _ocsf_of),
    }
    if text.post is not None:
        senders["email"] = EmailSender(post_of(text.post, folder), name)
    if any(each.way == "apprise" for each in recipients):
        senders["apprise"] = AppriseSender(hosts, f"Skykeep {name}")
    return senders


def test_delivery(recipient: Recipient, site_name: str, now_utc_ns: int) -> Delivery:
    """Return a notice that says it is a test, whole, as an alert's would be."""
    alert = Alert(
        alert_id="test",
        state=AlertState.RAISED,
        title="This is a test",
        track_ids=(),
        asset_id="",
        priority=0.0,
        raised_utc_ns=now_utc_ns,
        changed_utc_ns=now_utc_ns,
        breach=None,
        grounds=(f"{site_name} tries whether you can be told.",),
    )
    event = drone_flight_event(alert, None, f"test {now_utc_ns}", site_name, __version__)
    notice = Notice(
        notice_id=f"test-{now_utc_ns}",
        kind="test",
        subject="test",
        says=f"{alert.title}\n{alert.grounds[0]}",
        body=encode_json({"alert": alert, "ocsf": event}).decode(),
        time_utc_ns=now_utc_ns,
    )
    return Delivery(notice=notice, subscription=subscription_of(recipient), tries=0)


def subscription_of(recipient: Recipient) -> Subscription:
    """Return a recipient as what the ways of telling know."""
    return Subscription(
        subscription_id=recipient.name,
        owner=recipient.name,
        way=recipient.way,
        address=recipient.address,
        secret=recipient.secret,
    )


def _ocsf_of(notice: Notice) -> bytes:
    return bytes(msgspec.json.decode(notice.body, type=dict[str, msgspec.Raw])["ocsf"])


def _secret(folder: Path, who: RecipientText, key: str) -> str:
    path: Path = folder / getattr(who, key)
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"notices.to {who.name!r}: {key} {path} cannot be read: {error}") from error
    if not secret:
        raise SetupError(
            f"notices.to {who.name!r}: {key} {path} is empty, must hold what is to be kept secret"
        )
    return secret
