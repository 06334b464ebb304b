"""What each class looks like to a sensor: one log-likelihood per feature, shape (n, 5), classes in the
order of `TargetClass`.

Heavy tails everywhere: a surprising feature weakens a belief, it never settles it. A feature that is NaN says
nothing (0 for every class).

* Radar cross-section, dBsm. Small drones: means of -8.1 to -19.1 at 24 GHz (IEICE ComEx 9(7), 2020),
  about 0.01 m^2 at X band; birds 0.01 m^2 and below; aircraft far above. Means are taken a little low,
  because a fading echo is measured only when it is strong enough.
* Spread of the echo, dB. Log-normal small-drone models have about 3.7 dB; birds more, with their
  wingbeat. Weak evidence: what fades hides it.
* Rotor modulation, dB. 10 GHz micro-Doppler tells drone from bird in 96 % of cases (Narayanan, Signals
  4(2), 2023): two bells whose means stand 3.5 standard deviations apart do that, and so do these.
  Wingbeats leak into the band that rotors fill.
* Speed and height. Multirotors hover to 23 m/s; birds cruise at 8 to 20 m/s through the air, and the wind
  carries them by some 5 m/s more or less; small drones keep below 150 m.
* Wander. Motion alone tells classes apart in about 80 % of cases (82.6 % simulated, 79.7 % real:
  Jochumsen, EURASIP JASP 2016:82), so its weight is bounded: every class with habits of its own has a
  straight one.

`tests/identity/test_class_filter.py` holds these to account.
"""

from __future__ import annotations

import math

import numpy as np

from skykeep.base.compile import FloatArray

# Columns: multirotor, fixed wing, bird, aircraft, other. How often each is seen over a city at low height.
PRIOR = np.array([0.18, 0.04, 0.60, 0.08, 0.10])

RCS_MEAN_DBSM = np.array([-16.0, -14.0, -24.0, 8.0, -18.0])
RCS_SIGMA_DB = np.array([4.5, 5.0, 5.0, 9.0, 9.0])
RCS_CALIBRATION_DB = 2.0

SPREAD_MEAN_DB = np.array([4.0, 4.5, 6.0, 5.0, 5.0])
SPREAD_SIGMA_DB = np.array([1.5, 1.8, 1.8, 2.0, 2.5])

MODULATION_MEAN_DB = np.array([-10.0, -17.0, -19.5, -13.0, -24.0])
MODULATION_SIGMA_DB = np.array([3.0, 5.0, 4.0, 7.0, 7.0])
MODULATION_LOOK_DB = 4.0

HEIGHT_MEDIAN_M = np.array([80.0, 120.0, 60.0, 500.0, 150.0])
HEIGHT_LOG_SIGMA = np.array([0.7, 0.7, 1.0, 0.9, 1.2])

# Habits of flight: turn rate, speed and climb as they come and go within seconds (rad/s, m/s, m/s).
# Birds commute or wander, multirotors fly legs or manoeuvre: so a straight line is no proof.
HABIT_CLASS = np.array([0, 1, 2, 3, 4, 0, 2])
HABIT_SHARE = np.array([0.7, 1.0, 0.5, 1.0, 1.0, 0.3, 0.5])
TURN_RAD_PER_S = np.array([0.035, 0.035, 0.16, 0.015, 0.12, 0.10, 0.035])
SPEED_CHANGE_MPS = np.array([0.9, 0.8, 1.3, 1.5, 1.5, 2.0, 1.0])
CLIMB_CHANGE_MPS = np.array([0.5, 0.5, 0.8, 1.0, 0.8, 1.0, 0.6])


def student_t(value: FloatArray, mean: FloatArray, sigma: FloatArray, freedom: float) -> FloatArray:
    """Return the log-density of Student's t, up to a constant of `freedom`; NaN becomes 0."""
    z = (value - mean) / sigma
    density = -np.log(sigma) - 0.5 * (freedom + 1.0) * np.log1p(z * z / freedom)
    return np.asarray(np.where(np.isfinite(density), density, 0.0))


def rcs(rcs_dbsm: FloatArray, spread_db: FloatArray, looks: FloatArray) -> FloatArray:
    """Return the log-likelihood of the mean radar cross-section over `looks` detections."""
    scatter_db = np.where(np.isfinite(spread_db), spread_db, 5.0) / np.sqrt(np.maximum(looks, 1.0))
    sigma_db = np.sqrt(RCS_SIGMA_DB**2 + RCS_CALIBRATION_DB**2 + (scatter_db**2)[:, np.newaxis])
    return student_t(rcs_dbsm[:, np.newaxis], RCS_MEAN_DBSM, sigma_db, 5.0)


