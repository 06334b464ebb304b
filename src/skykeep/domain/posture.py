"""How watchful a site is, by the calendar or by a person's word, and who is where."""

from __future__ import annotations

import msgspec


class PostureLevel(msgspec.Struct, frozen=True, kw_only=True):
    """One level of watchfulness, 0 the least, and what it changes.

    `consequence_factor` multiplies every asset's consequence (the product is at most 1), `alert_factor` the
    priority at which an alert is raised, `escalate_factor` the time until one that nobody hears is escalated,
    and `more_approvals` come on top of what a playbook needs.
    """

    level: int
    name: str
    consequence_factor: float = 1.0
    alert_factor: float = 1.0
    escalate_factor: float = 1.0
    more_approvals: int = 0


DEFAULT_LEVELS = (
    PostureLevel(level=0, name="routine"),
    PostureLevel(level=1, name="heightened", alert_factor=0.9, escalate_factor=0.75),
    PostureLevel(level=2, name="high", alert_factor=0.8, escalate_factor=0.5),
)


class CalendarEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A day or an hour at which the posture rises by itself, and why: `The parade`. It rises `lead_in_s`
    before the start already. What comes again (a market each Saturday) is an entry each time: summer time is
    reckoned where the calendar is read, and a log needs no rules of clocks.
    """

    entry_id: str
    name: str
    level: int
    start_utc_ns: int
    end_utc_ns: int
    because: str = ""
    lead_in_s: float = 0.0


class PostureSource(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that asks for a level: an entry of the calendar (`entry_id`), or a person (`set_by`)."""

    level: int
    because: str
    entry_id: str = ""
    set_by: str = ""
    until_utc_ns: int | None = None


class Posture(msgspec.Struct, frozen=True, kw_only=True):
    """The level that holds from `since_utc_ns`, and why, as a sentence. `set_by` is the person who set it by
    hand, "" for the calendar; `until_utc_ns` None while nothing says when it ends. The highest of `sources`
    holds, and stands first among them.
    """

    level: int
    name: str
    because: str
    since_utc_ns: int
    set_by: str = ""
    until_utc_ns: int | None = None
    sources: tuple[PostureSource, ...] = ()


class Occupancy(msgspec.Struct, frozen=True, kw_only=True):
    """Who is at an asset from `since_utc_ns`, by whose word; `principal_present` None when not known.

    `sure` is how sure that word is of the principal, 1 for certain; `counts_as_present` is what everything
    goes by: they count as there unless somebody is sure enough that they are not. At `until_utc_ns` the first
    part of the word runs out, None where none does.
    """

    asset_id: str
    occupancy_persons: int
    principal_present: bool | None
    since_utc_ns: int
    set_by: str = ""
    reason: str = ""
    sure: float = 1.0
    until_utc_ns: int | None = None
    counts_as_present: bool = True


ROUTINE = Posture(level=0, name="routine", because="Nothing raises it.", since_utc_ns=0)


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """How watchful the site is now and who is where: all that judging and responding go by. `occupancies`
    holds one entry for each asset.
    """

    posture: Posture = ROUTINE
    level: PostureLevel = DEFAULT_LEVELS[0]
    occupancies: tuple[Occupancy, ...] = ()

    def principal_counts_as_present(self, asset_id: str) -> bool:
        """Return whether the person under protection counts as there; where nothing is known they do."""
        return all(each.counts_as_present for each in self.occupancies if each.asset_id == asset_id)


EVERYDAY = Situation()
