"""The sensors and the air of a generated night: what looks, what fails, wind, birds and traffic."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from skykeep.sim.dice import stream
from skykeep.sim.plan_sensors import (
    AdsbReceiverPlan,
    DirectionFinderPlan,
    RadarPlan,
    RemoteIdReceiverPlan,
)
from skykeep.sim.plan_targets import AircraftPlan, BirdsPlan
from skykeep.sim.plan_terms import Spot, Stand
from skykeep.sim.scenario import Wind

MAIN_RADAR, SECOND_RADAR = "radar-main", "radar-second"


class Outage(NamedTuple):
    """A sensor that says nothing between two times, in seconds from the start."""

    sensor_id: str
    from_s: float
    to_s: float


def generate_sensors(seed: int) -> dict[str, Any]:
    """Return the sensor tables of a scenario: a radar always, a second, a direction finder and one more
    Remote ID receiver mostly.
    """
    dice = stream(seed, "generated", "sensors")
    rain = float(dice.random() < 0.25)
    radars = [_main_radar(dice, rain)]
    if dice.random() < 0.6:
        radars.append(_second_radar(dice, rain))
    finders = [
        DirectionFinderPlan(
            sensor_id="finder",
            name="Direction finder",
            stand=_stand(dice, 1_200.0, 30.0),
            range_m=5_000.0,
            bearing_sigma_deg=float(dice.uniform(1.5, 3.5)),
        )
    ]
    receivers = [
        RemoteIdReceiverPlan(
            sensor_id=f"remote-id-{which + 1}",
            name=f"Remote ID receiver {which + 1}",
            stand=_stand(dice, 300.0 + 1_200.0 * which, 25.0),
            range_m=5_000.0,
        )
        for which in range(2 if dice.random() < 0.7 else 1)
    ]
    adsb = AdsbReceiverPlan(
        sensor_id="adsb", name="ADS-B receiver", stand=_stand(dice, 800.0, 40.0), range_m=60_000.0
    )
    return {
        "radars": tuple(radars),
        "direction_finders": tuple(finders[: int(dice.random() < 0.7)]),
        "remote_id_receivers": tuple(receivers),
        "adsb_receivers": (adsb,),
    }


def generate_outages(seed: int, sensors: dict[str, Any], duration_s: float) -> tuple[Outage, ...]:
    """Return what falls silent: in every fourth night one sensor, 10 to 40 s; never the only radar for more
    than 15 s.
    """
    dice = stream(seed, "generated", "outages")
    if dice.random() >= 0.25:
        return ()
    names = [plan.sensor_id for table in sensors.values() for plan in table]
    sensor_id = names[int(dice.integers(len(names)))]
    most_s = 15.0 if sensor_id == MAIN_RADAR and len(sensors["radars"]) == 1 else 40.0
    from_s = float(dice.uniform(20.0, max(21.0, duration_s - 50.0)))
    return (Outage(sensor_id, from_s, from_s + float(dice.uniform(10.0, most_s))),)


def generate_wind(seed: int) -> Wind:
    """Return the weather's wind."""
    dice = stream(seed, "generated", "wind")
    return Wind(
        from_deg=float(dice.uniform(0.0, 360.0)),
        speed_mps=float(dice.uniform(0.0, 11.0)),
        gust_mps=float(dice.uniform(0.2, 2.0)),
    )


def generate_birds(seed: int) -> tuple[BirdsPlan, ...]:
    """Return up to three kinds of birds, two to twelve of them together."""
    dice = stream(seed, "generated", "birds")
    kinds = (
        ("gull", "commuting", 2_600.0, (9.0, 14.0), (20.0, 120.0), (-24.0, -16.0), 1.1, 3.0),
        ("wader", "flock", 60.0, (14.0, 20.0), (20.0, 90.0), (-30.0, -24.0), 0.5, 7.0),
        ("buzzard", "soaring", 1_800.0, (9.0, 12.0), (60.0, 200.0), (-24.0, -17.0), 1.2, 2.8),
    )
    plans = []
    for name, habit, spread_m, airspeed, height, echo, size_m, beat_hz in kinds:
        if dice.random() < 0.65:
            plans.append(
                BirdsPlan(
                    name=name,
                    count=int(dice.integers(1, 6)),
                    habit=habit,  # type: ignore[arg-type]
                    about=_spot(dice, 1_500.0),
                    spread_m=spread_m,
                    airspeed_mps=airspeed,
                    height_agl_m=height,
                    rcs_dbsm=echo,
                    size_m=size_m,
                    wingbeat_hz=beat_hz,
                )
            )
    return tuple(plans)


