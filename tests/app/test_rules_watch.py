"""What a watch is told of the register: what came, what changed, what is gone, and nothing else."""

from __future__ import annotations

import math

import msgspec
import pytest

from drawn import drawn_permit, drawn_zone
from judged_scenes import START_UTC_NS, at_ns, ring
from memory_register import MemoryRegister
from skykeep.app.bare_site import bare_site
from skykeep.app.office import Office
from skykeep.app.rules_watch import RulesWatch
from skykeep.base.clock import ManualClock
from skykeep.domain.actor import Actor, Right
from skykeep.domain.airspace import AirspaceChange
from skykeep.domain.permit import Permit, PermitAction, PermitEvent, PermitState
from skykeep.domain.register import Release, ReleaseState
from skykeep.domain.zone import Circle, Volume, Zone, ZoneList
from skykeep.geo.frames import LocalFrame

FRAME = LocalFrame(latitude_deg=38.5, longitude_deg=-40.0, height_hae_m=0.0)
MAYOR, CLERK = (
    Actor(name=name, role="officer", rights=frozenset(Right), authority_id="city") for name in "mc"
)
SITE = msgspec.structs.replace(
    bare_site("here", "Here", FRAME), zones=(drawn_zone(FRAME, "own", (ring(0.0, 0.0, 500.0),)),)
)
BAN = drawn_zone(FRAME, "", (ring(0.0, 0.0, 900.0),), name="ban")


class Told:
    """A watch that follows a register, and the rules that it knows by now."""

    def __init__(self) -> None:
        self.register, self.said = MemoryRegister(), list[str]()
        self.clock = ManualClock(START_UTC_NS)
        self.office = Office(self.register, self.clock)
        self.rules = RulesWatch(self.register, SITE, self.said.append)
        self.zones: dict[str, Zone] = {zone.zone_id: zone for zone in SITE.zones}
        self.permits: dict[str, Permit] = {}

    def look(self) -> AirspaceChange | None:
        change = self.rules.look(self.zones.values(), self.permits.values(), self.clock.now_utc_ns())
        if change is not None:
            self.zones |= {zone.zone_id: zone for zone in change.zones_put}
            self.permits |= {permit.permit_id: permit for permit in change.permits_put}
            for name in change.zones_gone:
                del self.zones[name]
            for name in change.permits_gone:
                del self.permits[name]
        return change

    def release(self, source: str, *zones: Zone) -> None:
        number = len(self.register.read().releases(source)) + 1
        release = Release(
            source=source,
            number=number,
            state=ReleaseState.IN_FORCE,
            from_utc_ns=self.clock.now_utc_ns(),
            until_utc_ns=None,
            issued_utc_ns=None,
            sha256=f"{source} {number}",
            zones=len(zones),
            by="c",
            because="",
            listed=ZoneList(format="geojson", zones=zones),
        )
        self.register.change(lambda writer: writer.put_release(release))


@pytest.fixture
def told() -> Told:
    return Told()


def test_nothing_in_the_register_is_nothing_to_tell(told: Told) -> None:
    assert told.look() is None
    assert told.look() is None


def test_a_ban_is_told_when_the_second_has_signed_and_gone_when_it_is_cancelled(told: Told) -> None:
    drawn = told.office.restrictions.draw(CLERK, BAN, "after the night")
    told.office.restrictions.sign(CLERK, drawn.restriction_id)
    assert told.look() is None
    told.office.restrictions.sign(MAYOR, drawn.restriction_id)
    change = told.look()
    assert change is not None
    assert [zone.zone_id for zone in change.zones_put] == [drawn.restriction_id]
    assert change.by == "m"
    assert told.look() is None
    told.office.restrictions.cancel(CLERK, drawn.restriction_id, "over")
    change = told.look()
    assert change is not None
    assert change.zones_gone == (drawn.restriction_id,)
    assert set(told.zones) == {"own"}


def test_a_watch_that_starts_anew_is_told_what_it_missed(told: Told) -> None:
    drawn = told.office.restrictions.draw(CLERK, BAN, "after the night")
    told.office.restrictions.sign(CLERK, drawn.restriction_id)
    told.office.restrictions.sign(MAYOR, drawn.restriction_id)
    told.look()
    told.office.restrictions.cancel(CLERK, drawn.restriction_id, "over")
    told.rules = RulesWatch(told.register, SITE)  # and its pipeline still knows the ban
    change = told.look()
    assert change is not None
    assert change.zones_gone == (drawn.restriction_id,)


