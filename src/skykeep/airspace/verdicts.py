"""The verdict on a track that is a permitted flight: allowed by its permit, or what of it fails."""

from __future__ import annotations

from typing import NamedTuple

from skykeep.airspace.permits import Condition, Finding, Fix, Fixes
from skykeep.airspace.sentences import say_chance, say_failing, say_match, say_permit, sentence
from skykeep.domain.airspace import AirspaceVerdict, Permission
from skykeep.domain.identity import Identification
from skykeep.domain.permit import Permit
from skykeep.domain.wording import say_distance
from skykeep.domain.zone import Zone


class Shut(NamedTuple):
    """The zones that bar each row, strictest first: row k has those from `which[first[k]]` to
    `which[first[k + 1]]`. `strictest` is the first of each, or the number of zones where none does.
    """

    zones: tuple[Zone, ...]
    first: list[int]
    which: list[int]
    strictest: list[int]

    def all(self, row: int) -> list[Zone]:
        """Return the zones that bar a row."""
        zones = self.zones
        return [zones[k] for k in self.which[self.first[row] : self.first[row + 1]]]


class Where(NamedTuple):
    """Where a track is: its row among `fixes` and `shut`, and of the zones there the strictest, which is
    `strictest` of `shut.zones`, in words.
    """

    fixes: Fixes
    row: int
    time_utc_ns: int
    shut: Shut
    strictest: int
    rule: str

    @property
    def fix(self) -> Fix:
        """Return its place by itself, which most verdicts do without."""
        return self.fixes.one(self.time_utc_ns, self.row)

    @property
    def zones(self) -> list[Zone]:
        """Return the zones there that restrict, strictest first."""
        return self.shut.all(self.row)

    @property
    def zone(self) -> Zone | None:
        """Return the strictest of them, None where there is none."""
        zones = self.shut.zones
        return zones[self.strictest] if self.strictest < len(zones) else None

    @property
    def permission(self) -> Permission:
        """Return what is not allowed is: forbidden in a zone, unknown outside."""
        return Permission.UNKNOWN if self.zone is None else Permission.FORBIDDEN


Candidates = tuple[tuple[str, float], ...]


def of_flight(
    identification: Identification,
    where: Where,
    permit: Permit,
    finding: Finding,
    probability: float,
    candidates: Candidates,
) -> AirspaceVerdict:
    """Return the verdict by `permit`, whose flight this is with `probability`."""
    zone = finding.zone or where.zone
    document, permission = permit.document, Permission.ALLOWED
    fails = "" if finding.condition is Condition.NONE else finding.condition.name.lower()
    match = sentence(say_match(permit, probability))
    reason = f"{match}, {say_failing(permit, finding, where.fix, identification.claimed_id)}."
    if fails:
        permission = where.permission
        if finding.zone is not None:
            document = finding.zone.document
        elif where.zone is not None:
            reason += f" {sentence(where.rule)}."
    return AirspaceVerdict(
        track_id=identification.track_id,
        permission=permission,
        zone_id=zone.zone_id if zone else "",
        permit_id=permit.permit_id,
        document=document,
        failing_condition=fails,
        reason=reason,
        permit_probability=probability,
        candidates=candidates,
    )


def of_exchanged(
    identification: Identification,
    where: Where,
    permit: Permit,
    probability: float,
    away_m: float | None,
    candidates: Candidates,
) -> AirspaceVerdict:
    """Return the verdict on a track that may be the flight of `permit`, or may have changed numbers with it:
    neither allowed nor accused. `away_m` is how far the track is that holds the flight, None if this one.
    """
    other = "the track beside it" if away_m is None else f"the track {say_distance(away_m)} away"
    reason = (
        f"It says it is {identification.claimed_id} ({say_permit(permit)}), and sensors agree; but it and "
        f"{other} flew so close that which is which cannot be told yet ({say_chance(probability)})."
    )
    zone = where.zone
    return AirspaceVerdict(
        track_id=identification.track_id,
        permission=Permission.UNKNOWN,
        zone_id=zone.zone_id if zone else "",
        permit_id=permit.permit_id,
        document=permit.document,
        failing_condition="covered_by_another",
        reason=reason,
        permit_probability=probability,
        candidates=candidates,
    )
