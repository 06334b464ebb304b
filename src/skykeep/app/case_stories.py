"""The stories of a case: one for each object that was alerted on, and one for each permit that was flown."""

from __future__ import annotations

from collections.abc import Iterable

from skykeep.app.night_truth import NightTruth
from skykeep.app.track_told import TrackTold, said_of
from skykeep.app.watchers import NightMemory
from skykeep.base.clock import NS_PER_S
from skykeep.domain.airspace import AirspaceVerdict
from skykeep.domain.identity import (
    STANDING_NAMES,
    TARGET_CLASS_NAMES,
    ClaimTest,
    Standing,
    TargetClass,
)
from skykeep.domain.permit import Permit
from skykeep.domain.response import Alert
from skykeep.evidence.case import Story

# A warning is that of an alert when both mean the same breach to this many seconds.
_SAME_BREACH_S = 1.0


def intruder_stories(memory: NightMemory, truth: NightTruth | None, *, simulated: bool) -> tuple[Story, ...]:
    """Return a story for each object: alerts that share a track are about one, the first alert first."""
    called = "Intruder" if simulated else "Object"
    objects = _objects(memory.alerts.values())
    return tuple(_intruder(f"{called} {k}", alerts, memory, truth) for k, alerts in enumerate(objects, 1))


def _objects(alerts: Iterable[Alert]) -> list[list[Alert]]:
    """Return alerts in groups that share tracks, in order of the first alert of each."""
    groups: list[tuple[set[int], list[Alert]]] = []
    for alert in sorted(alerts, key=lambda one: (one.raised_utc_ns, one.alert_id)):
        tracks, found = set(alert.track_ids), [alert]
        for group in [group for group in groups if group[0] & tracks]:
            groups.remove(group)
            tracks |= group[0]
            found = [*group[1], *found]
        groups.append((tracks, sorted(found, key=lambda one: (one.raised_utc_ns, one.alert_id))))
    groups.sort(key=lambda group: (group[1][0].raised_utc_ns, group[1][0].alert_id))
    return [found for _, found in groups]


def _intruder(name: str, alerts: list[Alert], memory: NightMemory, truth: NightTruth | None) -> Story:
    first = alerts[0]
    alert_ids = tuple(alert.alert_id for alert in alerts)
    outcomes = [
        proposal.outcome
        for proposal in sorted(memory.proposals.values(), key=lambda one: one.proposal_id)
        if proposal.alert_id in alert_ids and proposal.outcome
    ]
    cleared = [alert.cleared_because for alert in alerts if alert.cleared_because]
    # What cleared an alert may be the last outcome in the same words.
    said = [one for one in outcomes if not any(one in because for because in cleared)]
    raised = memory.raised[first.alert_id]
    return _story(
        name,
        tuple(dict.fromkeys(track_id for alert in alerts for track_id in alert.track_ids)),
        memory,
        grounds=raised.grounds,
        alerts=tuple(alerts),
        warning_s=_warning_s(first, truth),
        outcome=" ".join([*said, *cleared]).strip() or "Nothing had become of it by the end.",
    )


def _warning_s(alert: Alert, truth: NightTruth | None) -> float | None:
    if truth is None:
        return None
    for target, warning in zip(truth.intruders, truth.score.warning_s, strict=True):
        if warning is None or target.breach_utc_ns is None:
            continue
        if abs((target.breach_utc_ns - alert.raised_utc_ns) / NS_PER_S - warning) < _SAME_BREACH_S:
            return warning
    return None


def authorised_story(permit: Permit, memory: NightMemory) -> Story:
    """Return the story of whoever flew by leave of a permit; whoever only claimed to is another story."""
    return _story(
        f"{permit.holder} ({permit.permit_id})",
        tuple(sorted(memory.tracks.flown[permit.permit_id])),
        memory,
        grounds=(),
        alerts=(),
        warning_s=None,
        outcome=f"Flew under {permit.document}.",
    )


def _story(
    name: str,
    track_ids: tuple[int, ...],
    memory: NightMemory,
    *,
    grounds: tuple[str, ...],
    alerts: tuple[Alert, ...],
    warning_s: float | None,
    outcome: str,
) -> Story:
    told = memory.tracks.of(track_ids)
    surest = min(told, key=lambda one: (-one.probability, one.surest_at), default=None)
    first_alert = memory.raised[alerts[0].alert_id] if alerts else None
    raised_utc_ns = first_alert.raised_utc_ns if first_alert is not None else 0
    return Story(
        name=name,
        looks=STANDING_NAMES[_stood(told, at_its_worst=bool(alerts))],
        track_ids=track_ids,
        target_class=TARGET_CLASS_NAMES[TargetClass.OTHER if surest is None else surest.target_class],
        class_probability=0.0 if surest is None else surest.probability,
        # An alert on a track that is in no picture is from before the first or after the last.
        first_seen_utc_ns=min((one.first_utc_ns for one in told), default=raised_utc_ns),
        first_seen_by=memory.first_seen_by.get(track_ids[0], "") if track_ids else "",
        last_seen_utc_ns=max((one.last_utc_ns for one in told), default=raised_utc_ns),
        claims=_claims(told),
        verdicts=_verdicts(told),
        grounds=grounds,
        alert_ids=tuple(alert.alert_id for alert in alerts),
        alerted_utc_ns=first_alert.raised_utc_ns if first_alert is not None else None,
        warning_s=warning_s,
        outcome=outcome,
        breach_when_alerted=first_alert.breach if first_alert is not None else None,
    )


def _stood(told: list[TrackTold], *, at_its_worst: bool) -> Standing:
    """Return how an object stood last, or at its worst: friend or neutral only where it was never suspect."""
    if not told:
        return Standing.UNKNOWN
    if not at_its_worst:
        return max(told, key=lambda one: one.last_at).standing
    standings = {standing for one in told for standing in one.standings}
    order = (Standing.HOSTILE, Standing.SUSPECT, Standing.FRIEND, Standing.NEUTRAL)
    return next((standing for standing in order if standing in standings), Standing.UNKNOWN)


def _claims(told: list[TrackTold]) -> tuple[ClaimTest, ...]:
    """Return the last test of each identity that was claimed near these tracks."""
    tests = sorted((said for one in told for said in one.claims.values()), key=lambda said: said[0])
    latest = {(test.kind, test.claimed_id): test for _, test in tests}
    return tuple(latest[key] for key in sorted(latest))


def _verdicts(told: list[TrackTold]) -> tuple[tuple[int, AirspaceVerdict], ...]:
    """Return verdicts in the order in which they were reached, each that says another than the one before."""
    reached = sorted((said for one in told for said in one.verdicts), key=lambda said: said[0])
    return tuple(
        (time_utc_ns, verdict)
        for k, (_, time_utc_ns, verdict) in enumerate(reached)
        if k == 0 or said_of(verdict) != said_of(reached[k - 1][2])
    )
