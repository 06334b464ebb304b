"""What has to be shorter in a standard than we have it: cut so that the same always becomes the same.

Nothing is lost by it: who writes also carries the whole (`zone_carry`).
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable

from skykeep.domain.zone import Text, Texts

_CUT = "\u2026"
_FROM_ID = 2


def short_identifiers(zone_ids: Iterable[str], longest: int) -> dict[str, str]:
    """Return a short identifier for each: itself where it fits; else its first two letters or digits and a
    digest of it all, no two the same.
    """
    distinct = sorted(set(zone_ids))
    short = {zone_id: zone_id for zone_id in distinct if 0 < len(zone_id) <= longest}
    taken = set(short)
    for zone_id in distinct:
        if zone_id in short:
            continue
        head = re.sub(r"[^A-Za-z0-9]", "", zone_id)[:_FROM_ID].upper()
        tries = 0
        while True:
            digest = hashlib.sha256(f"{zone_id}\n{tries}".encode()).digest()
            candidate = (head + base64.b32encode(digest).decode())[:longest]
            if candidate not in taken:
                break
            tries += 1
        short[zone_id] = candidate
        taken.add(candidate)
    return short


def cut(text: str, longest: int) -> str:
    """Return a text of at most so many characters, its end replaced by an ellipsis where it is cut."""
    return text if len(text) <= longest else text[: longest - 1] + _CUT


def one_text(texts: Texts, longest: int) -> str:
    """Return texts as one, without their languages."""
    return cut(" / ".join(one.text for one in texts), longest)


def texts_json(texts: Texts, longest: int) -> list[dict[str, str]]:
    """Return texts with languages of at most five characters; `und` where it is not known."""
    return [{"text": cut(one.text, longest), "lang": _language(one)} for one in texts]


def _language(text: Text) -> str:
    language = text.language or "und"
    return language if len(language) <= 5 else language.split("-")[0][:5] or "und"
