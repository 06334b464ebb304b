"""What a sensor would measure of a target, how that changes with the target's state, and the way back.

State, float64 (6,): east, north, up in m and their rates in m/s; the sensor's position in the same frame,
its axes parallel to it. Azimuth is clockwise from north, elevation up from the horizontal, range rate
positive when receding. Components by kind (the codes below): range, azimuth, elevation and range rate;
azimuth; azimuth and elevation; east, north and up. Unused places of the outputs are NaN (prediction) and
zero (Jacobian). Error: round-off; Jacobians agree with central differences to 1e-6 of their size
(tests/models/test_measurement.py). Straight above or on the sensor the azimuth does not exist: NaN or
infinity comes out, and no gate lets it pass. Derivation: differentiate r = |d|, az = atan2(d_e, d_n), el =
atan2(d_u, |d_en|), rate = d.v / r.
"""

from __future__ import annotations

import math

import numpy as np

from skykeep.base.compile import FloatArray, kernel

RANGE_AZIMUTH_ELEVATION = 0
AZIMUTH = 1
AZIMUTH_ELEVATION = 2
POSITION = 3

COMPONENTS = (4, 1, 2, 3)
"""How many of the four columns each kind uses; the range rate may be missing."""

_TWO_PI = 2.0 * math.pi


@kernel
def difference(kind: int, component: int, measured: float, predicted: float) -> float:
    """Return measured less predicted, the short way round (-pi to pi) where the component is an azimuth."""
    gap = measured - predicted
    azimuth_component = 1 if kind == RANGE_AZIMUTH_ELEVATION else 0
    if kind != POSITION and component == azimuth_component:
        gap -= _TWO_PI * math.floor(gap / _TWO_PI + 0.5)
    return gap


@kernel
def measure(
    kind: int, state: FloatArray, sensor_enu_m: FloatArray, predicted: FloatArray, jacobian: FloatArray
) -> None:
    """Write the measurement expected of `state`, `predicted` (4,), and its derivative, `jacobian` (4, 6)."""
    for c in range(4):
        predicted[c] = np.nan
        for i in range(6):
            jacobian[c, i] = 0.0
    if kind == POSITION:
        for axis in range(3):
            predicted[axis] = state[axis]
            jacobian[axis, axis] = 1.0
        return
    e, n, u = state[0] - sensor_enu_m[0], state[1] - sensor_enu_m[1], state[2] - sensor_enu_m[2]
    ground_squared = e * e + n * n
    ground_m = math.sqrt(ground_squared)
    range_squared = ground_squared + u * u
    range_m = math.sqrt(range_squared)
    row = 0
    if kind == RANGE_AZIMUTH_ELEVATION:
        rate_mps = (e * state[3] + n * state[4] + u * state[5]) / range_m
        predicted[0], predicted[3] = range_m, rate_mps
        for axis in range(3):
            toward = (state[axis] - sensor_enu_m[axis]) / range_m
            jacobian[0, axis] = toward
            jacobian[3, axis] = (state[axis + 3] - rate_mps * toward) / range_m
            jacobian[3, axis + 3] = toward
        row = 1
    predicted[row] = math.atan2(e, n) % _TWO_PI
    jacobian[row, 0], jacobian[row, 1] = n / ground_squared, -e / ground_squared
    if kind != AZIMUTH:
        predicted[row + 1] = math.atan2(u, ground_m)
        jacobian[row + 1, 0] = -e * u / (range_squared * ground_m)
        jacobian[row + 1, 1] = -n * u / (range_squared * ground_m)
        jacobian[row + 1, 2] = ground_m / range_squared


@kernel
def locate(
    kind: int,
    measured: FloatArray,
    sigma: FloatArray,
    sensor_enu_m: FloatArray,
    position_enu_m: FloatArray,
    covariance_m2: FloatArray,
) -> None:
    """Write where a range-azimuth-elevation or a position puts the target, (3,), and the covariance of it,
    (3, 3).

    To first order in sigma: at 5 km and 0.5 degrees the mean is short by range x variance / 2, 0.2 m.
    A bearing alone puts it nowhere: NaN.
    """
    for i in range(3):
        for j in range(3):
            covariance_m2[i, j] = 0.0 if kind != AZIMUTH and kind != AZIMUTH_ELEVATION else np.nan
    if kind == POSITION:
        for axis in range(3):
            position_enu_m[axis] = measured[axis]
            covariance_m2[axis, axis] = sigma[axis] * sigma[axis]
        return
    range_m = measured[0] if kind == RANGE_AZIMUTH_ELEVATION else np.nan
    sin_az, cos_az = math.sin(measured[1]), math.cos(measured[1])
    sin_el, cos_el = math.sin(measured[2]), math.cos(measured[2])
    slope = np.empty((3, 3))  # of the position by range, azimuth and elevation
    slope[0, 0], slope[1, 0], slope[2, 0] = sin_az * cos_el, cos_az * cos_el, sin_el
    slope[0, 1], slope[1, 1], slope[2, 1] = range_m * cos_az * cos_el, -range_m * sin_az * cos_el, 0.0
    slope[0, 2], slope[1, 2], slope[2, 2] = (
        -range_m * sin_az * sin_el,
        -range_m * cos_az * sin_el,
        range_m * cos_el,
    )
    for i in range(3):
        position_enu_m[i] = sensor_enu_m[i] + range_m * slope[i, 0]
        for j in range(3):
            for k in range(3):
                covariance_m2[i, j] += slope[i, k] * slope[j, k] * sigma[k] * sigma[k]
