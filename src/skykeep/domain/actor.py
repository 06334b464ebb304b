"""Who acts on the register, and what they may."""

from __future__ import annotations

import enum
import unicodedata

import msgspec


class Right(enum.StrEnum):
    """What somebody may do: ask for permits, decide on them, draw and sign restrictions, bring lists of zones
    into force, see what is private, read the register, subscribe to what changes.
    """

    APPLY = "apply"
    DECIDE = "decide"
    RESTRICT = "restrict"
    IMPORT = "import"
    SEE_PRIVATE = "see_private"
    READ = "read"


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody by name, in a role, with rights; `authority_id` is the authority they act for, "" for none."""

    name: str
    role: str
    rights: frozenset[Right] = frozenset()
    authority_id: str = ""


def same_person(one: str, other: str) -> bool:
    """Return whether two names are one person's: blanks around them, case and how letters are written make
    nobody somebody else.
    """
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


SYSTEM = Actor(name="skykeep", role="rule", rights=frozenset(Right))
