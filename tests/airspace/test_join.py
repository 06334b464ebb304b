"""Which track is which permitted flight: cases that a person can follow, with the verdict's own words."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
import pytest

from judged_scenes import BAN, INNER, ORIGIN, SERIAL, SURVEY, at_ns, identification, picture
from skykeep.airspace import Airspace
from skykeep.domain.airspace import AirspaceVerdict, Permission
from skykeep.domain.identity import ClaimTest, ClaimVerdict, Identification
from skykeep.domain.permit import Flight, Permit, Scope
from skykeep.domain.place import Vector
from skykeep.domain.sensing import ClaimKind
from skykeep.domain.track import TrackStatus

TAKE_OFF_M, BEGINS_S = (2200.0, 100.0), 60.0


def lonlat(east_m: float, north_m: float) -> tuple[float, float]:
    latitude_deg, longitude_deg, _ = ORIGIN.to_geodetic(np.array([east_m, north_m, 0.0]))
    return float(longitude_deg), float(latitude_deg)


def filed(**changes: object) -> Permit:
    """Return the survey's permit with its take-off, time and pilot filed."""
    flight = Flight(
        purpose="survey",
        take_off=lonlat(*TAKE_OFF_M),
        take_off_utc_ns=at_ns(BEGINS_S),
        pilot_position=lonlat(*TAKE_OFF_M),
        speed_mps=12.0,
    )
    scope: Scope = msgspec.structs.replace(SURVEY.scope, flight=flight, **changes)
    return msgspec.structs.replace(SURVEY, scope=scope)


def sends(
    track_id: int, serial: str = SERIAL, pilot_m: Vector | None = None, operator_id: str = ""
) -> Identification:
    """Return a track whose Remote ID sensors agree with; "" is silent."""
    test = ClaimTest(
        kind=ClaimKind.REMOTE_ID,
        claimed_id=serial,
        track_id=track_id,
        verdict=ClaimVerdict.CONSISTENT,
        residual_m=5.0,
        p_value=0.5,
        because="",
        operator_id=operator_id,
        operator_position_enu_m=pilot_m,
    )
    return identification(track_id, claimed_id=serial, claims=(test,) if serial else ())


class Watch:
    """A watch that began with an empty sky: every track starts where it is first put."""

    def __init__(self, *permits: Permit) -> None:
        self.air = Airspace(ORIGIN, (BAN, INNER), permits)
        self.tell(0.0, [], ())
        self.born: dict[int, int] = {}

    def tell(
        self,
        seconds: float,
        places_m: Sequence[Sequence[float]],
        who: tuple[Identification, ...],
        coasting: bool = False,
    ) -> list[AirspaceVerdict]:
        states = [[*place, 0.0, 0.0, 0.0] for place in places_m]
        ids = [one.track_id for one in who]
        scene = picture(seconds, np.array(states).reshape(-1, 6), track_ids=ids)
        if who:
            born = [self.born.setdefault(track_id, at_ns(seconds)) for track_id in ids]
            status = [TrackStatus.COASTING if coasting else TrackStatus.CONFIRMED] * len(ids)
            scene = msgspec.structs.replace(
                scene, born_utc_ns=np.array(born), status=np.array(status, dtype=np.int64)
            )
        height_m = scene.state[:, 2].copy()
        return list(self.air.judge(scene, who, height_m, height_m))

    def hold(
        self, from_s: int, to_s: int, places_m: Sequence[Sequence[float]], who: tuple[Identification, ...]
    ) -> list[AirspaceVerdict]:
        """Say the same for some seconds; return the last verdicts."""
        verdicts: list[AirspaceVerdict] = []
        for second in range(from_s, to_s):
            verdicts = self.tell(float(second), places_m, who)
        return verdicts


HOME, INSIDE, AWAY = (*TAKE_OFF_M, 20.0), (1800.0, 100.0, 80.0), (3600.0, 900.0, 80.0)


def test_the_sentence() -> None:
    watch = Watch(filed())
    (verdict,) = watch.hold(60, 90, [HOME], (sends(1),))
    assert verdict.permission is Permission.ALLOWED
    assert verdict.permit_probability > 0.99
    assert verdict.candidates[0] == ("P-7", verdict.permit_probability)
    assert verdict.reason == (
        "With over 99 % it is the survey flight of Harbour Survey, permit P-7, "
        "inside its volume until 03:10 UTC."
    )


