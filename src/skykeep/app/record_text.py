"""The `[record]` table of a site's file: whose key signs the log, and where its checkpoints go.

[record]
key = "watch.example.org/harbour"      # made by `skykeep keys make`
every_min = 10
new_folder_at = "04:00"                # by the site's clock; "never"; see docs/retention.md
new_folder_within_min = 240            # so long it may wait for a quiet moment

[[record.to]]
way = "folder"                         # folder, http, email, witness or timestamp
address = "/mnt/elsewhere/checkpoints"

[[record.to]]
way = "witness"
address = "https://witness.example.net/"
key = "witness.example.net/w1+1a2b3c4d+BBase64"

[[record.to]]
way = "timestamp"                      # an authority of RFC 3161; needs the extra `timestamp`
address = "https://time.example.net/tsr"
certificate = "time.example.net.pem"   # beside this file: one of these must stand behind its answers
"""

from __future__ import annotations

import urllib.parse
from pathlib import Path
from typing import Annotated

import msgspec
from cryptography import x509
from msgspec import Meta

from skykeep.app.finding import Finding
from skykeep.app.publishing import PlaceHealth
from skykeep.app.register_text import Name, PostText, Text, post_of
from skykeep.base.errors import InputError, SetupError
from skykeep.domain.encoding import decode_json, encode_json
from skykeep.evidence.signed_note import COSIGNATURE, VerifierKey, read_verifier_key
from skykeep.evidence.timestamp import read_certificates
from skykeep.feeds.allowed_hosts import Hosts
from skykeep.feeds.checkpoint_places import (
    FolderPlace,
    Place,
    SenderPlace,
    TimestampPlace,
    WitnessPlace,
    web_place,
)
from skykeep.feeds.notice_senders import EmailSender
from skykeep.store.manifest import replace_file
from skykeep.store.signing_keys import KeyRing, folder_of, load_key


