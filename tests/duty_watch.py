"""The site of the tests of posture and presence: one house, one commander, nothing else."""

from __future__ import annotations

from skykeep.base.clock import NS_PER_S
from skykeep.domain.place import Asset, AssetKind, Person
from skykeep.domain.site import Site
from skykeep.engine.outputs import RunHeader
from skykeep.geo.frames import LocalFrame

START_UTC_NS = 1_935_540_600 * NS_PER_S
HEADER = RunHeader(mode="LIVE", scenario="", seed=0, simulated=False, version="0", terrain_sha256="")
HOUSE = Asset(
    asset_id="house",
    name="House",
    kind=AssetKind.RESIDENCE,
    position_enu_m=(0.0, 0.0, 0.0),
    breach_radius_m=100.0,
    warning_radius_m=1_000.0,
)
COMMANDER = Person(person_id="ada", name="Ada", role="commander", may_approve=True)
SITE = Site(
    site_id="test",
    name="Test",
    origin=LocalFrame(latitude_deg=38.5, longitude_deg=-40.0, height_hae_m=0.0),
    assets=(HOUSE,),
    sensors=(),
    zones=(),
    permits=(),
    playbooks=(),
    people=(COMMANDER,),
)
