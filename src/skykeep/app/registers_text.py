"""`[[registers]]` of a site's file: where it is looked up who an aircraft is registered to.

Each is a file beside the site's (`path`) or an address (`address`). None is ever needed: the watch goes on
without an answer. Only the identity that is claimed is sent, and how it was claimed.
"""

from __future__ import annotations

import ipaddress
import urllib.parse
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from skykeep.app.place_text import Name, Text
from skykeep.app.registry_watch import Register
from skykeep.base.errors import SetupError
from skykeep.domain.sensing import ClaimKind
from skykeep.feeds.allowed_hosts import Hosts
from skykeep.feeds.registry_file import FileRegister
from skykeep.feeds.registry_http import PATIENCE_S, HttpRegister

# A register of drones does not know airliners: unless it is said, it is asked about none.
DRONES = (ClaimKind.REMOTE_ID, ClaimKind.NETWORK_REMOTE_ID)


class RegistryText(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One register of aircraft. `complete` is of a file: whoever is not in it is not registered. The others
    are of an address: `token_file` holds what opens it, `networks` are private ones that may be called,
    `patience_s` is how long an answer may take.
    """

    name: Name
    path: str = ""
    complete: bool = True
    address: Annotated[str, Meta(max_length=2_000)] = ""
    token_file: str = ""
    networks: tuple[Name, ...] = ()
    patience_s: Annotated[float, Meta(gt=0.0, le=10.0)] = PATIENCE_S
    kinds: Annotated[tuple[ClaimKind, ...], Meta(min_length=1)] = DRONES


def check_registers(texts: tuple[RegistryText, ...], source: str) -> None:
    """Raise SetupError where a value cannot be used."""
    for each in texts:
        where = f"{source}: registers {each.name!r}"
        if bool(each.path) == bool(each.address):
            raise SetupError(f"{where} must have a path, or an address")
        if each.path and (each.token_file or each.networks):
            key = "token_file" if each.token_file else "networks"
            raise SetupError(f"{where} is a file and has {key}, must have that with an address only")
        if each.address and not each.complete:
            raise SetupError(f"{where} has an address and complete, must have that with a path only")
        for network in each.networks:
            try:
                ipaddress.ip_network(network)
            except ValueError as error:
                raise SetupError(
                    f"{where}: networks has {network!r}, must be such as 10.1.0.0/16: {error}"
                ) from error


def registers_of(texts: tuple[RegistryText, ...], folder: Path) -> tuple[Register, ...]:
    """Return the registers; SetupError names the one that cannot be used, and why."""
    return tuple(register_of(each, folder) for each in texts)


def register_of(text: RegistryText, folder: Path) -> Register:
    """Return one register; nothing is asked yet."""
    try:
        if text.path:
            path = folder / text.path
            return FileRegister(path, text.name, complete=text.complete, kinds=frozenset(text.kinds))
        return HttpRegister(
            text.address,
            text.name,
            Hosts([host_of(text)], text.networks, private_by_name=False),
            token=_token(folder / text.token_file) if text.token_file else "",
            patience_s=text.patience_s,
            kinds=frozenset(text.kinds),
        )
    except SetupError as error:
        raise SetupError(f"register {text.name!r}: {error}") from error


def host_of(text: RegistryText) -> str:
    """Return whom an address names, "" where it names nobody."""
    try:
        return urllib.parse.urlsplit(text.address).hostname or ""
    except ValueError:
        return ""


def _token(path: Path) -> str:
    try:
        token = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"{path}: cannot be read: {error}") from error
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise SetupError(f"{path}: must hold one token, of letters, digits and signs without a space")
    return token
