"""`[[retention]]` of a site's file: what is kept of persons, how long, and why no longer."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from skykeep.app.place_text import Name, Text
from skykeep.base.errors import SetupError
from skykeep.domain.retention import PersonalDatum, RetentionRule

LONGEST_H = 10 * 365.25 * 24.0


class RetentionText(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: Name
    datum: PersonalDatum
    keep_h: Annotated[float, Meta(ge=0.0, le=LONGEST_H)]
    reason: Annotated[str, Meta(min_length=1, max_length=300)]
    except_incidents: bool = True


def rules_of(text: tuple[RetentionText, ...]) -> tuple[RetentionRule, ...]:
    """Return the rules; SetupError where two have one name."""
    names = [each.id for each in text]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise SetupError(f"retention has {twice!r} twice, must have each once")
    return tuple(
        RetentionRule(
            rule_id=each.id,
            datum=each.datum,
            keep_h=each.keep_h,
            reason=each.reason,
            except_incidents=each.except_incidents,
        )
        for each in text
    )