class PlaceText(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One place that checkpoints go to. `key` is that of a witness, `certificate` a file of an authority."""

    way: Annotated[str, Meta(pattern="^(folder|http|email|witness|timestamp)$")]
    address: Name
    key: str = ""
    certificate: str = ""


class RecordText(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Without a `key` the log is not signed. `networks` are private ones that may be called. A running watch
    begins a new folder at `new_folder_at`, "" for the default (`app/new_folder.py`), or waits for a quiet
    moment, but no longer than `new_folder_within_min`.
    """

    key: str = ""
    keys_folder: str = ""
    every_min: Annotated[float, Meta(ge=0.1, le=1_440.0)] = 10.0
    new_folder_at: Annotated[str, Meta(pattern="^(|never|([01][0-9]|2[0-3]):[0-5][0-9])$")] = ""
    new_folder_within_min: Annotated[float, Meta(ge=0.0, le=720.0)] = 240.0
    to: tuple[PlaceText, ...] = ()
    networks: tuple[Name, ...] = ()
    post: PostText | None = None


def check_record(text: RecordText, source: str) -> None:
    """Raise SetupError where a value cannot be used."""
    addresses = [each.address for each in text.to]
    for each in text.to:
        if addresses.count(each.address) > 1:
            raise SetupError(f"{source}: record.to has {each.address!r} twice, must have each once")
        if each.way == "email" and text.post is None:
            raise SetupError(
                f"{source}: record.to {each.address!r} is told by email, must have [record.post]"
            )
        if (each.way == "witness") != bool(each.key):
            must = "must have its key" if each.way == "witness" else "must have no key"
            raise SetupError(f"{source}: record.to {each.address!r} is by way of {each.way}, {must}")
        if each.way == "witness":
            _witness_key(each, source)
        if each.certificate and each.way != "timestamp":
            raise SetupError(
                f"{source}: record.to {each.address!r} is by way of {each.way}, must have no certificate"
            )
    if text.to and not text.key:
        raise SetupError(f"{source}: record.to needs a record.key: an unsigned checkpoint is nobody's word")


def key_ring_of(text: RecordText, folder: Path) -> KeyRing | None:
    """Return the key that signs, None without one; SetupError where it is not kept here as it must be."""
    if not text.key:
        return None
    return load_key(text.key, folder / text.keys_folder if text.keys_folder else None)


def witness_keys_of(text: RecordText) -> tuple[VerifierKey, ...]:
    """Return the keys of the witnesses."""
    return tuple(_witness_key(each, "record") for each in text.to if each.way == "witness")


def places_of(text: RecordText, folder: Path, name: str) -> tuple[Place, ...]:
    """Return where checkpoints go; `folder` is where the site's file lies, `name` the site's."""
    named = [urllib.parse.urlsplit(each.address).hostname or "" for each in text.to]
    hosts = Hosts(filter(None, named), text.networks, private_by_name=False)
    return tuple(_place(each, text, folder, name, hosts) for each in text.to)


def _place(each: PlaceText, text: RecordText, folder: Path, name: str, hosts: Hosts) -> Place:
    if each.way == "folder":
        return FolderPlace(folder / each.address)
    if each.way == "http":
        return web_place(each.address, hosts)
    if each.way == "witness":
        return WitnessPlace(each.address, hosts, _witness_key(each, "record"))
    if each.way == "timestamp":
        return TimestampPlace(each.address, hosts, _certificates(each, folder))
    assert text.post is not None
    return SenderPlace("email", each.address, EmailSender(post_of(text.post, folder), name))


def _certificates(each: PlaceText, folder: Path) -> tuple[x509.Certificate, ...]:
    """Return the certificates of an authority; SetupError where they cannot be read."""
    try:
        return read_certificates((folder / each.certificate).read_bytes()) if each.certificate else ()
    except (OSError, InputError) as error:
        says = error.strerror if isinstance(error, OSError) else error
        raise SetupError(f"record.to {each.address!r}: certificate {each.certificate}: {says}") from error


def _witness_key(each: PlaceText, source: str) -> VerifierKey:
    try:
        return read_verifier_key(each.key).as_kind(COSIGNATURE)
    except InputError as error:
        raise SetupError(f"{source}: record.to {each.address!r}: {error}") from error


HEALTH = "publishing.json"


def health_of(text: RecordText, folder: Path) -> tuple[PlaceHealth, ...]:
    """Return how publishing fared when a watch last tried, nothing where none ever did."""
    path = folder_of(text.key, folder / text.keys_folder if text.keys_folder else None) / HEALTH
    try:
        return decode_json(path.read_bytes(), tuple[PlaceHealth, ...])
    except (OSError, msgspec.DecodeError):
        return ()


def keep_health(text: RecordText, folder: Path, health: tuple[PlaceHealth, ...]) -> None:
    """Keep how publishing fares beside the key, where `skykeep doctor` finds it."""
    path = folder_of(text.key, folder / text.keys_folder if text.keys_folder else None) / HEALTH
    replace_file(path, encode_json(health))


def look_at_record(text: RecordText | None, folder: Path, name: str) -> Finding:
    """Say, for `skykeep doctor`, whether the log will be signed and where its checkpoints go. Nothing is
    sent.
    """
    if text is None or not text.key:
        says = "The log is not signed, and no checkpoint leaves the house: its owner could rewrite it unseen."
        return Finding(what="record", verdict="note", says=says)
    try:
        ring = key_ring_of(text, folder)
        assert ring is not None
        places_of(text, folder, name)
    except SetupError as error:
        return Finding(what="record", verdict="bad", says=f"{error}.")
    says = f"Signed by {ring.key.verifier.text}. "
    if not text.to:
        says += "No checkpoint leaves the house by itself: its owner could rewrite the log unseen."
        return Finding(what="record", verdict="note", says=says)
    went = ", ".join(f"{each.address} ({each.way})" for each in text.to)
    own = [each.address for each in text.to if each.way == "folder" and not Path(each.address).is_absolute()]
    says += f"Every {text.every_min:g} min a checkpoint goes to {went}."
    if own:
        says += f" {', '.join(own)} is beside the site's file: that is not out of the house."
    fared = health_of(text, folder)
    failing = any(health.failures_since for health in fared)
    says += "".join(f" {health.says}." for health in fared)
    return Finding(what="record", verdict="bad" if failing else "note" if own else "ok", says=says)
