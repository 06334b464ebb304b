"""Whether a sensor would see it: radar equation, detection probability of fading targets, horizon, pixels.

Legend of the radar equation: P transmitted power, T pulse length, G antenna gain (the same both ways), W
wavelength, S radar cross-section, R range, k Boltzmann's constant, N system noise temperature, L losses.
Signal to noise is that of one pulse after the matched filter: SNR = P T G^2 W^2 S / ((4 pi)^3 R^4 k N L).
A *Swerling 0* target is steady, a *Swerling 1* target's power is drawn anew at each look from an exponential
law, a *Swerling 3* one from a chi-square law of four degrees. All detection here is of one look, square law.
Inputs may be arrays and broadcast. Error: round-off, except where said
(tests/models/test_detectability.py compares with published values).
"""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.geo.frames import FloatLike

SPEED_OF_LIGHT_MPS = 299_792_458.0
BOLTZMANN_J_PER_K = 1.380649e-23
MEAN_EARTH_RADIUS_M = 6_371_008.8
# The standard atmosphere bends rays as if the earth were a third larger.
EFFECTIVE_EARTH_FACTOR = 4.0 / 3.0


def decibels(ratio: FloatLike) -> FloatArray:
    """Return 10 log10 of a power ratio."""
    return np.asarray(10.0 * np.log10(ratio))


def power_ratio(level_db: FloatLike) -> FloatArray:
    """Return the power ratio of a level in decibels."""
    return np.asarray(10.0 ** (np.asarray(level_db, dtype=np.float64) / 10.0))


def radar_snr_db(
    *,
    power_w: FloatLike,
    pulse_s: FloatLike,
    gain_db: FloatLike,
    frequency_hz: FloatLike,
    rcs_dbsm: FloatLike,
    range_m: FloatLike,
    noise_temperature_k: FloatLike = 290.0,
    loss_db: FloatLike = 0.0,
) -> FloatArray:
    """Return the signal to noise ratio that the radar equation gives at `range_m`."""
    at_one_metre = _radar_constant(power_w, pulse_s, gain_db, frequency_hz, noise_temperature_k, loss_db)
    return np.asarray(decibels(at_one_metre) + rcs_dbsm - 40.0 * np.log10(range_m))


def radar_range_m(
    *,
    power_w: FloatLike,
    pulse_s: FloatLike,
    gain_db: FloatLike,
    frequency_hz: FloatLike,
    rcs_dbsm: FloatLike,
    snr_db: FloatLike,
    noise_temperature_k: FloatLike = 290.0,
    loss_db: FloatLike = 0.0,
) -> FloatArray:
    """Return the range at which the radar equation gives `snr_db`."""
    at_one_metre = _radar_constant(power_w, pulse_s, gain_db, frequency_hz, noise_temperature_k, loss_db)
    return np.asarray((at_one_metre * power_ratio(rcs_dbsm) / power_ratio(snr_db)) ** 0.25)


def _radar_constant(
    power_w: FloatLike,
    pulse_s: FloatLike,
    gain_db: FloatLike,
    frequency_hz: FloatLike,
    noise_temperature_k: FloatLike,
    loss_db: FloatLike,
) -> FloatArray:
    """Return the signal to noise ratio of 1 m2 at 1 m."""
    wavelength_m = SPEED_OF_LIGHT_MPS / np.asarray(frequency_hz, dtype=np.float64)
    signal = power_w * pulse_s * power_ratio(gain_db) ** 2 * wavelength_m**2
    noise = (4.0 * np.pi) ** 3 * BOLTZMANN_J_PER_K * noise_temperature_k * power_ratio(loss_db)
    return np.asarray(signal / noise)


def scaled_snr_db(
    range_m: FloatLike,
    rcs_dbsm: FloatLike,
    reference_range_m: float,
    reference_rcs_dbsm: float,
    reference_snr_db: float,
) -> FloatArray:
    """Return the signal to noise ratio scaled from one known point, with cross-section and range^-4."""
    return np.asarray(
        reference_snr_db
        + (rcs_dbsm - np.float64(reference_rcs_dbsm))
        - 40.0 * np.log10(np.asarray(range_m, dtype=np.float64) / reference_range_m)
    )


