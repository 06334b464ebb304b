"""People who live there: they hear bangs, late by the speed of sound, and say so in their own words."""

from __future__ import annotations

import numpy as np

from skykeep.base.clock import NS_PER_S, seconds_to_ns
from skykeep.domain.sensing import Report, Sensor, SensorKind
from skykeep.sim.dice import stream
from skykeep.sim.effects import Bang
from skykeep.sim.places import Places
from skykeep.sim.plan_sensors import ResidentPlan
from skykeep.sim.sky import vector

SOUND_MPS = 340.0
QUARTERS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")
NUMBERS = ("No", "One", "Two", "Three", "Four")
SENTENCES = (
    "{count} loud {bangs} just now, from the {quarter}. The windows shook.",
    "I heard {count} {bangs} towards the {quarter}, some seconds apart. Then it was quiet.",
    "{count} {bangs}. I was asleep; I think from the {quarter}. Is everybody all right?",
    "There were {count} {bangs} over to the {quarter}. I saw a light, low, and then nothing.",
)


class Resident:
    """One resident of a night."""

    def __init__(self, plan: ResidentPlan, places: Places, seed: int, which: int) -> None:
        self._plan = plan
        self._at_enu_m = places.ground_enu_m(plan.at, 1.6)
        self._dice = stream(seed, "resident", plan.sensor_id)
        self._sequence = 0
        # No two neighbours use the same words.
        self._sentences = np.roll(stream(seed, "residents").permutation(len(SENTENCES)), -which)
        self.sensor = Sensor(
            sensor_id=plan.sensor_id,
            name=plan.name,
            kind=SensorKind.PEOPLE,
            measures=None,
            position_enu_m=vector(self._at_enu_m),
            coverage_range_m=plan.hears_to_m,
            independent=False,
        )

    def hear(self, bangs: list[Bang]) -> Report | None:
        """Return what they report of some bangs heard together, or None when those were too far away."""
        heard = []
        for bang in bangs:
            away_m = bang.position_enu_m - self._at_enu_m
            distance_m = float(np.sqrt(away_m @ away_m))
            if distance_m <= self._plan.hears_to_m:
                heard.append((bang.time_utc_ns + seconds_to_ns(distance_m / SOUND_MPS), away_m))
        # Whether heard or not, a call takes its dice: the next call then has the same.
        delay_s = self._dice.uniform(*self._plan.delay_s)
        bearing_error_rad = np.radians(self._plan.bearing_sigma_deg) * self._dice.standard_normal()
        memory_s = self._dice.normal(0.0, 6.0)
        if not heard:
            return None
        sentence = SENTENCES[int(self._sentences[2 * self._sequence % len(SENTENCES)])]
        last_utc_ns, away_m = max(heard, key=lambda one: one[0])
        bearing_rad = np.arctan2(away_m[0], away_m[1]) + bearing_error_rad
        quarter = QUARTERS[int(np.round(bearing_rad / (np.pi / 4))) % 8]
        text = sentence.format(
            count=NUMBERS[len(heard)] if sentence.startswith("{") else NUMBERS[len(heard)].lower(),
            bangs="bang" if len(heard) == 1 else "bangs",
            quarter=quarter,
        )
        # People give the time to some ten seconds, and never later than they call.
        received_utc_ns = last_utc_ns + round(delay_s * 10) * (NS_PER_S // 10)
        said_utc_ns = min(heard[0][0] + seconds_to_ns(memory_s), received_utc_ns)
        report = Report(
            sensor_id=self._plan.sensor_id,
            sequence=self._sequence,
            heard_utc_ns=said_utc_ns // (10 * NS_PER_S) * (10 * NS_PER_S),
            received_utc_ns=received_utc_ns,
            position_enu_m=vector(self._at_enu_m),
            text=text,
            kind="bang",
        )
        self._sequence += 1
        return report
