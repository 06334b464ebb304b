"""`[[sensors]]` of a site's file: what measures, where, what and how well."""

from __future__ import annotations

import math
from typing import Annotated

from msgspec import Meta

from skykeep.app.place_text import NotNegative, PlaceText, Positive, vector_of
from skykeep.base.errors import SetupError
from skykeep.domain.sensing import MeasurementKind, Sensor, SensorKind
from skykeep.geo.frames import LocalFrame


class SensorText(PlaceText, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`sigma` is the 1-sigma of what it measures: range in m, azimuth and elevation in degrees, or metres of
    a position. `measures` left out is a sensor that only passes on what aircraft say of themselves. Without
    `period_s` it looks once a second; of people and receivers silence then says nothing.
    """

    kind: SensorKind
    measures: MeasurementKind | None = None
    range_m: Positive
    range_min_m: NotNegative = 0.0
    period_s: Positive | None = None
    sigma: tuple[Positive, ...] = ()
    azimuth_from_deg: Annotated[float, Meta(ge=0.0, lt=360.0)] = 0.0
    azimuth_to_deg: Annotated[float, Meta(gt=0.0, le=360.0)] = 360.0
    elevation_min_deg: Annotated[float, Meta(ge=-90.0, le=90.0)] = -90.0
    elevation_max_deg: Annotated[float, Meta(ge=-90.0, le=90.0)] = 90.0
    detection_probability: Annotated[float, Meta(gt=0.0, lt=1.0)] = 0.9
    clutter_per_scan: NotNegative = 1.0
    minimum_speed_mps: NotNegative = 0.0
    resolution: tuple[NotNegative, ...] = ()
    bias_sigma: tuple[NotNegative, NotNegative, NotNegative] = (0.0, 0.0, 0.0)
    clock_bias_sigma_s: NotNegative = 0.0

    @property
    def heard_every_s(self) -> float:
        """How often something should be heard of it; 0 where silence says nothing."""
        quiet = self.kind in (SensorKind.PEOPLE, SensorKind.REMOTE_ID, SensorKind.ADSB)
        return self.period_s or (0.0 if quiet else 1.0)


_SIGMAS = {
    MeasurementKind.RANGE_AZIMUTH_ELEVATION: (0, 3, 4),
    MeasurementKind.AZIMUTH: (0, 1),
    MeasurementKind.AZIMUTH_ELEVATION: (0, 2),
    MeasurementKind.POSITION: (0, 3),
    None: (0,),
}


def check_sigmas(sensors: tuple[SensorText, ...], source: str) -> None:
    for sensor in sensors:
        allowed = _SIGMAS[sensor.measures]
        if len(sensor.sigma) not in allowed:
            must = " or ".join(str(count) for count in allowed)
            measures = "nothing" if sensor.measures is None else sensor.measures.value
            has = f"sensor {sensor.id!r} measures {measures} and has {len(sensor.sigma)} sigma"
            raise SetupError(f"{source}: {has}, must have {must}")


def sensor_of(each: SensorText, frame: LocalFrame) -> Sensor:
    angles_first = {MeasurementKind.AZIMUTH, MeasurementKind.AZIMUTH_ELEVATION}
    sigma = each.sigma
    if each.measures in angles_first:
        sigma = tuple(math.radians(value) for value in sigma)
    elif each.measures is MeasurementKind.RANGE_AZIMUTH_ELEVATION:
        sigma = (*sigma[:1], *(math.radians(value) for value in sigma[1:3]), *sigma[3:])
    resolution = (*each.resolution[:1], *(math.radians(value) for value in each.resolution[1:]))
    range_m, azimuth_deg, elevation_deg = each.bias_sigma
    return Sensor(
        sensor_id=each.id,
        name=each.name,
        kind=each.kind,
        measures=each.measures,
        position_enu_m=vector_of(each, frame),
        coverage_range_m=each.range_m,
        sigma=sigma,
        period_s=each.period_s or 1.0,
        range_min_m=each.range_min_m,
        azimuth_from_rad=math.radians(each.azimuth_from_deg),
        azimuth_to_rad=math.radians(each.azimuth_to_deg),
        elevation_min_rad=math.radians(each.elevation_min_deg),
        elevation_max_rad=math.radians(each.elevation_max_deg),
        detection_probability=each.detection_probability,
        clutter_per_scan=each.clutter_per_scan,
        independent=each.kind not in (SensorKind.REMOTE_ID, SensorKind.ADSB),
        bias_sigma=(range_m, math.radians(azimuth_deg), math.radians(elevation_deg)),
        clock_bias_sigma_s=each.clock_bias_sigma_s,
        resolution=resolution,
        minimum_speed_mps=each.minimum_speed_mps,
    )
