"""May it be here now? One verdict per track, citing its document and the condition that fails.

Rules, in order:
1. Every zone in force at the track's place and height that restricts must be opened; where several are not,
   the strictest governs the wording.
2. A crewed aircraft (likely by its motion and echo, and its ADS-B agreeing with a sensor) is allowed:
   zones rule on uncrewed flight.
3. A flight whose claimed serial agrees with a sensor is allowed by a permit that names the serial and
   covers place, height and time, and opens all those zones. What it opens elsewhere does not matter.
4. One serial is one aircraft. Where several tracks show it, the permit belongs to the one that has held
   it, or to the only one that meets its conditions; else to none.
5. What is left is forbidden inside a zone, and unknown outside. Unknown is never allowed.
"""

from __future__ import annotations

import numpy as np

from skykeep.airspace.index import ZoneIndex
from skykeep.airspace.permits import STANDARD_HPA, Condition, Finding, Fix, PermitBook, restricts
from skykeep.airspace.sentences import say_failing, say_permit, say_zone, sentence
from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import FloatArray
from skykeep.domain.airspace import AirspaceVerdict, Permission
from skykeep.domain.identity import ClaimVerdict, Identification, TargetClass
from skykeep.domain.permit import Permit
from skykeep.domain.sensing import ClaimKind
from skykeep.domain.track import Picture
from skykeep.domain.wording import say_distance
from skykeep.domain.zone import Zone
from skykeep.geo.frames import LocalFrame

# Above this probability a thing is taken for a bird, and the rules for flights are not put to it.
TAKEN_FOR_A_BIRD = 0.9
# Who strays for longer loses the serial to one who meets its permit; a mimic cannot take it at
# once.
STRAY_NS = 20 * NS_PER_S
CREWED_AT_LEAST = 0.5


