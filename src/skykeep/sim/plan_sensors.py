"""What a scenario says of sensors: how each is built, with the defaults of a fair one of its kind."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from skykeep.sim.plan_terms import (
    Bearing,
    Between,
    Elevation,
    Name,
    NotNegative,
    Plan,
    Positive,
    Share,
    Spot,
    Stand,
)


class RadarPlan(Plan, frozen=True, kw_only=True):
    """A radar. `reference_range_m` is where a -15 dBsm target is seen every second time.

    `sectors` = 1 stares all round once per `period_s`; more is a turning antenna that reports each sector.
    A radial speed under `minimum_speed_mps` is taken for ground and suppressed. `hot_spots` places on the
    ground echo now and then. `late_share` of scans come up to `late_s` late.
    """

    sensor_id: Name
    name: Name
    stand: Stand
    period_s: Annotated[float, Meta(ge=0.2, le=30.0)]
    sectors: Annotated[int, Meta(ge=1, le=72)] = 1
    reference_range_m: Positive
    false_alarm_probability: Annotated[float, Meta(gt=0.0, lt=0.1)] = 1e-6
    range_min_m: NotNegative = 150.0
    range_max_m: Positive
    elevation_min_deg: Elevation
    elevation_max_deg: Elevation
    beam_azimuth_deg: Positive
    beam_elevation_deg: Positive
    range_floor_m: Positive
    range_cell_m: Positive
    range_rate_sigma_mps: Positive
    modulation: bool = True
    minimum_speed_mps: NotNegative = 0.0
    clutter_per_scan: Annotated[float, Meta(ge=0.0, le=5_000.0)]
    hot_spots: Annotated[int, Meta(ge=0, le=500)] = 0
    hot_spot_share: Share = 0.2
    latency_s: NotNegative = 0.1
    late_share: Share = 0.0
    late_s: NotNegative = 0.0


class DirectionFinderPlan(Plan, frozen=True, kw_only=True):
    sensor_id: Name
    name: Name
    stand: Stand
    period_s: Annotated[float, Meta(ge=0.1, le=30.0)] = 1.0
    range_m: Positive
    bearing_sigma_deg: Positive
    seen_share: Share = 0.8
    behind_terrain_share: Share = 0.25
    false_per_scan: Annotated[float, Meta(ge=0.0, le=500.0)] = 0.3
    latency_s: NotNegative = 0.2


class RemoteIdReceiverPlan(Plan, frozen=True, kw_only=True):
    """Hears broadcasts above `sensitivity_dbm`; shadowing by houses has `shadowing_db` of spread."""

    sensor_id: Name
    name: Name
    stand: Stand
    range_m: Positive
    sensitivity_dbm: Annotated[float, Meta(ge=-130.0, le=-40.0)] = -95.0
    shadowing_db: NotNegative = 6.0
    behind_terrain_db: NotNegative = 20.0
    latency_s: NotNegative = 0.3
    dropout_share: Share = 0.1


class AdsbReceiverPlan(Plan, frozen=True, kw_only=True):
    sensor_id: Name
    name: Name
    stand: Stand
    range_m: Positive
    latency_s: NotNegative = 0.2
    dropout_share: Share = 0.05


class CameraPlan(Plan, frozen=True, kw_only=True):
    """A staring camera: night image, seen by how many pixels a target spans (half at `pixels_for_half`)."""

    sensor_id: Name
    name: Name
    stand: Stand
    period_s: Annotated[float, Meta(ge=0.04, le=30.0)] = 0.2
    looks_to_deg: Bearing
    width_deg: Annotated[float, Meta(gt=0.0, le=180.0)]
    elevation_min_deg: Elevation
    elevation_max_deg: Elevation
    pixels: Annotated[int, Meta(ge=100, le=20_000)]
    pixels_for_half: Positive
    range_m: Positive
    sigma_deg: Positive
    false_per_scan: Annotated[float, Meta(ge=0.0, le=500.0)]
    latency_s: NotNegative = 0.15


class ResidentPlan(Plan, frozen=True, kw_only=True):
    """Somebody who lives there and reports what they hear, late and with a rough direction."""

    sensor_id: Name
    name: Name
    at: Spot
    hears_to_m: Positive
    delay_s: Between
    bearing_sigma_deg: Positive


class RainPlan(Plan, frozen=True, kw_only=True):
    """A shower about a spot, drifting with the wind: so many drops echo above a radar's threshold in a scan.
    Radars are not told of it.
    """

    at: Spot
    radius_m: Positive
    echoes_per_scan: Annotated[float, Meta(ge=0.0, le=2_000.0)]
    top_m: Annotated[float, Meta(gt=5.0, le=5_000.0)] = 900.0
