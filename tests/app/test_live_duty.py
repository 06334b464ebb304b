"""The example site, live: its calendar and its ground outlast a restart, and a replay needs no site file."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from skykeep.app.folder import LOG
from skykeep.app.ground_text import GROUND, keep_ground, terrain_of
from skykeep.app.live import open_pipeline
from skykeep.app.replay import Recording, verify_replay
from skykeep.app.site_text import read_site_file, site_of
from skykeep.base.clock import from_iso_utc, seconds_to_ns
from skykeep.base.errors import SetupError
from skykeep.domain.commands import SetOccupancy, SetPosture, Tick
from skykeep.domain.rules import ResponseRules
from skykeep.domain.site import Site
from skykeep.geo.terrain import Terrain
from skykeep.response.population import hour_says, persons_per_m2_at
from skykeep.store.log_database import LogDatabase

EXAMPLES = Path(__file__).parents[2] / "examples"
EVE_UTC_NS = from_iso_utc("2031-05-08T19:59:50Z")


class At:
    """A clock that stands."""

    def __init__(self, time_utc_ns: int) -> None:
        self._time_utc_ns = time_utc_ns

    def now_utc_ns(self) -> int:
        return self._time_utc_ns


def example() -> tuple[Site, Terrain]:
    found = read_site_file(EXAMPLES / "site.toml")
    assert found.terrain is not None
    site = site_of(found, EXAMPLES)
    return site, terrain_of(found.terrain, site.origin, EXAMPLES)


def test_the_eve_of_the_parade(tmp_path: Path) -> None:
    site, terrain = example()
    clock = At(EVE_UTC_NS)
    log = LogDatabase.open(tmp_path / LOG)
    pipeline = open_pipeline(site, log, clock, terrain)
    keep_ground(terrain, tmp_path)
    for second in range(20):
        at_utc_ns = EVE_UTC_NS + seconds_to_ns(second)
        pipeline.receive(Tick(time_utc_ns=at_utc_ns))
    # Twelve hours before it begins, by the clock of the place, which is in summer time.
    assert pipeline.duty.situation.posture.name == "high"
    assert pipeline.duty.situation.posture.since_utc_ns == EVE_UTC_NS + seconds_to_ns(10.0)
    at_utc_ns = EVE_UTC_NS + seconds_to_ns(20.0)
    pipeline.receive(SetPosture(level=1, reason="Two drones.", by="lead", time_utc_ns=at_utc_ns))
    pipeline.receive(
        SetOccupancy(asset_id="house", by="guard", time_utc_ns=at_utc_ns, principal_present=True)
    )
    before = pipeline.duty.situation
    log.close()

    log = LogDatabase.open(tmp_path / LOG)
    again = open_pipeline(site, log, clock, terrain)
    assert again.duty.situation == before
    assert len(before.posture.sources) == 2
    log.close()
    assert verify_replay(tmp_path).identical
    assert Recording(tmp_path).site.playbooks == site.playbooks


def test_who_is_out_goes_by_the_clock_of_the_place_in_a_watch_and_in_its_replay(tmp_path: Path) -> None:
    site, terrain = example()
    log = LogDatabase.open(tmp_path / LOG)
    pipeline = open_pipeline(site, log, At(EVE_UTC_NS), terrain)
    keep_ground(terrain, tmp_path)
    pipeline.receive(Tick(time_utc_ns=EVE_UTC_NS))
    log.close()
    kept = Recording(tmp_path).site
    house_m, rules = np.zeros((1, 2)), ResponseRules()
    for each in (pipeline.site, kept):
        # Noon in Paris is at ten in summer and at eleven in winter; three in the morning at one and two.
        for noon, night in (
            ("2031-07-01T10:00:00Z", "2031-07-01T01:00:00Z"),
            ("2031-12-01T11:00:00Z", "2031-12-01T02:00:00Z"),
        ):
            by_day, by_night = (
                float(persons_per_m2_at(from_iso_utc(at), house_m, each, rules)[0]) for at in (noon, night)
            )
            crowd = persons_per_m2_at(from_iso_utc(noon), house_m, without_people(each), rules)[0]
            assert by_day - crowd == pytest.approx(6.0 * (by_night - crowd), rel=1e-3)
            assert "12 to 13 h: 100 % of the day's" in hour_says(from_iso_utc(noon), each, rules)


def without_people(site: Site) -> Site:
    """Return a site with nobody but those at its assets."""
    assert site.population is not None
    nobody = np.zeros_like(site.population.night_persons)
    grid = msgspec.structs.replace(site.population, night_persons=nobody, day_persons=nobody)
    return msgspec.structs.replace(site, population=grid)


def test_a_log_over_other_ground_is_refused(tmp_path: Path) -> None:
    site, terrain = example()
    log = LogDatabase.open(tmp_path / LOG)
    open_pipeline(site, log, At(EVE_UTC_NS), terrain)
    log.close()
    log = LogDatabase.open(tmp_path / LOG)
    other = msgspec.structs.replace(terrain, heights_m=terrain.heights_m + 1.0)
    keep_ground(other, tmp_path)
    with pytest.raises(SetupError, match="holds the watch of another site"):
        open_pipeline(site, log, At(EVE_UTC_NS), other)
    log.close()
    with pytest.raises(SetupError, match="made over other ground"):
        verify_replay(tmp_path)
    (tmp_path / GROUND).unlink()
    keep_ground(terrain, tmp_path)
    assert verify_replay(tmp_path).identical
