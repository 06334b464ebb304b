"""The stories of a case: one for each object that was alerted on, and one for each permit that was flown."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from skykeep.app.night_truth import NightTruth
from skykeep.app.watchers import NightMemory
from skykeep.base.clock import NS_PER_S
from skykeep.domain.airspace import Permission
from skykeep.domain.identity import (
    STANDING_NAMES,
    TARGET_CLASS_NAMES,
    ClaimTest,
    Identification,
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
    track_ids = sorted(
        {
            verdict.track_id
            for judgement in memory.judgements
            for verdict in judgement.verdicts
            if verdict.permit_id == permit.permit_id and verdict.permission is Permission.ALLOWED
        }
    )
    return _story(
        f"{permit.holder} ({permit.permit_id})",
        tuple(track_ids),
        memory,
        grounds=(),
        alerts=(),
        warning_s=None,
        outcome=f"Flew under {permit.document}.",
    )


def _rows(memory: NightMemory, track_ids: Iterable[int]) -> list[tuple[int, int]]:
    """Return (judgement, row) wherever one of the tracks is in the picture."""
    wanted = np.array(sorted(track_ids), dtype=np.int64)
    return [
        (k, row)
        for k, judgement in enumerate(memory.judgements)
        for row in np.flatnonzero(np.isin(judgement.picture.track_id, wanted)).tolist()
    ]


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
    rows = _rows(memory, track_ids)
    identifications = [memory.judgements[k].identifications[row] for k, row in rows]
    surest = max(identifications, key=lambda one: max(one.class_probabilities), default=None)
    likeliest = int(np.argmax(surest.class_probabilities)) if surest is not None else TargetClass.OTHER
    seen = [memory.judgements[k].picture.time_utc_ns for k, _ in rows]
    first_alert = memory.raised[alerts[0].alert_id] if alerts else None
    looks = _weightiest(identifications) if alerts or not identifications else identifications[-1].standing
    verdicts = []
    said = None
    for k, row in rows:
        verdict = memory.judgements[k].verdicts[row]
        if (verdict.permission, verdict.document, verdict.failing_condition) != said:
            said = (verdict.permission, verdict.document, verdict.failing_condition)
            verdicts.append((memory.judgements[k].picture.time_utc_ns, verdict))
    raised_utc_ns = first_alert.raised_utc_ns if first_alert is not None else 0
    return Story(
        name=name,
        looks=STANDING_NAMES[looks],
        track_ids=track_ids,
        target_class=TARGET_CLASS_NAMES[likeliest],
        class_probability=surest.class_probabilities[likeliest] if surest is not None else 0.0,
        # An alert on a track that is in no picture is from before the first or after the last.
        first_seen_utc_ns=seen[0] if seen else raised_utc_ns,
        first_seen_by=memory.first_seen_by.get(track_ids[0], "") if track_ids else "",
        last_seen_utc_ns=seen[-1] if seen else raised_utc_ns,
        claims=_claims(identifications),
        verdicts=tuple(verdicts),
        grounds=grounds,
        alert_ids=tuple(alert.alert_id for alert in alerts),
        alerted_utc_ns=first_alert.raised_utc_ns if first_alert is not None else None,
        warning_s=warning_s,
        outcome=outcome,
        breach_when_alerted=first_alert.breach if first_alert is not None else None,
    )


def _weightiest(identifications: list[Identification]) -> Standing:
    """Return what it stood as at its worst; friend or neutral only where it was never suspect."""
    standings = {one.standing for one in identifications}
    order = (Standing.HOSTILE, Standing.SUSPECT, Standing.FRIEND, Standing.NEUTRAL)
    return next((standing for standing in order if standing in standings), Standing.UNKNOWN)


def _claims(identifications: list[Identification]) -> tuple[ClaimTest, ...]:
    """Return the last test of each identity that was claimed near this track."""
    latest = {(test.kind, test.claimed_id): test for one in identifications for test in one.claims}
    return tuple(latest[key] for key in sorted(latest))
