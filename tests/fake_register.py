"""A small register for the console's and the public page's tests: no rules but the simplest.

It holds the true nouns, so that what tests see of them went through the true views. A permit is asked for,
decided on and offered another hour; a restriction is drawn, signed by two, amended, cancelled.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import msgspec

from skykeep.api import register_commands as rc
from skykeep.api import register_drawn as drawn_views
from skykeep.api import register_messages as r
from skykeep.api import register_views as views
from skykeep.api.apply_desk import Application
from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import InputError
from skykeep.domain.permit import (
    GRANTED,
    Flight,
    Permit,
    PermitConflict,
    PermitPriority,
    PermitState,
    Scope,
    Volume4D,
)
from skykeep.domain.restriction import AirspaceRestriction, RestrictionState, Signature
from skykeep.domain.zone import STRICTNESS, Circle, Limit, Period, Restriction, Volume, Zone

HOUR_NS = 3_600 * NS_PER_S
RING_RADIUS_M = 1_500.0
LAPSES_NS = 2 * HOUR_NS
AFTER = {
    "coordinate": PermitState.FURTHER_COORDINATION,
    "approve": PermitState.APPROVED,
    "deny": PermitState.DENIED,
    "offer": PermitState.ALTERNATIVE_OFFERED,
    "suspend": PermitState.SUSPENDED,
    "resume": PermitState.ACTIVE,
    "revoke": PermitState.REVOKED,
    "close": PermitState.CLOSED,
}
TEMPLATES = (
    r.TemplateView(id="parade_day", name="Parade day", ceiling_m=300, duration_s=43_200, lead_in_s=86_400),
    r.TemplateView(id="city_wide_ban", name="City-wide ban", duration_s=86_400),
    r.TemplateView(id="crime_scene", name="Crime scene", ceiling_m=150, duration_s=14_400, radius_m=500),
    r.TemplateView(id="vip_movement", name="VIP movement", ceiling_m=500, duration_s=7_200, radius_m=2_000),
)


def scope(lon: float, lat: float, start_utc_ns: int, *, radius_m: float = 400, hours: int = 2) -> Scope:
    volume = Volume(
        outline=Circle(longitude_deg=lon, latitude_deg=lat, radius_m=radius_m), ceiling=Limit(value=120)
    )
    end_utc_ns = start_utc_ns + hours * HOUR_NS
    return Scope(
        volumes=(Volume4D(volume=volume, start_utc_ns=start_utc_ns, end_utc_ns=end_utc_ns),),
        serials=("1581B5FKD229400A", "1596B3123456789A"),
        operator_ids=("FIN87astrdge12k8",),
        conditions=("Stay clear of the road.",),
        flight=Flight(purpose="Roof inspection", operation_category="open", uas_class="C2"),
    )


class FakeRegister:
    """A `RegisterDesk`, and a `Counter` of the public page, in one."""

    def __init__(self, now_utc_ns: int, lon: float, lat: float) -> None:
        self._lock = threading.RLock()
        self._place = (lon, lat)
        self.changed: Callable[[], None] = lambda: None
        self.now_utc_ns = now_utc_ns
        self._permits: dict[str, Permit] = {}
        self._restrictions: dict[str, AirspaceRestriction] = {}
        self._references: dict[str, str] = {}
        self.track_positions: dict[int, tuple[float, float]] = {}

    # --- what there is at first --------------------------------------------------------------------------

    def fill(self) -> None:
        """Put in a permit of each kind, one restriction of ours in force, and a zone of somebody's list."""
        lon, lat = self._place
        for permit_id, state, holder, priority, private in (
            ("P-1", PermitState.SUBMITTED, "Harbour Roofing Ltd", PermitPriority.COMMERCIAL, False),
            ("P-2", PermitState.ACTIVE, "Night watch", PermitPriority.POLICE, True),
            ("P-3", PermitState.SUSPENDED, "Sea Rescue", PermitPriority.MEDICAL, False),
            ("P-4", PermitState.DENIED, "Someone", PermitPriority.HOBBY, False),
        ):
            self._permits[permit_id] = Permit(
                permit_id=permit_id,
                state=state,
                version=1,
                holder=holder,
                priority=priority,
                scope=scope(lon + 0.012, lat + 0.006, self.now_utc_ns),
                owner="test",
                private=private,
                document=f"Permit {permit_id}",
                contact="roofs@example.org",
                made_utc_ns=self.now_utc_ns,
            )
        self._restrictions["R-1"] = self._restriction(
            "R-1",
            rc.Drawn(
                title="Night ban",
                template="city_wide_ban",
                circle=rc.DrawnCircle(lon=lon - 0.01, lat=lat, radius_m=900),
                ceiling_m=300,
            ),
            "After the night.",
            RestrictionState.PUBLISHED,
        )

    # --- RegisterDesk ------------------------------------------------------------------------------------

    def permits(self) -> r.Permits:
        with self._lock:
            return r.Permits(permits=tuple(self._permit_view(permit) for permit in self._permits.values()))

    def restrictions(self) -> r.Restrictions:
        with self._lock:
            every = self._restrictions.values()
            return r.Restrictions(
                restrictions=tuple(views.restriction_view(one, one.published is not None) for one in every),
                templates=TEMPLATES,
            )

    def zones(self) -> r.Zones:
        with self._lock:
            listed = (self._listed_zone(),)
            own = tuple(one.published for one in self._restrictions.values() if one.published is not None)
            return views.zones_view(listed + own, lambda _: True, frozenset(self._restrictions))

    def command(self, command: rc.RegisterCommand, now_utc_ns: int) -> None:
        with self._lock:
            self.now_utc_ns = max(self.now_utc_ns, now_utc_ns)
            match command:
                case rc.DecidePermit():
                    self._decide(command)
                case rc.DrawRestriction():
                    self._draw(command.drawn, command.reason)
                case rc.AmendRestriction():
                    self._amend(command)
                case rc.SignRestriction():
                    self._sign(command)
                case rc.CancelRestriction():
                    self._cancel(command)
                case rc.EmergencyRing():
                    self._ring(command)
        self.changed()

    # --- Counter -----------------------------------------------------------------------------------------

    def apply(self, application: Application) -> str:
        with self._lock:
            permit_id = f"P-{len(self._permits) + 1}"
            reference = f"reference-of-{permit_id}-0123456789"
            self._references[reference] = permit_id
            self._permits[permit_id] = Permit(
                permit_id=permit_id,
                state=PermitState.SUBMITTED,
                version=1,
                holder=application.holder,
                priority=application.priority,
                scope=application.scope,
                owner=reference,
                contact=application.contact,
                document=f"Permit {permit_id}",
                made_utc_ns=self.now_utc_ns,
            )
        self.changed()
        return reference

    def status(self, reference: str) -> Permit | None:
        with self._lock:
            return self._permits.get(self._references.get(reference, ""))

    def accept_offer(self, reference: str) -> None:
        permit = self._of(reference, PermitState.ALTERNATIVE_OFFERED)
        assert permit.offer is not None
        self._put(permit, scope=permit.offer, offer=None, state=PermitState.APPROVED)

    def decline_offer(self, reference: str) -> None:
        self._put(self._of(reference, PermitState.ALTERNATIVE_OFFERED), state=PermitState.WITHDRAWN)

    def withdraw(self, reference: str) -> None:
        self._put(self._of(reference), state=PermitState.WITHDRAWN)

    # --- inside ------------------------------------------------------------------------------------------

    def _of(self, reference: str, must: PermitState | None = None) -> Permit:
        permit = self.status(reference)
        if permit is None or must not in (None, permit.state):
            raise InputError("reference", repr(reference), "of a permit that waits for this")
        return permit

    def _put(self, permit: Permit, **changes: object) -> None:
        with self._lock:
            changed = msgspec.structs.replace(permit, version=permit.version + 1, **changes)
            self._permits[permit.permit_id] = changed
        self.changed()

    def _permit_view(self, permit: Permit) -> r.PermitView:
        waits = permit.state in (PermitState.SUBMITTED, PermitState.FURTHER_COORDINATION)
        conflict = PermitConflict(
            with_kind="zone",
            with_id="harbour",
            because="The harbour's own zone is closed until four.",
            start_utc_ns=permit.scope.start_utc_ns,
            end_utc_ns=permit.scope.start_utc_ns + HOUR_NS,
        )
        return views.permit_view(
            permit,
            conflicts=(conflict,) if waits else (),
            alternative=self._later(permit.scope) if waits else None,
            alternative_says="The same place, two hours later.",
        )

    def _later(self, asked: Scope) -> Scope:
        volumes = tuple(
            msgspec.structs.replace(
                volume,
                start_utc_ns=volume.start_utc_ns + 2 * HOUR_NS,
                end_utc_ns=volume.end_utc_ns + 2 * HOUR_NS,
            )
            for volume in asked.volumes
        )
        return msgspec.structs.replace(asked, volumes=volumes)

    def _decide(self, command: rc.DecidePermit) -> None:
        permit = self._permits.get(command.permit_id)
        if permit is None:
            raise InputError("permit_id", repr(command.permit_id), "a permit that there is")
        if permit.version != command.version:
            raise InputError("version", str(command.version), f"{permit.version}: it was changed meanwhile")
        if command.action in ("suspend",) and permit.state not in GRANTED:
            raise InputError("action", command.action, "on a permit that was granted")
        offer = self._later(permit.scope) if command.action == "offer" else permit.offer
        self._put(permit, state=AFTER[command.action], reason=command.reason, offer=offer)

    def _draw(self, drawn: rc.Drawn, reason: str) -> None:
        restriction_id = f"R-{len(self._restrictions) + 1}"
        self._restrictions[restriction_id] = self._restriction(
            restriction_id, drawn, reason, RestrictionState.DRAFT
        )

    def _restriction(
        self, restriction_id: str, drawn: rc.Drawn, reason: str, state: RestrictionState
    ) -> AirspaceRestriction:
        kind = Restriction(drawn.restriction)
        zone = Zone(
            zone_id=restriction_id,
            name=drawn.title,
            restriction=kind,
            volumes=drawn_views.drawn_volumes(drawn),
            strictness=STRICTNESS[kind],
            document=f"Order {restriction_id}",
            periods=drawn_views.drawn_periods(drawn),
            authority_id="city",
        )
        return AirspaceRestriction(
            restriction_id=restriction_id,
            state=state,
            version=1,
            title=drawn.title,
            zone=zone,
            authority_id="city",
            reason=reason,
            published=zone if state is RestrictionState.PUBLISHED else None,
            template=drawn.template,
            lead_in_s=drawn.lead_in_s,
        )

    def _current(self, restriction_id: str, version: int) -> AirspaceRestriction:
        one = self._restrictions.get(restriction_id)
        if one is None:
            raise InputError("restriction_id", repr(restriction_id), "a restriction that there is")
        if one.version != version:
            raise InputError("version", str(version), f"{one.version}: it was changed meanwhile")
        return one

    def _amend(self, command: rc.AmendRestriction) -> None:
        one = self._current(command.restriction_id, command.version)
        drawn = self._restriction(one.restriction_id, command.drawn, command.reason, RestrictionState.DRAFT)
        self._restrictions[one.restriction_id] = msgspec.structs.replace(
            drawn, version=one.version + 1, published=one.published
        )

    def _sign(self, command: rc.SignRestriction) -> None:
        one = self._current(command.restriction_id, command.version)
        if any(signature.by == command.by for signature in one.signatures):
            raise InputError("by", repr(command.by), "a second person")
        signatures = (*one.signatures, Signature(by=command.by, time_utc_ns=self.now_utc_ns))
        published = len(signatures) == 2 or one.emergency
        self._restrictions[one.restriction_id] = msgspec.structs.replace(
            one,
            signatures=signatures,
            state=RestrictionState.PUBLISHED if published else RestrictionState.SIGNED,
            published=one.zone if published else one.published,
            lapses_utc_ns=None,
        )

    def _cancel(self, command: rc.CancelRestriction) -> None:
        one = self._current(command.restriction_id, command.version)
        self._restrictions[one.restriction_id] = msgspec.structs.replace(
            one, state=RestrictionState.CANCELLED, reason=command.reason, published=None
        )

    def _ring(self, command: rc.EmergencyRing) -> None:
        at = self.track_positions.get(command.track_id)
        if at is None:
            raise InputError("track_id", str(command.track_id), "a track that there is")
        circle = rc.DrawnCircle(lon=at[0], lat=at[1], radius_m=command.radius_m or RING_RADIUS_M)
        restriction_id = f"R-{len(self._restrictions) + 1}"
        drawn = rc.Drawn(title=f"Emergency ring round track {command.track_id}", circle=circle)
        one = self._restriction(restriction_id, drawn, "Emergency.", RestrictionState.PUBLISHED)
        self._restrictions[restriction_id] = msgspec.structs.replace(
            one,
            emergency=True,
            lapses_utc_ns=self.now_utc_ns + LAPSES_NS,
            incident_id=command.alert_id,
            signatures=(Signature(by=command.by, time_utc_ns=self.now_utc_ns),),
        )

    def _listed_zone(self) -> Zone:
        lon, lat = self._place
        volume = Volume(
            outline=Circle(longitude_deg=lon, latitude_deg=lat, radius_m=2_000), ceiling=Limit(value=600)
        )
        return Zone(
            zone_id="zone-1",
            name="Residence closed area",
            restriction=Restriction.PROHIBITED,
            volumes=(volume,),
            strictness=90,
            document="Order 12",
            periods=(Period(permanent=True),),
            source="National list",
        )
