"""What `skykeep doctor` found: one thing that was looked at, in plain words."""

from __future__ import annotations

from typing import Literal

import msgspec

Verdict = Literal["ok", "note", "bad"]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at."""

    what: str
    verdict: Verdict
    says: str