def put(told: Told, permit: Permit) -> None:
    event = PermitEvent(
        permit_id=permit.permit_id,
        version=permit.version,
        action=PermitAction.APPROVE,
        by="c",
        role="officer",
        reason="",
        time_utc_ns=told.clock.now_utc_ns(),
        before=None,
        after=permit.state,
    )
    told.register.change(lambda writer: writer.put_permit(permit, event))


FLIGHT = drawn_permit(
    FRAME, "P-1", ring(0.0, 0.0, 300.0), start_utc_ns=at_ns(-60), end_utc_ns=at_ns(3_600), serials=("X",)
)


@pytest.mark.parametrize("state", PermitState)
def test_a_permit_is_told_while_it_stands_and_when_it_ended_so_that_its_end_can_be_named(
    told: Told, state: PermitState
) -> None:
    granted = FLIGHT.scope if state in (PermitState.SUSPENDED, PermitState.REVOKED) else None
    put(told, msgspec.structs.replace(FLIGHT, state=state, granted=granted))
    told.look()
    asked = {
        PermitState.DRAFT,
        PermitState.SUBMITTED,
        PermitState.FURTHER_COORDINATION,
        PermitState.ALTERNATIVE_OFFERED,
        PermitState.WITHDRAWN,
    }
    assert (set(told.permits) == {"P-1"}) == (state not in asked)


def test_what_was_granted_stands_while_an_amendment_waits(told: Told) -> None:
    wider = drawn_permit(FRAME, "P-1", ring(0.0, 0.0, 900.0), start_utc_ns=at_ns(0), end_utc_ns=at_ns(9_000))
    waiting = msgspec.structs.replace(
        FLIGHT,
        state=PermitState.FURTHER_COORDINATION,
        version=2,
        scope=wider.scope,
        granted=FLIGHT.scope,
        standing=PermitState.ACTIVE,
    )
    put(told, waiting)
    told.look()
    assert told.permits["P-1"].scope == FLIGHT.scope
    assert told.permits["P-1"].state is PermitState.ACTIVE


def test_lists_are_told_as_far_as_they_are_near_and_a_name_used_twice_is_two_zones(told: Told) -> None:
    near = drawn_zone(FRAME, "N1", (ring(2_000.0, 0.0, 500.0),), name="one")
    twin = drawn_zone(FRAME, "N1", (ring(-9_000.0, 0.0, 500.0),), name="two")
    far = drawn_zone(FRAME, "F1", (ring(400_000.0, 0.0, 500.0),))
    told.release("national", near, twin, far)
    told.look()
    assert set(told.zones) == {"own", "N1", "N1 (2)"}


def test_of_two_lists_that_contradict_the_safer_is_told_and_it_is_said(told: Told) -> None:
    small = drawn_zone(FRAME, "N1", (ring(2_000.0, 0.0, 500.0),), ceiling_m=120.0)
    told.release("one", msgspec.structs.replace(small, source="one"))
    told.release(
        "other",
        msgspec.structs.replace(
            drawn_zone(FRAME, "N1", (ring(2_000.0, 0.0, 500.0),), ceiling_m=300.0), source="other"
        ),
    )
    told.look()
    ceiling = told.zones["N1"].volumes[0].ceiling
    assert ceiling is not None
    assert ceiling.value == 300.0
    assert any("N1" in sentence and "safer" in sentence for sentence in told.said)


def test_a_zone_that_cannot_be_judged_by_is_said_once_and_keeps_no_other_out(told: Told) -> None:
    broken = msgspec.structs.replace(
        BAN,
        zone_id="bad",
        name="bad",
        volumes=(
            *BAN.volumes,
            Volume(outline=Circle(longitude_deg=-40.0, latitude_deg=38.5, radius_m=-math.inf)),
        ),
    )
    good = drawn_zone(FRAME, "good", (ring(2_000.0, 0.0, 500.0),))
    told.release("national", broken, good)
    told.look()
    assert set(told.zones) == {"own", "good"}
    assert sum("bad" in sentence for sentence in told.said) == 1
