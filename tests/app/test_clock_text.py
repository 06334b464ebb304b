"""A site's clock: its time zone with summer time, an offset, or neither."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.app.bare_site import bare_site
from skykeep.app.clock_text import FIRST_YEAR, LAST_YEAR, offset_and_changes
from skykeep.app.site_text import read_site_file, site_of
from skykeep.base.clock import NS_PER_S, from_iso_utc
from skykeep.base.errors import SetupError
from skykeep.domain.rules import ResponseRules
from skykeep.domain.site import Site
from skykeep.geo.frames import LocalFrame
from skykeep.response.population import local_hour, shares_at, utc_offset_h_at

HEAD = """
[site]
id = "haven"
name = "Haven"
latitude_deg = 10.0
longitude_deg = 20.0
"""
RULES = ResponseRules()
NIGHT, DAY = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)


def made(folder: Path, more: str) -> Site:
    (folder / "site.toml").write_text(HEAD + more)
    return site_of(read_site_file(folder / "site.toml"), folder)


def hour_at(moment: str, site: Site) -> int:
    ahead_h = utc_offset_h_at(from_iso_utc(moment), site)
    assert ahead_h is not None
    return local_hour(from_iso_utc(moment), ahead_h)


def test_summer_time_in_paris_begins_on_the_last_sunday_of_march_at_one_utc(tmp_path: Path) -> None:
    site = made(tmp_path, 'time_zone = "Europe/Paris"')
    moments = ("2031-03-30T00:59:59Z", "2031-03-30T01:00:00Z", "2031-10-26T00:59:59Z", "2031-10-26T01:00:00Z")
    assert [hour_at(moment, site) for moment in moments] == [1, 3, 2, 2]
    # Noon is noon, whatever `night` says.
    assert site.night
    assert shares_at(from_iso_utc("2031-07-01T10:00:00Z"), site, RULES) == DAY
    assert shares_at(from_iso_utc("2031-07-01T22:30:00Z"), site, RULES) == NIGHT


def test_an_offset_stands_for_a_zone_for_the_calendar_too(tmp_path: Path) -> None:
    entry = (
        '[[calendar]]\nid = "fair"\nname = "Fair"\nlevel = "high"\n'
        "start = 2031-05-09T10:00:00\nend = 2031-05-09T14:00:00\n"
    )
    site = made(tmp_path, "utc_offset_h = 5.75\n" + entry)
    assert (site.utc_offset_h, site.clock_changes) == (5.75, ())
    assert hour_at("2031-07-01T06:14:59Z", site) == 11
    assert hour_at("2031-07-01T06:15:00Z", site) == 12
    assert site.calendar[0].start_utc_ns == from_iso_utc("2031-05-09T04:15:00Z")


@pytest.mark.parametrize(("more", "shares"), [("night = true", NIGHT), ("night = false", DAY)])
def test_where_nothing_is_said_of_the_clock_the_file_says_night_or_day(
    tmp_path: Path, more: str, shares: tuple[float, float, float]
) -> None:
    site = made(tmp_path, more)
    assert site.utc_offset_h is None
    for moment in ("2031-07-01T00:00:00Z", "2031-07-01T12:00:00Z"):
        assert shares_at(from_iso_utc(moment), site, RULES) == shares


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ('time_zone = "Mars/Phobos"', "site.time_zone is 'Mars/Phobos', must be an IANA name"),
        ('time_zone = "UTC"\nutc_offset_h = 1.0', "time_zone and utc_offset_h, must be one of them at most"),
        ("utc_offset_h = 15.0", "site.utc_offset_h is 15.0, must be float <= 14.0"),
        ("utc_offset_h = nan", "site.utc_offset_h is nan"),
    ],
)
def test_what_it_may_not_say_is_named(tmp_path: Path, more: str, sentence: str) -> None:
    with pytest.raises(SetupError, match=sentence):
        made(tmp_path, more)


BARE = bare_site("s", "s", LocalFrame(latitude_deg=0.0, longitude_deg=0.0, height_hae_m=0.0))
ZONES = ("Europe/Paris", "Africa/Casablanca", "Australia/Lord_Howe", "America/New_York", "Asia/Tehran")
SITES = {
    name: msgspec.structs.replace(BARE, utc_offset_h=offset_h, clock_changes=changes)
    for name in ZONES
    for offset_h, changes in [offset_and_changes(ZoneInfo(name))]
}
FIRST_S, LAST_S = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (FIRST_YEAR, LAST_YEAR + 1))


@given(st.sampled_from(ZONES), st.integers(FIRST_S, LAST_S - 1))
def test_it_shows_what_the_zone_shows(name: str, at_utc_s: int) -> None:
    ahead_h = utc_offset_h_at(at_utc_s * NS_PER_S, SITES[name])
    ahead = datetime.fromtimestamp(at_utc_s, ZoneInfo(name)).utcoffset()
    assert ahead is not None
    assert ahead_h == ahead.total_seconds() / 3600.0
