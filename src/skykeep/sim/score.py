"""What a night was worth, against the truth: who was tracked, who was alerted and how long before.

Truth comes to this module only, beside everything else. A track belongs at each moment to the nearest target
in the air within `GATE_M`, one track to one target, nearest pairs first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
import numpy as np

from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import FloatArray
from skykeep.domain.airspace import AirspaceVerdict, Permission
from skykeep.domain.identity import Identification, Standing
from skykeep.domain.response import Alert, EffectOutcome, Proposal, ProposalState
from skykeep.domain.track import Picture, TrackStatus
from skykeep.sim.targets import TargetKind
from skykeep.sim.truth import TargetTruth, Truth

GATE_M = 150.0
# An intruder counts as tracked when a confirmed track held it for this share of its time in the air.
TRACKED_SHARE = 0.5
# How long after an alert its tracks are looked up: an alert may come between two pictures.
LOOK_S = 1.5


class NightScore(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one night. Lists are per intruder, in order of `truth_id`."""

    intruders: int
    intruders_tracked: int
    intruders_alerted: int
    authorised_flights: int
    authorised_flights_alerted: int
    aircraft_alerted: int
    birds_alerted: int
    alerts_on_nothing: int
    warning_s: tuple[float | None, ...]
    tracked_share: tuple[float, ...]
    approvals: int
    stopped: int
    breaches: int
    persons_expected_in_debris: float
    false_identity_believed: bool
    false_identity: str


class Scorer:
    """Watches a night go by: give it each picture with what was thought of it, and each alert when raised."""

    def __init__(self, truth: Truth) -> None:
        self._truth = truth
        self._held: dict[int, int] = {}
        self._aloft: dict[int, int] = {}
        self._owner: dict[int, dict[int, int]] = {}
        self._latest: dict[int, int] = {}
        self._waiting: list[tuple[int, tuple[int, ...]]] = []
        self._alerted: dict[int, int] = {}
        self._in_alert: dict[str, set[int]] = {}
        self._on_nothing = 0
        self._believed = False
        self._liars = {target.truth_id for target in truth.targets if target.false_identity}

    def observe(
        self,
        picture: Picture,
        identifications: Sequence[Identification] = (),
        verdicts: Sequence[AirspaceVerdict] = (),
    ) -> None:
        """Take in one picture: which track is which target, and whether a liar is believed."""
        truth_ids, states = self._truth.states_at(picture.time_utc_ns)
        live = np.flatnonzero(picture.status != TrackStatus.ENDED)
        pairs = nearest_pairs(picture.state[live, :3], states[:, :3])
        self._latest = {}
        for truth_id in truth_ids.tolist():
            self._aloft[truth_id] = self._aloft.get(truth_id, 0) + 1
        for row, column in pairs:
            track_id, truth_id = int(picture.track_id[live[row]]), int(truth_ids[column])
            self._latest[track_id] = truth_id
            self._held[truth_id] = self._held.get(truth_id, 0) + 1
            owners = self._owner.setdefault(track_id, {})
            owners[truth_id] = owners.get(truth_id, 0) + 1
        self._settle(picture.time_utc_ns)
        earned = {
            one.track_id for one in identifications if one.standing in (Standing.FRIEND, Standing.NEUTRAL)
        }
        earned |= {one.track_id for one in verdicts if one.permission is Permission.ALLOWED and one.permit_id}
        self._believed |= any(self._latest.get(track_id) in self._liars for track_id in earned)

    def alert(self, alert: Alert) -> None:
        """Take in an alert, new or changed; only tracks not yet seen in it count."""
        known = self._in_alert.setdefault(alert.alert_id, set())
        fresh = tuple(track_id for track_id in alert.track_ids if track_id not in known)
        if fresh:
            # A track that joins an alert later is warned of from then on, not from when the alert was raised.
            since_utc_ns = alert.changed_utc_ns if known else alert.raised_utc_ns
            known.update(fresh)
            self._waiting.append((since_utc_ns, fresh))
            self._settle(since_utc_ns)

    def _settle(self, time_utc_ns: int, last: bool = False) -> None:
        """Say which targets the waiting alerts are about, as far as the pictures tell."""
        waiting = []
        for raised_utc_ns, track_ids in self._waiting:
            left = []
            for track_id in track_ids:
                truth_id = self._latest.get(track_id)
                if truth_id is None and not last and time_utc_ns < raised_utc_ns + LOOK_S * NS_PER_S:
                    left.append(track_id)
                    continue
                owners = self._owner.get(track_id, {})
                if truth_id is None and owners:
                    truth_id = max(owners, key=lambda one: (owners[one], -one))
                if truth_id is None:
                    self._on_nothing += 1
                else:
                    self._alerted.setdefault(truth_id, raised_utc_ns)
            if left:
                waiting.append((raised_utc_ns, tuple(left)))
        self._waiting = waiting

    def score(self, proposals: Iterable[Proposal], outcomes: Iterable[EffectOutcome]) -> NightScore:
        """Return the figures, with the proposals as they ended and every outcome."""
        self._settle(0, last=True)
        targets = self._truth.targets
        intruders = [target for target in targets if target.kind is TargetKind.INTRUDER]
        shares = tuple(
            round(self._held.get(target.truth_id, 0) / max(1, self._aloft.get(target.truth_id, 0)), 4)
            for target in intruders
        )
        proposals = list(proposals)
        stopping = {"fell", "landed", "returned"}
        return NightScore(
            intruders=len(intruders),
            intruders_tracked=sum(share >= TRACKED_SHARE for share in shares),
            intruders_alerted=sum(target.truth_id in self._alerted for target in intruders),
            authorised_flights=sum(target.kind is TargetKind.PERMITTED for target in targets),
            authorised_flights_alerted=self._count_alerted(targets, TargetKind.PERMITTED),
            aircraft_alerted=self._count_alerted(targets, TargetKind.AIRCRAFT),
            birds_alerted=self._count_alerted(targets, TargetKind.BIRD),
            alerts_on_nothing=self._on_nothing,
            warning_s=tuple(self._warning_s(target) for target in intruders),
            tracked_share=shares,
            approvals=sum(len(proposal.approvals) for proposal in proposals),
            stopped=min(
                sum(target.fate in stopping for target in intruders),
                sum(outcome.result in stopping for outcome in outcomes),
            ),
            breaches=sum(target.breached_utc_ns is not None for target in intruders),
            persons_expected_in_debris=round(sum(map(_persons_expected, proposals)), 4),
            false_identity_believed=self._believed,
            false_identity=next((t.false_identity for t in intruders if t.false_identity), ""),
        )

    def _count_alerted(self, targets: Iterable[TargetTruth], kind: TargetKind) -> int:
        return sum(target.kind is kind and target.truth_id in self._alerted for target in targets)

    def _warning_s(self, target: TargetTruth) -> float | None:
        """Return the seconds from alert to the breach that would have come; None where either is missing."""
        if target.breach_utc_ns is None or target.truth_id not in self._alerted:
            return None
        return round((target.breach_utc_ns - self._alerted[target.truth_id]) / NS_PER_S, 3)


