"""Whether what a person has heard, shelved or cleared has grown materially worse since, and the sentence."""

from __future__ import annotations

from skykeep.base.clock import ns_to_seconds
from skykeep.domain.rules import AlertRules, ResponseRules
from skykeep.domain.threat import Threat
from skykeep.response.case import Case, Heard
from skykeep.response.words import Words


def grown_worse(case: Case, words: Words, rules: AlertRules) -> str:
    """Return how an alert that somebody has heard is worse than it was then, or ""."""
    heard, alert = case.heard, case.alert
    if heard is None:
        return ""
    count = len(case.members)
    if count >= heard.count + rules.worse_members and count >= rules.worse_members_ratio * heard.count:
        return f"There are {count} of them now; there {_were(heard.count)} when {heard.by} heard it."
    if alert.priority >= heard.priority + rules.worse_priority:
        return (
            f"Its priority grew from {heard.priority:.2f} to {alert.priority:.2f} since {heard.by} heard it."
        )
    consequence = alert.factors.consequence if alert.factors else 0.0
    if alert.asset_id != heard.asset_id and consequence >= heard.consequence + rules.worse_consequence:
        now = words.name(alert.asset_id)
        return f"It aims at {now}, where a breach is worse than at {words.name(heard.asset_id)}."
    return ""


def shelf_worse(
    heard: Heard, threat: Threat | None, asset_id: str, rules: ResponseRules, now_utc_ns: int
) -> str:
    """Return how what aims at an asset is worse than when a person put it aside or cleared it, or ""."""
    if threat is None:
        return ""
    more = threat.priority - heard.priority
    if more >= rules.alerts.shelf_worse_priority:
        return f"Its priority grew from {heard.priority:.2f} to {threat.priority:.2f}."
    if asset_id != heard.asset_id:
        return "It turned to another asset."
    if threat.breach is None:
        return ""
    low_s, then_s = threat.breach.low_s, heard.breach_low_s
    if then_s is None:
        near = low_s <= rules.imminent_s
        return f"It is closing now: {low_s:.0f} s to the breach at the soonest." if near else ""
    if low_s <= rules.alerts.shelf_breach_fraction * then_s or low_s <= rules.imminent_s < then_s:
        ago_s = ns_to_seconds(now_utc_ns - heard.time_utc_ns)
        return f"The soonest breach is {low_s:.0f} s away; {ago_s:.0f} s ago it was {then_s:.0f} s."
    return ""


def _were(count: int) -> str:
    return "was 1" if count == 1 else f"were {count}"
