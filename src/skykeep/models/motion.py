"""Near-constant velocity: straight flight disturbed by white acceleration, forwards or backwards in time.

State, float64 (6,): east, north, up in m, then their rates in m/s. Covariance (6, 6). `noise_m2ps3` is the
power density q of the acceleration in m^2/s^3 on the two horizontal axes; the vertical axis has `vertical`
times as much. Over `dt_s` each axis gains q [[|t|^3/3, t|t|/2], [t|t|/2, |t|]]: steps may be cut anywhere
and give the same. Error: round-off; two half steps equal a whole one to 1e-9 of the covariance
(tests/models/test_motion.py). Source: the continuous white-noise acceleration model, as in any text on
tracking; backwards by its symmetry in time.
"""

from __future__ import annotations

from skykeep.base.compile import FloatArray, kernel


@kernel
def predict_constant_velocity(
    state: FloatArray, covariance: FloatArray, dt_s: float, noise_m2ps3: float, vertical: float
) -> None:
    """Move `state` and `covariance`, in place, by `dt_s`; a negative step looks back."""
    for axis in range(3):
        state[axis] += dt_s * state[axis + 3]
    # F P F' by blocks of three: position, cross and rate. Written out because the product of 6 x 6 is 6 x
    # the work.
    for i in range(3):
        for j in range(i, 3):
            covariance[i, j] += (
                dt_s * (covariance[i, j + 3] + covariance[j, i + 3]) + dt_s * dt_s * covariance[i + 3, j + 3]
            )
            covariance[j, i] = covariance[i, j]
    for i in range(3):
        for j in range(3):
            covariance[i, j + 3] += dt_s * covariance[i + 3, j + 3]
            covariance[j + 3, i] = covariance[i, j + 3]
    span_s = abs(dt_s)
    for axis in range(3):
        q = noise_m2ps3 * (vertical if axis == 2 else 1.0)
        covariance[axis, axis] += q * span_s * span_s * span_s / 3.0
        covariance[axis, axis + 3] += q * dt_s * span_s / 2.0
        covariance[axis + 3, axis] = covariance[axis, axis + 3]
        covariance[axis + 3, axis + 3] += q * span_s
