"""How sensor errors are estimated, as settings and as the kernels need them."""

from __future__ import annotations

import msgspec
import numpy as np

from skykeep.base.clock import seconds_to_ns
from skykeep.base.compile import FloatArray
from skykeep.tracking.registration_bank import (
    ALONE_NS,
    CLIMB_VARIANCE,
    GAP_NS,
    MOST,
    NOISE,
    RULES,
    SPEED_VARIANCE,
    TOLD_UP_VARIANCE,
    TOLD_VARIANCE,
    VERTICAL,
)
from skykeep.tracking.trust import TrustSettings


class RegistrationSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How sensor errors are estimated.

    `targets` is how many are followed at once, the first come. They fly with `noise_m2ps3` on each horizontal
    axis and `vertical` times that upwards; a new one has the speeds given. Only detections whose track is as
    likely as `sure` count. They are held for `hold_s` so that late ones come in their place, and taken in
    every `every_s`. A detection with a component beyond `most_chi_squared` is left out, a target begun anew
    after three of them or `gap_s` unseen. Where all places are held, a target that only one sensor saw in
    `alone_s` gives way. What was learned fades with `memory_s`, so that an error may drift; the prior does
    not fade. `speed_mps` is what a clock's error is turned into metres with. Targets' own word of where they
    are is off by `told_sigma_m`, `told_up_sigma_m` all flight long. A clock is not known better than to
    `clock_model_sigma_s`: targets that fly otherwise than assumed look late or early.
    """

    targets: int = 96
    noise_m2ps3: float = 10.0
    vertical: float = 0.4
    start_speed_sigma_mps: float = 18.0
    start_climb_sigma_mps: float = 4.0
    sure: float = 0.9
    hold_s: float = 1.5
    every_s: float = 1.0
    most_chi_squared: float = 12.0
    gap_s: float = 8.0
    alone_s: float = 15.0
    memory_s: float = 600.0
    speed_mps: float = 15.0
    told_sigma_m: float = 4.0
    told_up_sigma_m: float = 10.0
    counted_looks: float = 4.0
    clock_model_sigma_s: float = 0.015
    trust: TrustSettings = TrustSettings()


def registration_rules(settings: RegistrationSettings) -> FloatArray:
    """Return the settings as one row of rules."""
    rules = np.empty(RULES)
    rules[NOISE], rules[VERTICAL] = settings.noise_m2ps3, settings.vertical
    rules[SPEED_VARIANCE] = settings.start_speed_sigma_mps**2
    rules[CLIMB_VARIANCE] = settings.start_climb_sigma_mps**2
    rules[MOST] = settings.most_chi_squared
    rules[GAP_NS] = seconds_to_ns(settings.gap_s)
    rules[ALONE_NS] = seconds_to_ns(settings.alone_s)
    rules[TOLD_VARIANCE], rules[TOLD_UP_VARIANCE] = settings.told_sigma_m**2, settings.told_up_sigma_m**2
    return rules
