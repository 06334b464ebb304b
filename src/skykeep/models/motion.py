"""Ways to fly: straight on, in a turn at a known rate, or coming to rest; forwards or backwards in time.

State, float64 (6,): east, north, up in m, then their rates in m/s. Covariance (6, 6). The horizontal
velocity, east + i north, obeys dv/dt = lambda v + white acceleration with lambda = -damping - i turn: at zero
it is near-constant velocity, with `turn_radps` (of the course: clockwise from above) a coordinated turn, with
`damping_per_s` an Ornstein-Uhlenbeck velocity that decays, as of what hovers; the vertical is damped only.
`noise_m2ps3` is the power density q of the acceleration in m^2/s^3 on both horizontal axes; the vertical has
`vertical` times as much. Steps are exact, so that they may be cut anywhere and give the same.

Backwards each is its own law with time reversed: near-constant velocity and turns retrace their way, a
damped velocity fades as it does forwards, which is how a stationary one is told from later.

Error: below 1e-8 of the standard deviations, against the matrix exponential (tests/models/test_motion.py).
Derivation: with z = lambda t and f(z) = (e^z - 1) / z a velocity v carries over t f(z) v; the noise has
q t f(z + z*) in velocity, q t^2 (f(z + z*) - f(z*)) / z in position with velocity, and in position
q t^3 (f(z + z*) - f(z) - f(z*) + 1) / |z|^2, by integrating what one impulse does to either.
"""

from __future__ import annotations

import cmath
import math

from skykeep.base.compile import FloatArray, kernel

_STRAIGHT = (complex(1.0), complex(1.0), complex(1.0), complex(0.5), complex(1.0 / 3.0))
"""The gains of straight flight."""
_SMALL = 0.01
"""|z| below which the differences above lose more digits than a series of four terms leaves out."""


@kernel
def predict_motion(
    state: FloatArray,
    covariance: FloatArray,
    dt_s: float,
    noise_m2ps3: float,
    vertical: float,
    turn_radps: float,
    damping_per_s: float,
) -> None:
    """Move `state` and `covariance`, in place, by `dt_s`; a negative step looks back."""
    if turn_radps == 0.0 and damping_per_s == 0.0:
        predict_constant_velocity(state, covariance, dt_s, noise_m2ps3, vertical)
        return
    span_s = abs(dt_s)
    flat = gains(complex(-damping_per_s * span_s, -turn_radps * dt_s))
    # What does not turn flies on alike in all axes; what does not slow climbs straight on.
    climb = flat if turn_radps == 0.0 else _STRAIGHT
    if turn_radps != 0.0 and damping_per_s != 0.0:
        climb = gains(complex(-damping_per_s * span_s, 0.0))
    carry(state, flat[0], dt_s * flat[1], climb[0].real, dt_s * climb[1].real)
    for a in range(6):
        carry(covariance[:, a], flat[0], dt_s * flat[1], climb[0].real, dt_s * climb[1].real)
    for a in range(6):
        carry(covariance[a], flat[0], dt_s * flat[1], climb[0].real, dt_s * climb[1].real)
    q = noise_m2ps3 * span_s
    for axis in range(2):
        covariance[axis, axis] += q * span_s * span_s * flat[4].real
        covariance[axis, axis + 3] += q * dt_s * flat[3].real
        covariance[axis + 3, axis + 3] += q * flat[2].real
    covariance[0, 4] -= q * dt_s * flat[3].imag
    covariance[1, 3] += q * dt_s * flat[3].imag
    covariance[2, 2] += vertical * q * span_s * span_s * climb[4].real
    covariance[2, 5] += vertical * q * dt_s * climb[3].real
    covariance[5, 5] += vertical * q * climb[2].real
    for a in range(6):
        for b in range(a):
            covariance[a, b] = covariance[b, a]


@kernel
def carry(six: FloatArray, turn: complex, way_s: complex, fade: float, climb_s: float) -> None:
    """Carry one vector of position and velocity over a step, in place: what multiplies the horizontal and the
    vertical velocity, and what of each becomes position.
    """
    east_mps, north_mps = six[3], six[4]
    six[0] += way_s.real * east_mps - way_s.imag * north_mps
    six[1] += way_s.imag * east_mps + way_s.real * north_mps
    six[2] += climb_s * six[5]
    six[3] = turn.real * east_mps - turn.imag * north_mps
    six[4] = turn.imag * east_mps + turn.real * north_mps
    six[5] *= fade


@kernel
def gains(z: complex) -> tuple[complex, complex, complex, complex, complex]:
    """Return, for one second and a noise of one: velocity to velocity, velocity to position, and the noise in
    velocity, in position with velocity, and in position.
    """
    y = z.conjugate()
    carried = cmath.exp(z)
    if abs(z) >= _SMALL:
        f, both = (carried - 1.0) / z, complex(1.0, 0.0)
        if z.real != 0.0:
            both = complex(math.expm1(2.0 * z.real) / (2.0 * z.real), 0.0)
        cross = (both - f.conjugate()) / z
        return carried, f, both, cross, (both - f - f.conjugate() + 1.0) / (z * y)
    f = 1.0 + z / 2.0 + z * z / 6.0 + z * z * z / 24.0
    s = z + y
    both = 1.0 + s / 2.0 + s * s / 6.0 + s * s * s / 24.0
    cross = 0.5 + (z / 2.0 + y) / 3.0 + (z * z / 6.0 + z * y / 2.0 + y * y / 2.0) / 4.0
    cross += (z * z * z / 24.0 + z * z * y / 6.0 + z * y * y / 4.0 + y * y * y / 6.0) / 5.0
    place = 1.0 / 3.0 + s / 8.0 + (z * y / 4.0 + (z * z + y * y) / 6.0) / 5.0
    place += (z * y * s / 12.0 + (z * z * z + y * y * y) / 24.0) / 6.0
    return carried, f, both, cross, place


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
