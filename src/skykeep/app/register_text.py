"""The `[register]` table of a site's file: where the rules are kept, who keeps them, and whom to tell."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Meta

from skykeep.app.office_desk import OfficeSettings
from skykeep.app.office_forms import read_form
from skykeep.base.errors import InputError, SetupError
from skykeep.feeds.notice_senders import Post

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Port = Annotated[int, Meta(ge=0, le=65_535)]


class Text(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Anything that the table may say."""


class PostText(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The server that takes our letters."""

    host: Name
    port: Port = 587
    sender: Name
    security: Annotated[str, Meta(pattern="^(tls|starttls|none)$")] = "starttls"
    user: str = ""
    password_file: str = ""


class DssText(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The DSS that is told where we provide identification; `own_url` is where we are reached from there."""

    url: Name
    own_url: Name
    token_file: str = ""


class DoorsText(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The interfaces over HTTP, and whose tokens open them. `scope_names` are the issuer's words for our
    scopes where they differ. `plan_contact` opens flight planning, and answers for what comes in there.
    `test_interfaces` opens what makes things up.
    """

    host: Name = "127.0.0.1"
    port: Port = 8471
    issuer: Name
    audiences: Annotated[tuple[Name, ...], Meta(min_length=1)]
    key_files: Annotated[tuple[Name, ...], Meta(min_length=1)]
    scope_names: dict[str, str] = {}
    plan_contact: Annotated[str, Meta(max_length=200)] = ""
    dss: DssText | None = None
    restriction_sources: dict[str, tuple[Name, ...]] = {}
    rule_sets: tuple[Name, ...] = ()
    test_interfaces: bool = False
    source_hosts: tuple[Name, ...] = ()
    source_http_from_this_machine: bool = False


class RegisterText(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`database` is a file beside the site's, or a `postgresql://` address. `apply` opens the public page on
    the intake's port. `settings` names a file with what the office does by rule, such as which flights are
    approved at once. `tell_hosts` are the hosts that notices may be sent to, as names or patterns.
    """

    database: Name = "register.db"
    authority: Annotated[str, Meta(max_length=100)] = ""
    time_zone: Name = "UTC"
    apply: bool = False
    apply_reach_m: Annotated[float, Meta(gt=0.0, le=200_000.0)] = 60_000.0
    ring_radius_m: Annotated[float, Meta(gt=0.0, le=50_000.0)] = 1_000.0
    ring_lapses_s: Annotated[float, Meta(gt=0.0, le=86_400.0)] = 1_800.0
    settings: str = ""
    tell_hosts: tuple[Name, ...] = ()
    post: PostText | None = None
    doors: DoorsText | None = None


def check_register(text: RegisterText, source: str) -> None:
    """Raise SetupError where a value cannot be used."""
    try:
        ZoneInfo(text.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SetupError(
            f"{source}: register.time_zone is {text.time_zone!r}, must be an IANA name such as Europe/Paris"
        ) from error
    if text.post is not None and text.post.user and not text.post.password_file:
        raise SetupError(f"{source}: register.post has a user, must have a password_file too")


def database_of(text: RegisterText, folder: Path) -> str | Path:
    """Return where the register is: an address as it stands, a file beside the site's own."""
    return text.database if "://" in text.database else folder / text.database


def settings_of(text: RegisterText, folder: Path) -> OfficeSettings:
    """Return what the office does by rule here; SetupError where its file cannot be used."""
    chosen = OfficeSettings()
    if text.settings:
        path = folder / text.settings
        try:
            chosen = read_form(path.read_bytes(), path.name, OfficeSettings)
        except (OSError, InputError) as error:
            raise SetupError(f"register.settings: {error}") from error
    return msgspec.structs.replace(
        chosen,
        default_authority_id=text.authority or chosen.default_authority_id,
        ring_radius_m=text.ring_radius_m,
        ring_lapses_s=text.ring_lapses_s,
    )


def post_of(text: PostText, folder: Path) -> Post:
    """Return the server that takes our letters."""
    return Post(
        host=text.host,
        port=text.port,
        sender=text.sender,
        security=text.security,
        user=text.user,
        password_file=str(folder / text.password_file) if text.password_file else "",
    )