class Airspace:
    """The zones and permits in force, and which track has which serial's permit."""

    def __init__(
        self,
        frame: LocalFrame,
        zones: tuple[Zone, ...],
        permits: tuple[Permit, ...],
        qnh_hpa: float = STANDARD_HPA,
    ) -> None:
        self._frame = frame
        self._qnh_hpa = qnh_hpa
        self._index = ZoneIndex(zones, qnh_hpa)
        self._book = PermitBook(permits, frame, qnh_hpa)
        self._holder_of: dict[str, int] = {}
        self._met_utc_ns: dict[str, int] = {}

    def set_zones(self, zones: tuple[Zone, ...]) -> None:
        """Replace all zones at once; SetupError leaves the old ones in force."""
        self._index = ZoneIndex(zones, self._qnh_hpa)

    def set_permits(self, permits: tuple[Permit, ...]) -> None:
        """Replace all permits at once; SetupError leaves the old ones in force."""
        self._book = PermitBook(permits, self._frame, self._qnh_hpa)

    def change(
        self,
        zones_put: tuple[Zone, ...] = (),
        zones_gone: frozenset[str] = frozenset(),
        permits_put: tuple[Permit, ...] = (),
        permits_gone: frozenset[str] = frozenset(),
    ) -> None:
        """Put zones and permits in, or in place of those of the same identifier, and take others away, all
        at once; SetupError leaves everything as it was.
        """
        index, book = self._index, self._book
        if zones_put or zones_gone:
            index = index.changed(zones_put, zones_gone)
        if permits_put or permits_gone:
            kept = {**book.permits, **{permit.permit_id: permit for permit in permits_put}}
            left = tuple(permit for name, permit in kept.items() if name not in permits_gone)
            book = PermitBook(left, self._frame, self._qnh_hpa)
        self._index, self._book = index, book

    @property
    def zones(self) -> tuple[Zone, ...]:
        return self._index.zones

    @property
    def permits(self) -> dict[str, Permit]:
        """Return the permits in hand by their identifier."""
        return self._book.permits

    def judge(
        self,
        picture: Picture,
        identifications: tuple[Identification, ...],
        height_agl_m: FloatArray,
        height_amsl_m: FloatArray,
    ) -> tuple[AirspaceVerdict, ...]:
        """Return one verdict per row of `picture`, in its order."""
        fixes = self._fixes(picture, height_agl_m, height_amsl_m)
        governing = self._governing(picture, height_agl_m, height_amsl_m)
        said: dict[str, str] = {}
        tried = self._try_permits(identifications, fixes, governing)
        self._settle_holders(picture, identifications, tried)
        verdicts = []
        for row, identification in enumerate(identifications):
            zones = governing.get(row, _NO_ZONES)
            zone = zones[0] if zones else None
            if row in tried:
                permit, finding = tried[row]
                zone = finding.zone or zone
                rule = self._say(zone, picture.time_utc_ns, said)
                why = self._why_not(picture, row, identification, permit, finding, fixes[row])
                verdict = self._of_named(identification, zone, rule, permit, why)
            else:
                rule = self._say(zone, picture.time_utc_ns, said)
                verdict = self._of_unnamed(identification, zone, rule)
            verdicts.append(verdict)
        return tuple(verdicts)

    def _say(self, zone: Zone | None, time_utc_ns: int, said: dict[str, str]) -> str:
        if zone is None:
            return ""
        if zone.zone_id not in said:
            said[zone.zone_id] = say_zone(zone, time_utc_ns)
        return said[zone.zone_id]

    def _fixes(self, picture: Picture, height_agl_m: FloatArray, height_amsl_m: FloatArray) -> list[Fix]:
        _, _, height_hae_m = self._frame.to_geodetic(picture.state[:, :3])
        columns = (
            picture.state[:, 0],
            picture.state[:, 1],
            height_agl_m,
            height_amsl_m,
            height_hae_m,
            np.maximum(picture.covariance[:, 0, 0], picture.covariance[:, 1, 1]),
            picture.covariance[:, 2, 2],
        )
        return [Fix(picture.time_utc_ns, *row) for row in np.column_stack(columns).tolist()]

    def _governing(
        self, picture: Picture, height_agl_m: FloatArray, height_amsl_m: FloatArray
    ) -> dict[int, list[Zone]]:
        """Return the zones in force that restrict at each row that lies in any, strictest first."""
        latitude_deg, longitude_deg, _ = self._frame.to_geodetic(picture.state[:, :3])
        ground_amsl_m = height_amsl_m - height_agl_m
        point, zone = self._index.query(
            longitude_deg, latitude_deg, height_agl_m, ground_amsl_m, picture.time_utc_ns
        )
        governing: dict[int, list[Zone]] = {}
        for row, index in zip(point.tolist(), zone.tolist(), strict=True):
            found = self._index.zones[index]
            if restricts(found):
                governing.setdefault(row, []).append(found)
        return governing

    def _try_permits(
        self,
        identifications: tuple[Identification, ...],
        fixes: list[Fix],
        governing: dict[int, list[Zone]],
    ) -> dict[int, tuple[Permit, Finding]]:
        """Return, for rows whose serial a permit names, the nearest permit and what fails."""
        tried: dict[int, tuple[Permit, Finding]] = {}
        for row, identification in enumerate(identifications):
            named = self._book.of_serial(identification.claimed_id) if identification.claimed_id else []
            permit, finding = self._book.best(named, fixes[row], governing.get(row, _NO_ZONES))
            if permit is not None:
                tried[row] = (permit, finding)
        return tried

    def _settle_holders(
        self,
        picture: Picture,
        identifications: tuple[Identification, ...],
        tried: dict[int, tuple[Permit, Finding]],
    ) -> None:
        now_utc_ns = picture.time_utc_ns
        meeting: dict[str, list[int]] = {}
        for row, (_, finding) in tried.items():
            if finding.condition is Condition.NONE:
                meeting.setdefault(identifications[row].claimed_id, []).append(int(picture.track_id[row]))
        present = set(picture.track_id.tolist())
        for serial, track_id in list(self._holder_of.items()):
            others = meeting.get(serial, [])
            if track_id in others:
                self._met_utc_ns[serial] = now_utc_ns
            strayed = bool(others) and now_utc_ns - self._met_utc_ns[serial] > STRAY_NS
            if track_id not in present or strayed:
                del self._holder_of[serial]
        for serial, track_ids in meeting.items():
            if serial not in self._holder_of and len(track_ids) == 1:
                self._holder_of[serial] = track_ids[0]
                self._met_utc_ns[serial] = now_utc_ns

    def _why_not(
        self,
        picture: Picture,
        row: int,
        identification: Identification,
        permit: Permit,
        finding: Finding,
        fix: Fix,
    ) -> tuple[str, str]:
        """Return the condition that fails and the sentence for it; both empty when none does."""
        serial = identification.claimed_id
        holder = self._holder_of.get(serial)
        if holder == identification.track_id and finding.condition is Condition.NONE:
            return "", ""
        if holder not in (None, identification.track_id):
            its_row = int(np.searchsorted(picture.track_id, holder))
            away_m = float(np.hypot(*(picture.state[its_row, :2] - picture.state[row, :2])))
            said = f"It says it is {serial} ({say_permit(permit)}), but that aircraft is sensed"
            return "claim_contradicted", f"{said} {say_distance(away_m)} away."
        if finding.condition is Condition.NONE:  # and nobody holds it
            said = f"It says it is {serial}, but so does another aircraft:"
            return "claim_contradicted", f"{said} {say_permit(permit)} covers only one."
        return finding.condition.name.lower(), say_failing(permit, finding, fix)

    def _of_named(
        self,
        identification: Identification,
        zone: Zone | None,
        rule: str,
        permit: Permit,
        why_not: tuple[str, str],
    ) -> AirspaceVerdict:
        condition, reason = why_not
        document = permit.document
        if not condition:
            permission = Permission.ALLOWED
            serial = identification.claimed_id
            reason = f"{sentence(say_permit(permit))} covers it: a sensor agrees that it is {serial}."
        else:
            permission = Permission.UNKNOWN if zone is None else Permission.FORBIDDEN
            if zone is not None and condition == Condition.ZONE_NOT_UNLOCKED.name.lower():
                document = zone.document
            elif zone is not None:
                reason += f" {sentence(rule)}."
        return AirspaceVerdict(
            track_id=identification.track_id,
            permission=permission,
            zone_id=zone.zone_id if zone else "",
            permit_id=permit.permit_id,
            document=document,
            failing_condition=condition,
            reason=reason,
        )

    def _of_unnamed(self, identification: Identification, zone: Zone | None, rule: str) -> AirspaceVerdict:
        permission = Permission.UNKNOWN if zone is None else Permission.FORBIDDEN
        condition, permit_id = "no_permit", ""
        document = "" if zone is None else zone.document
        if _is_crewed(identification):
            permission, condition, document = Permission.ALLOWED, "", ""
            reason = "Crewed aircraft, ADS-B agrees."
        elif identification.class_probabilities[TargetClass.BIRD] >= TAKEN_FOR_A_BIRD:
            permission = Permission.UNKNOWN
            reason = "Taken for a bird: the rules for flights are not put to it."
        elif zone is None:
            reason = "No zone is in force here, and no permit says who it is."
        else:
            reason = f"No permit covers it: {rule}."
        if identification.claimed_id and condition:
            condition = "serial"
            reason = f"It is {identification.claimed_id}, which no permit names. {reason}"
        for test in identification.claims if condition == "no_permit" else ():
            named = self._book.of_serial(test.claimed_id)
            if named and test.verdict is ClaimVerdict.CONTRADICTED:
                condition, permit_id = "claim_contradicted", named[0].permit_id
                claimed = f"{test.claimed_id} ({say_permit(named[0])})"
                reason = f"It says it is {claimed}, but sensors disagree. {reason}"
                break
        return AirspaceVerdict(
            track_id=identification.track_id,
            permission=permission,
            zone_id=zone.zone_id if zone else "",
            permit_id=permit_id,
            document=document,
            failing_condition=condition,
            reason=reason,
        )


_NO_ZONES: list[Zone] = []


def _is_crewed(identification: Identification) -> bool:
    return identification.class_probabilities[TargetClass.AIRCRAFT] > CREWED_AT_LEAST and any(
        test.kind is ClaimKind.ADSB and test.verdict is ClaimVerdict.CONSISTENT
        for test in identification.claims
    )
