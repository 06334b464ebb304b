"""Events that several tests of Cursor on Target share; made here, none recorded."""

from __future__ import annotations

from skykeep.domain.identity import Standing, TargetClass
from skykeep.domain.sensing import MeasurementKind, Sensor, SensorKind
from skykeep.domain.track import TrackReport, TrackStatus
from skykeep.geo.frames import LocalFrame
from skykeep.wire.cot_source import CotSource

NOW_UTC_NS = 1_935_540_847_250_000_000  # 2031-05-03T02:14:07.250Z
FRAME = LocalFrame(latitude_deg=10.0, longitude_deg=20.0, height_hae_m=30.0)
SOURCE = CotSource(uid="SKYKEEP-harbour", callsign="SKYKEEP", version="0.1.0")
SENSOR = Sensor(
    sensor_id="tak",
    name="TAK server",
    kind=SensorKind.RADAR,
    measures=MeasurementKind.POSITION,
    position_enu_m=(0.0, 0.0, 0.0),
    coverage_range_m=50_000.0,
)

FRIENDLY_XML = b"""<?xml version='1.0' encoding='UTF-8' standalone='yes'?>
<event version='2.0' uid='POLICE-7' type='a-f-A-M-H-Q' time='2031-05-03T02:14:07.000Z'
 start='2031-05-03T02:14:07.000Z' stale='2031-05-03T02:14:37.000Z' how='m-g'>
  <point lat='10.01' lon='20.0' hae='130.0' ce='3.5' le='6.0'/>
  <detail>
    <contact callsign='Falcon &amp; 7' endpoint='*:-1:stcp' phone='none'/>
    <_uastool extendedCot='true' activeRoute='false'/>
    <track course='90.0' speed='12.0' slope='0.0'/>
    <sensor azimuth='91.5' elevation='-30' fov='60' vfov='34' range='300' model='camera' type='r-e'/>
    <__group name='Cyan' role='Team Member'/>
    <takv device='d' platform='p' os='o' version='1'/>
    <uid Droid='Falcon 7'/>
    <status battery='87' readiness='true'/>
    <precisionlocation geopointsrc='GPS' altsrc='GPS'/>
    <height value='2.0' unit='meters'/>
    <link uid='PILOT-1' type='a-f-G-U-C' relation='p-p' parent_callsign='Pilot'/>
    <remarks>on task</remarks>
  </detail>
</event>"""

DETECTION_XML = b"""<event version="2.0" uid="EAST-RADAR.4" type="a-u-A-M-H-Q"
 time="2031-05-03T02:14:06.5Z" start="2031-05-03T02:14:06.5Z" stale="2031-05-03T02:14:20Z" how="m-f">
<point lat="10.0" lon="20.02" hae="9999999.0" ce="25" le="9999999.0"/><detail>
<track course="180" speed="15"/><link uid="EAST-RADAR" type="a-f-G-E-S-R" relation="p-p"/></detail></event>"""

GROUND_XML = b"""<event version="2.0" uid="GUARD-2" type="a-f-G-U-C" time="2031-05-03T02:14:06Z"
 start="2031-05-03T02:14:06Z" stale="2031-05-03T02:16:06Z" how="h-g-i-g-o">
<point lat="10.001" lon="20.001" hae="31" ce="0.0" le="9999999.0"/>
<detail><contact callsign="Guard 2"/></detail></event>"""


def track_report(
    *,
    track_id: int = 17,
    status: TrackStatus = TrackStatus.CONFIRMED,
    standing: Standing = Standing.SUSPECT,
    target_class: TargetClass = TargetClass.MULTIROTOR,
    class_probabilities: tuple[float, float, float, float, float] = (0.82, 0.05, 0.11, 0.01, 0.01),
    velocity_enu_mps: tuple[float, float, float] = (3.0, 4.0, 0.0),
    latitude_deg: float = 10.004,
    longitude_deg: float = 20.003,
    height_hae_m: float = 92.5,
    covariance_enu: tuple[float, float, float, float, float, float] = (16.0, 0.0, 0.0, 9.0, 0.0, 25.0),
    claimed_id: str = "",
    sensor_ids: tuple[str, ...] = ("radar-1",),
    time_utc_ns: int = NOW_UTC_NS,
    name: str = "Suspect 17",
) -> TrackReport:
    """Return a drone on its way at 5 m/s, north-east by north."""
    east, north, up = covariance_enu[0], covariance_enu[3], covariance_enu[5]
    return TrackReport(
        track_id=track_id,
        time_utc_ns=time_utc_ns,
        status=status,
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        height_hae_m=height_hae_m,
        height_amsl_m=height_hae_m,
        height_agl_m=60.0,
        velocity_enu_mps=velocity_enu_mps,
        sigma_enu_m=(east**0.5, north**0.5, up**0.5),
        covariance_enu=covariance_enu,
        existence=0.98,
        target_class=target_class,
        class_probabilities=class_probabilities,
        standing=standing,
        name=name,
        claimed_id=claimed_id,
        sensor_ids=sensor_ids,
    )
