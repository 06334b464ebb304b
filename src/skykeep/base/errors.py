"""Errors, sorted by who must act.

| error | what the caller does |
|---|---|
| `InputError` (`DecodeError` is one) | reject the record, count it, keep it, carry on |
| `SetupError` | refuse to start and tell the person at the keyboard |
| `LinkError` | retry, and show the source as stale |
| `IntegrityError` | stop writing, raise the alarm, never repair |

Our own mistakes stay `ValueError` or `AssertionError` and may crash.
"""

from __future__ import annotations


class SkykeepError(Exception):
    """A condition that Skykeep foresaw. The sentence is for people, the fields for programs."""


class InputError(SkykeepError):
    """One record is unusable: reject it and carry on.

    `field` names the offending item, `found` says what it was, `must` what it must be.
    """

    def __init__(self, field: str, found: str, must: str) -> None:
        self.field = field
        self.found = found
        self.must = must
        super().__init__(f"{field}: {found}, must be {must}")


class DecodeError(InputError):
    """Bytes that do not follow their standard, or follow it into the impossible."""


class SetupError(SkykeepError):
    """The configuration cannot be run: refuse to start."""


class LinkError(SkykeepError):
    """A connection is gone or silent: retry, and show it as stale."""


class IntegrityError(SkykeepError):
    """The record does not agree with itself.

    `entry` is the sequence number of the first entry that disagrees, or None when no single entry is to
    blame; `field` is where in it, by a path such as `threats[3].priority`, "" for the whole.
    """

    def __init__(self, sentence: str, entry: int | None = None, field: str = "") -> None:
        self.entry = entry
        self.field = field
        super().__init__(sentence)
