"""Serial numbers of drones and registration numbers of their operators: is it one, by its own rules?

ANSI/CTA-2063-A serial: 4 characters for the maker, one for the length of the rest (1-9, A-F for 10 to 15),
then as many. Digits and capital letters without I and O throughout.

EN 4709-02 operator number: 3 capital letters for the country (ISO 3166-1 alpha-3), 12 digits or small
letters, one check character. Behind a hyphen may follow 3 that only the operator and the authority know: they
are in the check, and are never kept. The check is Luhn's with 36 characters over the 12 and the 3.
"""

from __future__ import annotations

import re

from skykeep.base.errors import InputError

_SERIAL = re.compile(r"[0-9A-HJ-NP-Z]{4}([1-9A-F])([0-9A-HJ-NP-Z]{1,15})\Z")
_OPERATOR = re.compile(r"([A-Z]{3})([0-9a-z]{12})([0-9a-z])(?:-([0-9a-z]{3}))?\Z")
_CHARACTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
SERIAL_MUST = "4 characters of the maker, the length of the rest (1-9, A-F) and the rest, without I and O"
OPERATOR_MUST = "3 letters of the country, 12 characters, a check character, and -xyz if the secret is given"


def is_serial(serial: str) -> bool:
    """Return whether a text is a serial number by ANSI/CTA-2063-A."""
    found = _SERIAL.match(serial)
    return found is not None and len(found[2]) == int(found[1], 16)


def public_operator_id(text: str, field: str = "operator_id") -> str:
    """Return an operator's number without its secret part, which is checked first where it is given."""
    found = _OPERATOR.match(text)
    if found is None:
        raise InputError(field, _shown(text), OPERATOR_MUST)
    country, number, check, secret = found.groups()
    if secret is not None and luhn_mod_36(number + secret) != check:
        raise InputError(
            field, f"{country}{number}{check}-...", "one whose check character fits its secret part"
        )
    return f"{country}{number}{check}"


def luhn_mod_36(text: str) -> str:
    """Return the check character of digits and small letters: Luhn's sum in base 36."""
    total = 0
    for place, character in enumerate(reversed(text)):
        value = _CHARACTERS.index(character) * (2 if place % 2 == 0 else 1)
        total += value // 36 + value % 36
    return _CHARACTERS[-total % 36]


def _shown(text: str) -> str:
    """Return a text for an error, without what may be a secret."""
    return repr(text[:16].split("-")[0] + ("..." if len(text) > 16 or "-" in text else ""))
