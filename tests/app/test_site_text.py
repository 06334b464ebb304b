"""A site's file: what it may not say is named with its line or its name, and never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from skykeep.app.feed_factory import FeedMaker
from skykeep.app.site_text import read_site_file, site_of
from skykeep.base.errors import SetupError

HEAD = """
[site]
id = "haven"
name = "Haven"
latitude_deg = 10.0
longitude_deg = 20.0
"""
SENSOR = """
[[sensors]]
id = "radar"
name = "Radar"
kind = "radar"
measures = "azimuth"
latitude_deg = 10.0
longitude_deg = 20.0
range_m = 4000.0
sigma = [1.0]
"""
FEED = """
[[feeds]]
kind = "contract"
name = "{name}"
sensor = "radar"
udp = {{ port = {port} }}
"""


def made(folder: Path, text: str) -> None:
    path = folder / "site.toml"
    path.write_text(text)
    found = read_site_file(path)
    FeedMaker(found, site_of(found), folder).plans()


def test_a_small_site_is_made(tmp_path: Path) -> None:
    made(tmp_path, HEAD + SENSOR + FEED.format(name="radar", port=9001))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HEAD.replace("10.0", "95.0"), "site.toml, line 5: site.latitude_deg is 95.0, must be float <= 90.0"),
        (HEAD + 'colour = "red"', "line 7: unknown key site.colour, must be one of id, name"),
        (HEAD + SENSOR.replace("4000.0", "inf"), r"line 15: sensors\[1\].range_m is inf, must be float"),
        (HEAD + SENSOR.replace("4000.0", "nan"), r"sensors\[1\].range_m is nan, must be float"),
        (HEAD + SENSOR.replace("[1.0]", "[1.0, 2.0]"), "measures azimuth and has 2 sigma, must have 0 or 1"),
        (HEAD + SENSOR + SENSOR, "sensors has 'radar' twice"),
        (
            HEAD + SENSOR + FEED.format(name="a", port=9001) + FEED.format(name="b", port=9001),
            r"feeds 'a' and 'b' both listen on 0\.0\.0\.0 port 9001, must have one each",
        ),
        (
            HEAD + SENSOR + FEED.format(name="a", port=9001).replace("port", 'group = "10.1.2.3", port'),
            r"feed 'a': group '10\.1\.2\.3' must be a multicast address",
        ),
        (
            HEAD + SENSOR + FEED.format(name="a", port=9001).replace('"radar"', '"sonar"'),
            "feed 'a' names sensor 'sonar', must be one of radar",
        ),
        (
            HEAD + SENSOR + FEED.format(name="a", port=9001).replace('"contract"', '"telepathy"'),
            r"feeds\[1\].kind is 'telepathy', must be one of asterix, asterix_out, remote_id",
        ),
        (
            HEAD + SENSOR + FEED.format(name="a", port=9001) + 'tcp = { host = "h", port = 1 }',
            "feed 'a': has 2 of udp, tcp and listen, must have exactly one",
        ),
        (
            HEAD
            + SENSOR.replace('"radar"\nmeasures = "azimuth"', '"people"').replace("sigma = [1.0]", "")
            + '[intake]\n[[feeds]]\nkind = "people"\nname = "p"\nsensor = "radar"\nplace = "Haven"\n'
            + 'time_zone = "Mars/Phobos"\n',
            "feed 'p': time_zone is 'Mars/Phobos', must be a zone's name",
        ),
        ("x = " + "[" * 5_000, "site.toml"),
    ],
)
def test_what_it_may_not_say_is_named(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(SetupError, match=sentence):
        made(tmp_path, text)


def test_a_sensor_that_only_passes_on_is_never_silent(tmp_path: Path) -> None:
    receiver = SENSOR.replace('kind = "radar"\nmeasures = "azimuth"', 'kind = "remote_id"').replace(
        "sigma = [1.0]", ""
    )
    path = tmp_path / "site.toml"
    path.write_text(HEAD + receiver)
    (sensor,) = read_site_file(path).sensors
    assert sensor.heard_every_s == 0.0
    path.write_text(HEAD + receiver + "period_s = 2.0")
    (sensor,) = read_site_file(path).sensors
    assert sensor.heard_every_s == 2.0