def generate_aircraft(seed: int, duration_s: float) -> tuple[AircraftPlan, ...]:
    """Return the traffic: a helicopter in every second night, a light aircraft in every third."""
    dice = stream(seed, "generated", "aircraft")
    plans = []
    kinds = (
        ("helicopter", "A7", (35.0, 60.0), (120.0, 400.0), (4.0, 9.0), 13.0, -7.0, 0.5),
        ("light aircraft", "A1", (45.0, 70.0), (250.0, 600.0), (3.0, 8.0), 9.0, -14.0, 0.33),
    )
    for name, category, speed, height, echo, size_m, modulation_db, share in kinds:
        address = f"{int(dice.integers(0x100000, 0xFFFFFF)):06X}"
        drawn = (float(dice.uniform(*speed)), float(dice.uniform(*height)), float(dice.uniform(0.0, 360.0)))
        if dice.random() < share:
            plans.append(
                AircraftPlan(
                    name=name,
                    address=address,
                    category=category,
                    route="transit",
                    at=_spot(dice, 2_500.0),
                    course_deg=drawn[2],
                    speed_mps=drawn[0],
                    height_agl_m=drawn[1],
                    before_s=(0.2 * duration_s, 0.8 * duration_s),
                    rcs_dbsm=echo,
                    size_m=size_m,
                    modulation_db=modulation_db,
                )
            )
    return tuple(plans)


def _main_radar(dice: np.random.Generator, rain: float) -> RadarPlan:
    return RadarPlan(
        sensor_id=MAIN_RADAR,
        name="Main radar",
        stand=Stand(
            at=Spot(place="residence", bearing_deg=float(dice.uniform(0, 360)), distance_m=80.0),
            mast_m=float(dice.uniform(25.0, 50.0)),
        ),
        period_s=1.0,
        reference_range_m=float(dice.uniform(4_500.0, 6_000.0)),
        range_min_m=120.0,
        range_max_m=7_000.0,
        elevation_min_deg=-12.0,
        elevation_max_deg=45.0,
        beam_azimuth_deg=7.0,
        beam_elevation_deg=9.0,
        range_floor_m=6.0,
        range_cell_m=30.0,
        range_rate_sigma_mps=0.4,
        clutter_per_scan=float(dice.uniform(10.0, 30.0) + 20.0 * rain),
        hot_spots=int(dice.integers(4, 15)),
        hot_spot_share=0.25,
        latency_s=0.15,
        late_share=0.03,
        late_s=0.9,
    )


def _second_radar(dice: np.random.Generator, rain: float) -> RadarPlan:
    return RadarPlan(
        sensor_id=SECOND_RADAR,
        name="Second radar",
        stand=_stand(dice, 2_500.0, 15.0),
        period_s=2.4,
        sectors=12,
        reference_range_m=float(dice.uniform(4_000.0, 5_500.0)),
        range_min_m=250.0,
        range_max_m=9_000.0,
        elevation_min_deg=-5.0,
        elevation_max_deg=30.0,
        beam_azimuth_deg=4.0,
        beam_elevation_deg=22.0,
        range_floor_m=10.0,
        range_cell_m=45.0,
        range_rate_sigma_mps=0.6,
        modulation=False,
        minimum_speed_mps=1.5,
        clutter_per_scan=float(dice.uniform(8.0, 20.0) + 12.0 * rain),
        hot_spots=8,
        hot_spot_share=0.25,
        latency_s=0.1,
        late_share=0.02,
        late_s=0.5,
    )


def _spot(dice: np.random.Generator, within_m: float) -> Spot:
    return Spot(
        place="origin",
        bearing_deg=float(dice.uniform(0.0, 360.0)),
        distance_m=float(within_m * np.sqrt(dice.random())),
    )


def _stand(dice: np.random.Generator, within_m: float, mast_m: float) -> Stand:
    return Stand(at=_spot(dice, within_m), mast_m=mast_m)
