"""Numbers by which a drone and its operator are known, and whether they are written as they must be.

| number | form |
|---|---|
| serial (ANSI/CTA-2063-A) | maker (4), length code 1 to F, and that many more; digits and letters without O and I |
| operator (EN 4709-02) | country (3 letters), 12 of 0-9 a-z, a check character, `-`, 3 secret ones of 0-9 a-z |

The check character is Luhn's modulo 36 over the twelve and the secret three, from the left, doubling every
other one beginning with the first: without the secret part it cannot be checked.
"""

from __future__ import annotations

import re

from skykeep.base.errors import InputError

_SERIAL = re.compile(r"([0-9A-HJ-NP-Z]{4})([1-9A-F])([0-9A-HJ-NP-Z]{1,15})")
_OPERATOR = re.compile(r"([A-Za-z]{3})([0-9a-z]{12})([0-9a-z])-([0-9a-z]{3})")
_VALUES = "0123456789abcdefghijklmnopqrstuvwxyz"


def checked_serial(serial: str, field: str) -> str:
    """Return a serial as it is; InputError when it is none."""
    match = _SERIAL.fullmatch(serial)
    if match is None:
        must = "4 characters of the maker, a length code 1 to F, and that many more, none O or I"
        raise InputError(field, repr(serial[:40]), must)
    length = int(match[2], 16)
    if len(match[3]) != length:
        raise InputError(field, f"{len(match[3])} characters after the length code", f"{length}")
    return serial


def checked_operator(operator_id: str, field: str) -> str:
    """Return the public part of an operator's number; InputError when it is none or its check is wrong."""
    match = _OPERATOR.fullmatch(operator_id)
    if match is None:
        must = "3 letters of the country, 12 characters, a check character, -, 3 secret characters"
        raise InputError(field, f"{len(operator_id)} characters of another form", must)
    if check_character(match[2], match[4]) != match[3]:
        raise InputError(field, f"the check character {match[3]}", "the one of the number before it")
    return operator_id.partition("-")[0]


def check_character(base: str, secret: str) -> str:
    """Return the check character of twelve and three characters of 0-9 a-z."""
    total = 0
    for index, character in enumerate(base + secret):
        total += sum(divmod(_VALUES.index(character) * (2 - index % 2), 36))
    return _VALUES[-total % 36]
