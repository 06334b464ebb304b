"""What the public page takes, the office takes: every choice that the form offers can be sent."""

from __future__ import annotations

from itertools import product

import pytest

from memory_register import MemoryRegister
from skykeep.api.apply_form import CATEGORIES, CLASSES, Application, Region, read_application
from skykeep.api.office_counter import OfficeCounter
from skykeep.app.office import Office, OfficeSettings
from skykeep.base.clock import ManualClock, from_iso_utc
from skykeep.base.errors import InputError
from skykeep.domain.actor import Actor, Right
from skykeep.domain.permit import PermitState
from skykeep.geo.frames import LocalFrame

NOW_UTC_NS = from_iso_utc("2031-04-26T20:00:00Z")
FRAME = LocalFrame(latitude_deg=44.5, longitude_deg=-28.0, height_hae_m=0.0)
REGION = Region(name="Haven Rock", zone_name="America/Noronha", frame=FRAME)
OFFICER = Actor(name="mayor", role="officer", rights=frozenset(Right), authority_id="city")
FORM = {
    "holder": "Harbour Roofing Ltd",
    "contact": "roofs@example.org",
    "serials": "1581B5FKD229400A",
    "operator": "CHEo5kut30e0mt01",
    "shape": "circle",
    "centre": "44.505, -27.99",
    "radius": "300",
    "height": "80",
    "begin": "2031-04-26T19:00",
    "end": "2031-04-26T20:30",
    "purpose": "Roof inspection",
    "use": "commercial",
    "category": "open",
    "uas_class": "C2",
}


def counter() -> tuple[OfficeCounter, Office]:
    settings = OfficeSettings(default_authority_id="city")
    office = Office(MemoryRegister(), ManualClock(NOW_UTC_NS), settings)
    return OfficeCounter(office, "city"), office


def application(**changes: str) -> Application:
    read = read_application(FORM | changes, now_utc_ns=NOW_UTC_NS, region=REGION)
    assert isinstance(read, Application), read
    return read


@pytest.mark.parametrize(("category", "uas_class"), list(product(CATEGORIES, CLASSES)))
def test_every_choice_can_be_sent(category: str, uas_class: str) -> None:
    desk, _ = counter()
    reference = desk.apply(application(category=category, uas_class=uas_class))
    permit = desk.status(reference)
    assert permit is not None
    assert permit.state is PermitState.FURTHER_COORDINATION
    assert permit.scope.flight.endurance_minutes == 90


def test_what_is_optional_may_be_left_out() -> None:
    desk, _ = counter()
    permit = desk.status(desk.apply(application(serials="", operator="")))
    assert permit is not None
    assert (permit.scope.serials, permit.scope.operator_ids) == ((), ())


def test_who_holds_no_reference_sees_and_does_nothing() -> None:
    desk, _ = counter()
    reference = desk.apply(application())
    for wrong in ("", "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA", reference[:-1]):
        assert desk.status(wrong) is None
        for act in (desk.withdraw, desk.accept_offer, desk.decline_offer):
            with pytest.raises(InputError):
                act(wrong)


def test_an_offer_is_declined_which_ends_it() -> None:
    desk, office = counter()
    reference = desk.apply(application())
    with pytest.raises(InputError, match="alternative_offered"):
        desk.decline_offer(reference)
    permit = desk.status(reference)
    assert permit is not None
    office.permits.offer(OFFICER, permit.permit_id, permit.scope, "an hour later would do")
    desk.decline_offer(reference)
    after = desk.status(reference)
    assert after is not None
    assert after.state is PermitState.WITHDRAWN
