"""What may become an alert: tracks that look like one, but not for long enough yet."""

from __future__ import annotations

from skykeep.base.clock import ns_to_seconds
from skykeep.domain.identity import ClaimVerdict
from skykeep.domain.response import Alert
from skykeep.domain.rules import ResponseRules
from skykeep.response.alerts_worse import shelf_worse
from skykeep.response.case import Case, Heard
from skykeep.response.sighting import Sighting, View

# Beyond so many times back, one more does not make it more patient.
MOST_TIMES_BACK = 3


class Watchlist:
    """Tracks that are watched without an alert."""

    def __init__(self) -> None:
        # Since when each has looked like an alert, and how often.
        self._pending: dict[int, tuple[int, int]] = {}
        # Tracks that another has taken the place of, with when they were last detected: what is left of
        # them coasts on for a while and is nobody new, unless it is detected again.
        self._superseded: dict[int, int] = {}
        # Tracks whose alert a person cleared, as they were then.
        self._dismissed: dict[int, Heard] = {}

    def supersede(self, detected_utc_ns: dict[int, int]) -> None:
        """Take note of numbers that others have taken the places of."""
        self._superseded.update(detected_utc_ns)

    def dismiss(self, case: Case, heard: Heard) -> None:
        """Take note that a person called an alert over."""
        for track_id in case.members:
            self._dismissed[track_id] = heard

    def candidates(
        self,
        view: View,
        followed: set[int],
        rules: ResponseRules,
        raise_priority: float,
        clear_priority: float,
        groups: frozenset[str] = frozenset(),
    ) -> list[tuple[Sighting, bool]]:
        """Return the tracks that have no alert and look like one at the second look or later, by number, and
        whether each has done so for long enough to raise one. Who flies in one of `groups`, those that have
        an alert, looks like one whatever its priority, unless it surely is none.
        """
        pending: dict[int, tuple[int, int]] = {}
        found = []
        for track_id in view.track_ids:
            in_company = view.group_id(track_id) in groups
            if track_id in followed or not (in_company or view.priority(track_id) >= clear_priority):
                continue
            sighting = view.sighting(track_id)
            harmless = rules.alerts.company_harmless_probability if in_company else rules.harmless_probability
            if sighting is None or sighting.harmless_because(harmless):
                continue
            if sighting.last_detected_utc_ns <= self._superseded.get(track_id, -1):
                continue
            if self._still_dismissed(sighting, rules, view.time_utc_ns):
                # So that growing worse, too, must last before it counts.
                continue
            since_utc_ns, looks = self._pending.get(track_id, (view.time_utc_ns, 0))
            seen_before = track_id in self._pending
            if view.rules_changed and sighting.born_utc_ns <= since_utc_ns:
                # What is new is the rule, not the track: one that was followed all along waits for nothing.
                since_utc_ns, looks = sighting.born_utc_ns, rules.raise_after_ticks
            # Between the two thresholds a look neither counts nor is what came before forgotten.
            least = raise_priority * _share_needed(sighting, rules)
            looks += sighting.priority >= least
            pending[track_id] = (since_utc_ns, looks)
            for_s = ns_to_seconds(view.time_utc_ns - since_utc_ns)
            if _may_yet_be_permitted(sighting, for_s, rules):
                continue
            enough = sighting.priority >= least and _enough(sighting, for_s, looks, rules)
            if enough or seen_before:
                found.append((sighting, enough))
        self._pending = pending
        return found

    def _still_dismissed(self, sighting: Sighting, rules: ResponseRules, now_utc_ns: int) -> bool:
        """Return whether a person's word on a track holds: not for ever, nor when it grows worse."""
        heard = self._dismissed.get(sighting.track_id)
        if heard is None:
            return False
        if ns_to_seconds(now_utc_ns - heard.time_utc_ns) >= rules.alerts.dismissed_for_s:
            del self._dismissed[sighting.track_id]
            return False
        asset_id = sighting.threat.asset_id if sighting.threat else heard.asset_id
        return not shelf_worse(heard, sighting.threat, asset_id, rules, now_utc_ns)


def patience_of(track_id: int, closed: list[Alert], rules: ResponseRules, now_utc_ns: int) -> float:
    """Return how many times longer than others an alert on a track must be quiet before it is cleared."""
    times = 0
    for old in reversed(closed):
        if ns_to_seconds(now_utc_ns - old.changed_utc_ns) > rules.alerts.chatter_within_s:
            break
        times += track_id in old.track_ids and not old.cleared_by
    return float(rules.alerts.chatter_factor ** min(times, MOST_TIMES_BACK))


def _may_yet_be_permitted(sighting: Sighting, for_s: float, rules: ResponseRules) -> bool:
    """Return whether to wait for a claim that could make it a permitted flight: seconds, if there are any."""
    verdict, breach = sighting.verdict, sighting.threat.breach if sighting.threat else None
    wait_s = rules.alerts.permit_wait_s
    if verdict is None or verdict.failing_condition != "no_permit" or for_s >= wait_s:
        return False
    if breach is not None and breach.low_s <= wait_s:
        return False
    claims = sighting.identification.claims if sighting.identification else ()
    tested = any(claim.verdict is not ClaimVerdict.UNTESTED for claim in claims)
    # With a claim still to be tested any filed flight will do: it may name the permit's serial.
    named = bool(claims) and bool(verdict.candidates)
    return not tested and (named or _chance_of_permit(sighting) >= rules.alerts.permit_from)


def _chance_of_permit(sighting: Sighting) -> float:
    return sum(chance for _, chance in sighting.verdict.candidates) if sighting.verdict else 0.0


def _share_needed(sighting: Sighting, rules: ResponseRules) -> float:
    """Return which share of the usual priority is enough: less for what is about to breach."""
    breach = sighting.threat.breach if sighting.threat else None
    imminent = breach is not None and breach.low_s <= rules.imminent_s
    if imminent and _chance_of_permit(sighting) < rules.alerts.permit_from:
        sure = sighting.drone_probability >= rules.imminent_sure_probability
        enough = rules.imminent_sure_priority if sure else rules.imminent_priority
        return min(1.0, enough / max(rules.raise_priority, 1e-9))
    return 1.0


def _enough(sighting: Sighting, for_s: float, looks: int, rules: ResponseRules) -> bool:
    """Return whether it has looked like a threat for long enough, and like a drone enough."""
    drone = sighting.drone_probability
    sure = drone >= rules.imminent_sure_probability
    if sighting.hits < (rules.sure_after_detections if sure else rules.raise_after_detections):
        return False
    breach = sighting.threat.breach if sighting.threat else None
    if sighting.identification is None:
        # Nobody has said what it is: not a drone, but not harmless either.
        drone = rules.imminent_drone_probability
    if breach is not None and breach.low_s <= rules.imminent_s and drone >= rules.imminent_drone_probability:
        return looks >= rules.imminent_ticks
    return (
        drone >= rules.drone_probability and looks >= rules.raise_after_ticks and for_s >= rules.raise_after_s
    )