def test_its_permit_does_not_open_the_inner_ring() -> None:
    inner = msgspec.structs.replace(INNER, volumes=BAN.volumes)
    watch = Watch(filed())
    watch.air.set_zones((BAN, inner))
    (verdict,) = watch.hold(60, 90, [HOME], (sends(1),))
    assert (verdict.permission, verdict.failing_condition) == (Permission.FORBIDDEN, "zone_not_unlocked")
    assert (verdict.zone_id, verdict.document) == ("inner-ring", "Protection Act")
    assert verdict.reason == (
        "With over 99 % it is the survey flight of Harbour Survey, permit P-7, inside its volume until "
        "03:10 UTC; it does not open this zone: the inner ring (Protection Act) is in force here."
    )


def test_a_start_as_filed_is_enough_without_a_broadcast() -> None:
    (verdict,) = Watch(filed()).hold(60, 80, [HOME], (sends(1, ""),))
    assert verdict.permission is Permission.ALLOWED


def test_a_broadcast_alone_is_never_enough() -> None:
    """It sends the serial, from where it truly is, flies into the volume and stays; it began elsewhere."""
    watch = Watch(filed())
    watch.hold(60, 80, [AWAY], (sends(1),))
    (verdict,) = watch.hold(100, 300, [INSIDE], (sends(1),))
    assert (verdict.permission, verdict.permit_probability < 0.9) == (Permission.FORBIDDEN, True)


def test_a_mimic_outside_is_told_apart_from_a_flight_that_strays() -> None:
    strays, mimics = Watch(filed()), Watch(filed())
    strays.hold(60, 80, [HOME], (sends(1),))
    (strayed,) = strays.hold(140, 170, [AWAY], (sends(1),))
    (mimic,) = mimics.hold(60, 170, [AWAY], (sends(1),))
    assert (strayed.failing_condition, strayed.permit_id) == ("volume", "P-7")
    assert strayed.reason.startswith("With over 99 % it is the survey flight of Harbour Survey, permit P-7,")
    assert mimic.failing_condition == "spoofed"
    assert strayed.permit_probability > 0.9 > 0.5 > mimic.permit_probability


def test_a_pilot_who_is_elsewhere_counts_against_it() -> None:
    near = Watch(filed()).hold(60, 90, [INSIDE], (sends(1, pilot_m=(*TAKE_OFF_M, 0.0)),))[0]
    far = Watch(filed()).hold(60, 90, [INSIDE], (sends(1, pilot_m=(-2000.0, 0.0, 0.0)),))[0]
    assert near.permit_probability > far.permit_probability


def test_one_flight_is_one_track() -> None:
    watch = Watch(filed())
    both = watch.hold(60, 90, [HOME, AWAY], (sends(1), sends(2)))
    assert [one.permission for one in both] == [Permission.ALLOWED, Permission.FORBIDDEN]
    assert both[1].failing_condition == "covered_by_another"
    assert sum(one.permit_probability for one in both) <= 1.0


def test_it_is_the_flight_again_after_a_minute_unseen_under_a_new_number() -> None:
    watch = Watch(filed())
    watch.hold(60, 120, [INSIDE], (sends(1),))
    watch.hold(120, 180, [], ())
    (verdict,) = watch.hold(180, 190, [(1900.0, 50.0, 80.0)], (sends(2),))
    assert verdict.permission is Permission.ALLOWED


def test_a_stranger_that_appears_meanwhile_is_not() -> None:
    watch = Watch(filed())
    watch.hold(60, 120, [HOME], (sends(1),))
    watch.hold(120, 180, [], ())
    (verdict,) = watch.hold(180, 220, [AWAY], (sends(2, ""),))
    assert verdict.permission is Permission.FORBIDDEN
    assert dict(verdict.candidates).get("P-7", 0.0) < 0.1


def test_a_number_that_coasts_for_long_is_less_surely_the_flight() -> None:
    watch = Watch(filed())
    (before,) = watch.hold(60, 90, [HOME], (sends(1, ""),))
    after = before
    for second in range(90, 150):
        (after,) = watch.tell(float(second), [HOME], (sends(1, ""),), coasting=True)
    assert dict(after.candidates)["P-7"] < dict(before.candidates)["P-7"] - 0.02