def score_night(
    truth: Truth,
    pictures: Iterable[tuple[Picture, Sequence[Identification], Sequence[AirspaceVerdict]]],
    alert_history: Iterable[Alert],
    proposals: Iterable[Proposal],
    outcomes: Iterable[EffectOutcome],
) -> NightScore:
    """Return the figures of a night that is over, from all its pictures and all states of its alerts."""
    scorer = Scorer(truth)
    alerts = sorted(alert_history, key=lambda alert: (alert.changed_utc_ns, alert.alert_id))
    for picture, identifications, verdicts in pictures:
        scorer.observe(picture, identifications, verdicts)
        while alerts and alerts[0].changed_utc_ns <= picture.time_utc_ns:
            scorer.alert(alerts.pop(0))
    for alert in alerts:
        scorer.alert(alert)
    return scorer.score(proposals, outcomes)


def _persons_expected(proposal: Proposal) -> float:
    """Return the expected persons under the pieces of the option that was carried out."""
    if proposal.state is not ProposalState.CARRIED_OUT:
        return 0.0
    chosen = [option for option in proposal.options if option.option_id == proposal.chosen_option_id]
    return sum(option.debris.persons_expected for option in chosen)


def nearest_pairs(tracks_m: FloatArray, targets_m: FloatArray) -> list[tuple[int, int]]:
    """Return (track, target) rows within the gate, nearest first, each row used once."""
    if not len(tracks_m) or not len(targets_m):
        return []
    distance_m = np.linalg.norm(tracks_m[:, np.newaxis] - targets_m[np.newaxis], axis=2)
    rows, columns = np.nonzero(distance_m <= GATE_M)
    pairs: list[tuple[int, int]] = []
    used_rows: set[int] = set()
    used_columns: set[int] = set()
    for index in np.argsort(distance_m[rows, columns], kind="stable"):
        row, column = int(rows[index]), int(columns[index])
        if row not in used_rows and column not in used_columns:
            pairs.append((row, column))
            used_rows.add(row)
            used_columns.add(column)
    return pairs
