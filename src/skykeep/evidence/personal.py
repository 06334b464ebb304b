"""Which parts of which entries are about persons, and where in the payload they stand.

A part listed here can be taken out of a log later without breaking a proof (`skykeep.evidence.entry`): the
payload is cut around it when it is written. Listing is not taking: everything is kept until somebody decides.
What decided - who approved, who was told off, who redacted - is never listed: it is what the log is for.

A path names fields from the outside in; `[]` stands for every item of a list.
"""

from __future__ import annotations

from typing import Any

import msgspec

_SCOPE = ("pilots", "operator_ids", "serials", "flight.pilot_position")
_PERMIT = (
    "holder",
    "owner",
    "contact",
    *(f"{scope}.{field}" for scope in ("scope", "offer", "granted") for field in _SCOPE),
)

PERSONAL: dict[str, tuple[str, ...]] = {
    "claim": ("claimed_id", "operator_id", "operator_position_enu_m"),
    "report": ("position_enu_m", "text"),
    "registry_answer": ("claimed_id", "operator_id", "says"),
    "identification": ("claimed_id", "claims"),
    # Sentences that may name a claimed identity, or the holder of a permit.
    "verdict": ("failing_condition",),
    "threat": ("grounds",),
    "alert": ("grounds", "notes"),
    "notice_settled": ("recipient",),
    "source_event": ("data",),
    "airspace_change": tuple(f"permits_put[].{field}" for field in _PERMIT),
    # A case: only text, so that how it stands can still be told from what is left.
    "open_incident": ("items[].says",),
    "add_to_incident": ("items[].says",),
    "note_on_incident": ("text",),
    "add_media": ("media.name", "media.facts[].value", "media.taken"),
    "site": tuple(f"permits[].{field}" for field in _PERMIT),
}

# What says where and on what the rest rests, and who took something out: always there.
NEVER_REDACTED = frozenset(
    {
        "run",
        "software",
        "redacted",
        "papers_remade",
        "key_changed",
        "watch_continued",
        "watch_taken_over",
        "watch_went_on",
    }
)


class Span(msgspec.Struct, frozen=True):
    """A personal part of a payload: the path with its items numbered, and its bytes from `start` to before
    `end`.
    """

    path: str
    start: int
    end: int


def personal_spans(kind: str, payload: bytes) -> tuple[Span, ...]:
    """Return the personal parts of a payload in the order in which they stand; they never touch.

    A payload of a listed kind that is not our canonical JSON is one personal part as a whole: what cannot be
    cut must not become public by that.
    """
    tree = _TREES.get(kind)
    if tree is None:
        return ()
    spans: list[Span] = []
    try:
        if payload[:1] != b"{":
            raise _OtherSpellingError
        _find(payload, 0, tree, "", spans)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, _OtherSpellingError):
        return (Span("", 0, len(payload)),) if payload else ()
    return tuple(spans)


class _OtherSpellingError(Exception):
    """It is JSON, but not as we spell it."""


def _find(data: bytes, base: int, tree: dict[str, Any], path: str, spans: list[Span]) -> None:
    """Look for what `tree` names in the value `data`, which stands at byte `base` of the payload."""
    at = 1
    if data[:1] == b"[":
        items = msgspec.json.decode(data, type=list[msgspec.Raw])
        for number, item in enumerate(items):
            value = bytes(item)
            if "[]" in tree:
                _take(value, base + at, tree["[]"], f"{path}[{number}]", spans)
            at += len(value) + 1
        _check_end(data, at, len(items))
    elif data[:1] == b"{":
        fields = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
        for name, field in fields.items():
            value = bytes(field)
            at += len(msgspec.json.encode(name)) + 1
            if name in tree:
                _take(value, base + at, tree[name], f"{path}.{name}" if path else name, spans)
            at += len(value) + 1
        _check_end(data, at, len(fields))


def _take(value: bytes, at: int, inner: dict[str, Any], path: str, spans: list[Span]) -> None:
    if inner and value[:1] in (b"{", b"["):
        _find(value, at, inner, path, spans)
    elif value not in _EMPTY:
        spans.append(Span(path, at, at + len(value)))


def _check_end(data: bytes, at: int, items: int) -> None:
    # The last item is followed by no comma, and an empty list or object by nothing at all.
    if at != max(len(data) - (0 if items else 1), 1):
        raise _OtherSpellingError


_EMPTY = frozenset({b"null", b'""', b"[]"})


def _tree(paths: tuple[str, ...]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for path in paths:
        place = tree
        for name in path.replace("[]", ".[]").split("."):
            place = place.setdefault(name, {})
    return tree


_TREES = {kind: _tree(paths) for kind, paths in PERSONAL.items()}