@pytest.mark.parametrize(
    ("who", "condition"),
    [
        (sends(1, operator_id="OTHER"), "operator"),
        (msgspec.structs.replace(sends(1), class_probabilities=(0.02, 0.96, 0.0, 0.01, 0.01)), "class"),
    ],
)
def test_who_and_what_it_is_must_be_as_filed(who: Identification, condition: str) -> None:
    permit = filed(operator_ids=("HARBOUR",))
    flight = msgspec.structs.replace(permit.scope.flight, uas_class="Multirotor")
    permit = msgspec.structs.replace(permit, scope=msgspec.structs.replace(permit.scope, flight=flight))
    (verdict,) = Watch(permit).hold(60, 75, [HOME], (who,))
    assert (verdict.permission, verdict.failing_condition) == (Permission.FORBIDDEN, condition)


def test_another_serial_from_the_filed_start_is_not_the_permit() -> None:
    (verdict,) = Watch(filed()).hold(60, 90, [HOME], (sends(1, "QVTX9H3K"),))
    assert (verdict.permission, verdict.failing_condition) == (Permission.FORBIDDEN, "serial")


def test_the_same_inputs_give_the_same_figures() -> None:
    def once() -> list[tuple[tuple[str, float], ...]]:
        watch = Watch(filed(), msgspec.structs.replace(filed(), permit_id="P-8"))
        verdicts = watch.hold(60, 90, [HOME, INSIDE, AWAY], (sends(1), sends(2, ""), sends(3)))
        return [one.candidates for one in verdicts]

    assert once() == once()


def off_by(who: Identification, residual_m: float) -> Identification:
    """Return the same, agreeing with sensors to within so many metres."""
    claims = tuple(msgspec.structs.replace(test, residual_m=residual_m) for test in who.claims)
    return msgspec.structs.replace(who, claims=claims)


def beside(distance_m: float) -> list[Vector]:
    return [INSIDE, (INSIDE[0] + distance_m, *INSIDE[1:])]


def exchanged() -> Watch:
    """Return a watch where a stranger has just flown beside the flight, 10 m off."""
    watch = Watch(filed())
    watch.hold(60, 90, [HOME, AWAY], (sends(1), sends(2, "")))
    watch.hold(90, 100, beside(10.0), (sends(1), sends(2, "")))
    return watch


def test_after_flying_side_by_side_the_one_that_agrees_better_is_not_accused_for_some_seconds() -> None:
    watch = exchanged()
    who = (off_by(sends(1), 30.0), off_by(sends(2), 3.0))
    early = watch.hold(100, 103, beside(35.0), who)[1]
    assert (early.permission, early.failing_condition) == (Permission.UNKNOWN, "covered_by_another")
    assert "which is which cannot be told yet" in early.reason
    assert watch.hold(103, 130, beside(35.0), who)[1].permission is Permission.FORBIDDEN


def test_one_that_agrees_worse_stays_accused() -> None:
    verdicts = exchanged().hold(100, 103, beside(60.0), (off_by(sends(1), 3.0), off_by(sends(2), 60.0)))
    assert [one.permission for one in verdicts] == [Permission.ALLOWED, Permission.FORBIDDEN]


def test_a_copy_that_was_never_close_is_never_in_doubt() -> None:
    watch = Watch(filed())
    watch.hold(60, 90, [HOME, AWAY], (sends(1), sends(2, "")))
    verdicts = watch.hold(90, 100, beside(40.0), (off_by(sends(1), 3.0), off_by(sends(2), 3.0)))
    assert [one.permission for one in verdicts] == [Permission.ALLOWED, Permission.FORBIDDEN]


def test_what_was_inherited_goes_when_the_flight_is_heard_from_another() -> None:
    """Lost, found again nearby under another number, which then falls silent while another is heard."""
    watch = Watch(filed(serials=(SERIAL,)))
    watch.hold(60, 90, [INSIDE], (sends(1),))
    found = watch.hold(100, 110, beside(200.0), (sends(2), sends(3, "")))
    after = watch.hold(110, 130, beside(200.0), (sends(2, ""), sends(3)))
    assert found[0].permit_probability > 0.9
    assert dict(after[0].candidates).get("P-7", 0.0) < 0.5
