"""What is expected of a source."""

from __future__ import annotations

import msgspec


class CareRules(msgspec.Struct, frozen=True, kw_only=True):
    """What is expected of a source; `period_s` 0 means that silence says nothing (people, Remote ID), `hears`
    False that it only takes what it is told (a display).
    """

    period_s: float = 1.0
    usual_way_s: float = 0.1
    clock_tolerance_s: float = 0.3
    clock_disciplined: bool = False
    hears: bool = True
