"""Who is told what happens in the watch, and what has still to be told.

The log is the only memory: what is to be told follows from what the watch did, what was told came back as an
input. After a restart the log is played through and what is left over is told then; a watch that was killed
between telling and writing it down tells a second time, under the same id.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable

import numpy as np
from msgspec import structs

from skykeep import __version__
from skykeep.app.notice_text import subscription_of
from skykeep.app.notices import Outbox
from skykeep.app.told_outside import alert_outside, proposal_outside
from skykeep.app.watchers import Quiet
from skykeep.base.clock import iso_utc, seconds_to_ns
from skykeep.domain.encoding import encode_json
from skykeep.domain.identity import TargetClass
from skykeep.domain.notification import NoticeKind, NoticeSettled, Recipient
from skykeep.domain.posture import ROUTINE, Occupancy, Posture
from skykeep.domain.register import Delivery, Notice
from skykeep.domain.response import (
    Alert,
    AlertState,
    EffectOrder,
    EffectOutcome,
    Proposal,
    ProposalState,
    Task,
    TaskState,
)
from skykeep.domain.site import Site
from skykeep.engine.inputs import Input
from skykeep.engine.outputs import Judgement
from skykeep.response import ResponseEvent
from skykeep.wire.ocsf import Flight, drone_flight_event

LAPSES_S = 3_600.0  # what could not be told for an hour is news no more
_ALERTS = {
    AlertState.RAISED: NoticeKind.RAISED,
    AlertState.ESCALATED: NoticeKind.ESCALATED,
    AlertState.CLEARED: NoticeKind.CLEARED,
}
_DECIDED = {
    ProposalState.REFUSED: "was refused",
    ProposalState.EXPIRED: "has expired",
    ProposalState.WITHDRAWN: "was withdrawn",
    ProposalState.APPROVED: "was approved",
}


class WatchNotices(Quiet, Outbox):
    """A listener that knows what has still to be told to whom. `settle` is called with each input that says
    what became of a notice; it has to reach the pipeline.
    """

    def __init__(
        self, site: Site, recipients: Iterable[Recipient], settle: Callable[[NoticeSettled], None]
    ) -> None:
        self._site = site
        self._recipients = {each.name: each for each in recipients}
        self._subscriptions = {each.name: subscription_of(each) for each in self._recipients.values()}
        self._settle = settle
        self._lock = threading.Lock()
        self._waiting: dict[tuple[str, str], Delivery] = {}
        self._known: set[str] = set()
        self._told: set[tuple[str, str]] = set()
        self._alerts: dict[str, Alert] = {}
        self._judgement: Judgement | None = None
        self._word: EffectOutcome | None = None
        least = min(site.postures, key=lambda level: level.level, default=None)
        self._posture = ROUTINE if least is None else structs.replace(ROUTINE, name=least.name)

    # --- the pipeline's thread ---------------------------------------------------------------------------

    def on_judgement(self, judgement: Judgement) -> None:
        self._judgement = judgement

    def on_input(self, record: Input) -> None:
        if isinstance(record, NoticeSettled):
            with self._lock:
                self._waiting.pop((record.notice_id, record.recipient), None)
        # Word that is refused changes no proposal: it is told as fact only once it has.
        self._word = record if isinstance(record, EffectOutcome) else None

    def on_response(self, event: ResponseEvent, time_utc_ns: int) -> None:
        if isinstance(event, Alert):
            self._alert(event)
        elif isinstance(event, Proposal):
            self._proposal(event)
            if event.state is ProposalState.CARRIED_OUT:
                self._outcome(event, time_utc_ns)
        elif isinstance(event, EffectOrder):
            says = f"Ordered, in simulation: {event.layer.value} effect on track {event.track_id}."
            self._post(NoticeKind.DECIDED, event.order_id, says, event.time_utc_ns, 1.0, encode_json(event))
        elif isinstance(event, Task) and event.state is TaskState.OVERDUE:
            says = f"Late: {event.text} ({event.owner_role})."
            # Why it was opened says who is there: that stays in the house.
            told = structs.replace(event, because="", called_off_because="", notes=())
            self._post(NoticeKind.OVERDUE, event.task_id, says, event.due_utc_ns, 1.0, encode_json(told))

    def on_duty(self, event: Posture | Occupancy) -> None:
        """Tell of another posture. Who is where is told to nobody outside."""
        if not isinstance(event, Posture):
            return
        before, self._posture = self._posture, event
        if event.level == before.level:
            return  # the same for another reason
        says = f"The posture is {event.name} now; it was {before.name}.\n{event.because}"
        self._post(
            NoticeKind.POSTURE, f"posture {event.level}", says, event.since_utc_ns, 1.0, encode_json(event)
        )

    def _alert(self, alert: Alert) -> None:
        before = self._alerts.get(alert.alert_id)
        self._alerts[alert.alert_id] = alert
        kind = _ALERTS.get(alert.state)
        if kind is None:
            return
        level = -1 if before is None or before.state is not alert.state else before.escalation_level
        if alert.escalation_level <= level:
            return  # the same once more, with other figures
        # Who is told goes by the priority in the house, what they are told says nothing of who is there.
        priority, alert = alert.priority, alert_outside(alert, self._site)
        over = kind is NoticeKind.CLEARED
        because = alert.cleared_because if over else " ".join(alert.grounds)
        word = {NoticeKind.ESCALATED: "Escalated: ", NoticeKind.CLEARED: "Over: "}.get(kind, "")
        subject = f"{alert.alert_id} {alert.escalation_level}"
        event = self._event(alert, f"{subject} {kind.value}")
        body = encode_json({"alert": alert, "ocsf": event})
        says = f"{word}{alert.title}\n{because}".strip()
        self._post(kind, subject, says, alert.changed_utc_ns, priority, body, alert.alert_id)

    def _proposal(self, proposal: Proposal) -> None:
        proposal = proposal_outside(proposal)
        if proposal.state is ProposalState.PROPOSED and not proposal.approvals:
            persons = min((each.debris.persons_expected for each in proposal.options), default=0.0)
            until = iso_utc(proposal.expires_utc_ns)
            says = (
                f"A decision is asked for about track {proposal.track_id}, until {until}"
                f"\nExpected persons in the debris area, at the least: {persons:.2g}. {proposal.if_nothing}"
            )
            body = encode_json(proposal)
            self._post(NoticeKind.PROPOSED, proposal.proposal_id, says, proposal.proposed_utc_ns, 1.0, body)
        elif proposal.state in _DECIDED:
            says = (
                f"The proposal about track {proposal.track_id} {_DECIDED[proposal.state]}. {proposal.outcome}"
            )
            subject = f"{proposal.proposal_id} {proposal.state.value}"
            body = encode_json(proposal)
            self._post(NoticeKind.DECIDED, subject, says.strip(), proposal.proposed_utc_ns, 1.0, body)

    def _outcome(self, proposal: Proposal, time_utc_ns: int) -> None:
        """Tell what came of an effect: the word that was taken in just now, or that none came in time."""
        word = self._word
        if word is None:
            subject, says = f"{proposal.proposal_id} {proposal.state.value}", proposal.outcome
            body = encode_json(proposal_outside(proposal))
            self._post(NoticeKind.OUTCOME, subject, says, time_utc_ns, 1.0, body)
        else:
            subject = f"{word.order_id} {word.result}"
            self._post(NoticeKind.OUTCOME, subject, word.says, word.time_utc_ns, 1.0, encode_json(word))

    def _event(self, alert: Alert, notice_id: str) -> dict[str, object]:
        flight = self._flight(alert.track_ids[-1]) if alert.track_ids else None
        return drone_flight_event(alert, flight, notice_id, self._site.name, __version__)

    def _flight(self, track_id: int) -> Flight | None:
        judgement = self._judgement
        if judgement is None:
            return None
        rows = np.flatnonzero(judgement.picture.track_id == track_id)
        if not len(rows):
            return None
        row = int(rows[0])
        east_mps, north_mps, up_mps = judgement.picture.state[row, 3:6].tolist()
        latitude_deg, longitude_deg, height_m = self._site.origin.to_geodetic(
            judgement.picture.state[row, :3]
        )
        who = judgement.identifications[row]
        claim = next((each for each in who.claims if each.claimed_id == who.claimed_id), None)
        operator = None if claim is None else claim.operator_position_enu_m
        place = None if operator is None else self._site.origin.to_geodetic(np.array(operator))
        return Flight(
            track_id=track_id,
            latitude_deg=float(latitude_deg),
            longitude_deg=float(longitude_deg),
            height_hae_m=float(height_m),
            sigma_m=float(np.sqrt(np.diagonal(judgement.picture.covariance[row])[:2].sum())),
            speed_mps=float(np.hypot(east_mps, north_mps)),
            course_deg=float(np.degrees(np.arctan2(east_mps, north_mps)) % 360.0),
            climb_mps=up_mps,
            target_class=TargetClass(int(np.argmax(who.class_probabilities))),
            claimed_id=who.claimed_id,
            operator_id="" if claim is None else claim.operator_id,
            operator_deg=None if place is None else (float(place[0]), float(place[1])),
        )

    def _post(
        self,
        kind: NoticeKind,
        subject: str,
        says: str,
        time_utc_ns: int,
        priority: float,
        body: bytes,
        goes_with: str = "",
    ) -> None:
        """Have a notice told to everybody whom it concerns; the same one again is no other."""
        whole = f"{self._site.site_id} {kind.value} {subject} {time_utc_ns}"
        notice_id = hashlib.sha256(whole.encode()).hexdigest()[:32]
        if notice_id in self._known:
            return
        self._known.add(notice_id)
        notice = Notice(
            notice_id=notice_id,
            kind=kind.value,
            subject=subject,
            says=says,
            body=body.decode(),
            time_utc_ns=time_utc_ns,
        )
        for recipient in self._recipients.values():
            told = (recipient.name, goes_with)
            follows = kind is not NoticeKind.RAISED and told in self._told
            if recipient.kinds and kind not in recipient.kinds:
                continue
            if recipient.way == "ocsf" and not goes_with:
                continue
            if priority >= recipient.from_priority or follows:
                self._told.add(told)
                delivery = Delivery(notice=notice, subscription=self._subscriptions[recipient.name], tries=0)
                with self._lock:
                    self._waiting[notice_id, recipient.name] = delivery

    # --- the thread that tells ---------------------------------------------------------------------------

    def deliveries(self, most: int) -> tuple[Delivery, ...]:
        """Return what has still to be told, oldest first."""
        with self._lock:
            return tuple(self._waiting.values())[:most]

    def delivered(self, delivery: Delivery, time_utc_ns: int) -> None:
        """Take note that a notice was taken."""
        self._end(delivery, time_utc_ns, told=True)

    def failed(self, delivery: Delivery, because: str, time_utc_ns: int) -> None:
        """Take note that a notice was not taken; after an hour of that it is given up, which is written."""
        key = (delivery.notice.notice_id, delivery.subscription.subscription_id)
        if time_utc_ns - delivery.notice.time_utc_ns > seconds_to_ns(LAPSES_S):
            self._end(delivery, time_utc_ns, told=False, because=because)
            return
        with self._lock:
            if key in self._waiting:
                self._waiting[key] = Delivery(
                    notice=delivery.notice, subscription=delivery.subscription, tries=delivery.tries + 1
                )

    def _end(self, delivery: Delivery, time_utc_ns: int, *, told: bool, because: str = "") -> None:
        notice_id, recipient = delivery.notice.notice_id, delivery.subscription.subscription_id
        with self._lock:
            self._waiting.pop((notice_id, recipient), None)
        self._settle(
            NoticeSettled(
                notice_id=notice_id,
                recipient=recipient,
                way=delivery.subscription.way,
                told=told,
                tries=delivery.tries + 1,
                time_utc_ns=time_utc_ns,
                because=because,
            )
        )