def echo_spread(spread_db: FloatArray, looks: FloatArray) -> FloatArray:
    """Return the log-likelihood of the spread of the echo, worth half a look, from five detections on."""
    known = np.where(looks >= 5.0, spread_db, np.nan)
    scatter_db = known / np.sqrt(2.0 * np.maximum(looks, 1.0))
    sigma_db = np.sqrt(SPREAD_SIGMA_DB**2 + (scatter_db**2)[:, np.newaxis])
    return 0.5 * student_t(known[:, np.newaxis], SPREAD_MEAN_DB, sigma_db, 5.0)


def modulation(modulation_db: FloatArray, looks: FloatArray) -> FloatArray:
    """Return the log-likelihood of the mean rotor modulation over `looks` clear detections."""
    scatter_db = MODULATION_LOOK_DB / np.sqrt(np.maximum(0.5 * looks, 0.05))
    sigma_db = np.sqrt(MODULATION_SIGMA_DB**2 + (scatter_db**2)[:, np.newaxis])
    return student_t(modulation_db[:, np.newaxis], MODULATION_MEAN_DB, sigma_db, 5.0)


def speed(speed_mps: FloatArray, sigma_mps: FloatArray) -> FloatArray:
    """Return the log-likelihood of a speed over ground, `sigma_mps` being how well it is known."""
    s, e = speed_mps, sigma_mps

    def near(mean: float, sigma: float) -> FloatArray:
        wide = np.sqrt(sigma * sigma + e * e)
        return np.asarray(np.exp(-0.5 * ((s - mean) / wide) ** 2) / (wide * math.sqrt(2.0 * math.pi)))

    def about(median: float, log_sigma: float) -> FloatArray:
        at = np.maximum(s, 0.5)
        wide = np.sqrt(log_sigma**2 + (e / at) ** 2)
        z = np.log(at / median) / wide
        return np.asarray(np.exp(-0.5 * z * z) / (wide * at * math.sqrt(2.0 * math.pi)))

    slow = 2.0 * near(0.0, 2.5)
    density = np.stack(
        (
            0.2 * slow + 0.8 * near(13.5, 6.0),
            0.02 * slow + 0.98 * about(24.0, 0.35),
            0.05 * slow + 0.95 * near(13.0, 5.5),
            0.05 * slow + 0.95 * about(70.0, 0.5),
            0.6 * slow + 0.4 * near(6.0, 6.0),
        ),
        axis=1,
    )
    # One in a hundred of anything flies at a speed nobody expected.
    return np.asarray(np.log(0.99 * density + 0.01 / 100.0))


def height(height_agl_m: FloatArray, sigma_m: FloatArray) -> FloatArray:
    """Return the log-likelihood of a height above ground, worth 0.7 of a look; NaN says nothing."""
    at_m = np.maximum(height_agl_m, 5.0)
    wide = np.sqrt(HEIGHT_LOG_SIGMA**2 + ((sigma_m / at_m) ** 2)[:, np.newaxis])
    return 0.7 * student_t(np.log(at_m)[:, np.newaxis], np.log(HEIGHT_MEDIAN_M), wide, 5.0)


def wander(departure_mps: FloatArray, noise_mps: FloatArray, reach_m: FloatArray) -> FloatArray:
    """Return the log-likelihood, under each habit, of how the velocity departs from its recent mean, (n, 7).

    `departure_mps` and `noise_mps` are (n, 3): along, across, up. `reach_m` is speed x memory: a turn
    rate of w shows as w x reach across.
    """
    across = np.maximum(reach_m[:, np.newaxis] * TURN_RAD_PER_S, 0.4)
    total = np.zeros((len(reach_m), len(HABIT_CLASS)))
    for column, scale in enumerate((SPEED_CHANGE_MPS, across, CLIMB_CHANGE_MPS)):
        wide = np.sqrt(scale**2 + (noise_mps[:, column] ** 2)[:, np.newaxis])
        total += student_t(departure_mps[:, column, np.newaxis], np.zeros(len(HABIT_CLASS)), wide, 4.0)
    return total


def of_classes(habits: FloatArray) -> FloatArray:
    """Return the log-evidence for each class, (n, 5), of evidence for each habit, (n, 7)."""
    weighed = habits + np.log(HABIT_SHARE)
    columns = [np.flatnonzero(number == HABIT_CLASS) for number in range(len(PRIOR))]
    return np.stack([np.logaddexp.reduce(weighed[:, column], axis=1) for column in columns], axis=1)
