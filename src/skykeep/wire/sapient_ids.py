"""Identifiers of SAPIENT, made from what they stand for: the same inputs always give the same identifier.

| identifier | form |
|---|---|
| node, destination | UUID version 4, lower case, with dashes |
| report, object, task, alert, region | ULID: 26 upper-case base-32 digits: 48 bits of ms, 80 free |

The digits are Crockford's. The free bits are a BLAKE2b digest of the parts given. Source: BSI Flex 335 v2;
RFC 9562; the ULID specification.
"""

from __future__ import annotations

import hashlib
import re

DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
UUID_4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
NS_PER_MS = 1_000_000


def _digest(parts: tuple[str | int, ...], size: int) -> bytes:
    # A length before each part, so that ("a", "bc") and ("ab", "c") differ.
    text = "".join(f"{len(str(part))}:{part}" for part in parts)
    return hashlib.blake2b(text.encode(), digest_size=size).digest()


def node_uuid(*parts: str | int) -> str:
    """Return the UUID (version 4 in form) that stands for `parts`."""
    octets = bytearray(_digest(parts, 16))
    octets[6] = octets[6] & 0x0F | 0x40
    octets[8] = octets[8] & 0x3F | 0x80
    text = octets.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def ulid(time_utc_ns: int, *parts: str | int) -> str:
    """Return the ULID of a moment (not before 1970) and of `parts`."""
    number = (time_utc_ns // NS_PER_MS) << 80 | int.from_bytes(_digest(parts, 10), "big")
    return "".join(DIGITS[number >> shift & 31] for shift in range(125, -1, -5))


def ulid_time_utc_ns(text: str) -> int:
    """Return the moment in a ULID, to the millisecond."""
    number = 0
    for digit in text:
        number = number << 5 | DIGITS.index(digit)
    return (number >> 80) * NS_PER_MS