def swerling1_detection_probability(snr: FloatLike, false_alarm_probability: FloatLike) -> FloatArray:
    """Return Pd = Pfa^(1 / (1 + SNR)): signal plus noise is exponential with mean 1 + SNR."""
    return np.asarray(
        np.asarray(false_alarm_probability, dtype=np.float64) ** (1.0 / (1.0 + np.asarray(snr)))
    )


def swerling1_required_snr_db(
    detection_probability: FloatLike, false_alarm_probability: FloatLike
) -> FloatArray:
    """Return the mean signal to noise ratio at which a Swerling 1 target is seen with that probability."""
    return decibels(np.log(false_alarm_probability) / np.log(detection_probability) - 1.0)


def swerling3_detection_probability(snr: FloatLike, false_alarm_probability: FloatLike) -> FloatArray:
    """Return Pd of a target whose power follows a chi-square law with four degrees of freedom."""
    threshold = -np.log(np.asarray(false_alarm_probability, dtype=np.float64))
    half = 2.0 + np.asarray(snr, dtype=np.float64)
    return np.asarray((1.0 + 2.0 * snr * threshold / half**2) * np.exp(-2.0 * threshold / half))


def swerling0_detection_probability(
    snr: FloatLike, false_alarm_probability: FloatLike, terms: int = 400
) -> FloatArray:
    """Return Pd of a steady target: Marcum's Q as a Poisson mixture of gamma tails.

    `terms` of the series are summed; 400 leave under 1e-12 up to 23 dB.
    """
    threshold = -np.log(np.asarray(false_alarm_probability, dtype=np.float64))
    snr = np.asarray(snr, dtype=np.float64)
    weight = np.exp(-snr)  # Poisson probability of k
    power = np.exp(-threshold)  # threshold^k e^-threshold / k!
    tail = power  # probability that a gamma variable of shape k + 1 exceeds the threshold
    found = weight * tail
    for k in range(1, terms):
        weight = weight * snr / k
        power = power * threshold / k
        tail = tail + power
        found = found + weight * tail
    return np.asarray(found)


def radio_horizon_m(antenna_height_m: FloatLike, target_height_m: FloatLike) -> FloatArray:
    """Return how far two heights above a smooth sphere see one another by radio (4/3 earth)."""
    effective_radius_m = EFFECTIVE_EARTH_FACTOR * MEAN_EARTH_RADIUS_M
    return np.asarray(
        np.sqrt(2.0 * effective_radius_m * np.asarray(antenna_height_m, dtype=np.float64))
        + np.sqrt(2.0 * effective_radius_m * np.asarray(target_height_m, dtype=np.float64))
    )


def free_space_loss_db(range_m: FloatLike, frequency_hz: FloatLike) -> FloatArray:
    """Return the loss between two antennas without gain."""
    return np.asarray(
        20.0 * np.log10(4.0 * np.pi * np.asarray(range_m) * np.asarray(frequency_hz) / SPEED_OF_LIGHT_MPS)
    )


def pixels_on_target(size_m: FloatLike, range_m: FloatLike, pixel_rad: float) -> FloatArray:
    """Return how many pixels a target spans."""
    return np.asarray(np.asarray(size_m) / (np.asarray(range_m) * pixel_rad))


def pixel_detection_probability(pixels: FloatLike, pixels_for_half: float) -> FloatArray:
    """Return Pd by Johnson's criterion with the usual transfer function; geometry only: no haze."""
    # At 6 times the half-way point nothing is missed; beyond it the power would overflow.
    ratio = np.minimum(np.asarray(pixels, dtype=np.float64) / pixels_for_half, 6.0)
    raised = ratio ** (2.7 + 0.7 * ratio)
    return np.asarray(raised / (1.0 + raised))
