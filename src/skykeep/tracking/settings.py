"""How the tracker behaves, with defaults that suit small drones, birds and light aircraft near a site."""

from __future__ import annotations

import msgspec


class MotionModel(msgspec.Struct, frozen=True, kw_only=True):
    """One way to fly: `noise_m2ps3` is the power density of the acceleration (0.05 quiet, 40 hard manoeuvre),
    `turn_radps` the rate of a coordinated turn (clockwise from above), `damping_per_s` how fast velocity
    decays (a hover: 0.5), and `share` how often it is flown, relative to the other models.
    """

    noise_m2ps3: float
    turn_radps: float = 0.0
    damping_per_s: float = 0.0
    share: float = 1.0

    def __post_init__(self) -> None:
        if not (self.noise_m2ps3 >= 0.0 and self.damping_per_s >= 0.0 and self.share > 0.0):
            raise ValueError("noise and damping must not be negative, and share must be above 0")


class TrackerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the tracker assumes of targets and how it decides; docs/adr/0003-association.md says why these
    values.

    Motion: each track runs one filter per model of `motion` and weighs them against one another; a target
    stays with one way of flying for `motion_sojourn_s` on average, then takes another by the models' shares.
    The vertical has `vertical_noise` times the horizontal noise. As given: quiet flight; hard manoeuvres and
    hovers, whose velocity decays; turns to either side. docs/adr/0008-motion-models.md says why.

    Association: a detection may belong to a track when its squared Mahalanobis distance is below
    `gate_chi_squared` (18 lets 99.96 % of three-component detections pass).

    Life: a detection that no track wants starts a tentative track, with `births_per_scan` new targets
    expected per full scan against the sensor's clutter. Its log-odds of existing then rise with every
    detection and fall with every look that misses it. It is confirmed above `confirm_existence` with at
    least `confirm_hits` detections, dropped when the log-odds fell by `drop_log_odds` below their start;
    confirmed tracks end below `end_existence`, or unseen for `coast_limit_s`, or when their horizontal
    1-sigma passes `lost_sigma_m`. Existence is never believed above `most_existence`, so that a track that
    vanishes can end. `survival_s` is how long a target lives unseen on average. Two looks missed in a row,
    or `stale_s` unseen, make a track coast.

    `start_speed_sigma_mps` and `start_climb_sigma_mps` describe a target of which only a position is known.
    `range_rate_span_mps` is the width over which range rates of clutter spread. `detection_memory` is how
    many looks the sensor's nominal detection probability counts for beside what this very track has shown.

    `located_sigma_m`: a track that began at a bearing is not confirmed before its position's 1-sigma is below
    this.

    `ground_up_m`, where it is given, is the height in the site frame below which nothing flies: what sinks
    towards it lands or crashes, and is not looked for in the air for long.

    Time: `history_depth` detections are kept per track so that late ones are filtered in their right place.
    A scan more than `late_limit_s` behind or `early_limit_s` ahead of the newest reception is refused.
    """

    motion: tuple[MotionModel, ...] = (
        MotionModel(noise_m2ps3=0.05),
        MotionModel(noise_m2ps3=40.0, damping_per_s=0.5),
        MotionModel(noise_m2ps3=2.0, turn_radps=0.3),
        MotionModel(noise_m2ps3=2.0, turn_radps=-0.3),
    )
    motion_sojourn_s: float = 8.0
    vertical_noise: float = 0.4
    gate_chi_squared: float = 18.0
    births_per_scan: float = 0.03
    confirm_existence: float = 0.99
    confirm_hits: int = 3
    drop_log_odds: float = 2.0
    end_existence: float = 0.2
    most_existence: float = 0.9995
    survival_s: float = 120.0
    coast_limit_s: float = 15.0
    stale_s: float = 6.0
    lost_sigma_m: float = 250.0
    start_speed_sigma_mps: float = 18.0
    start_climb_sigma_mps: float = 4.0
    range_rate_span_mps: float = 60.0
    detection_memory: float = 20.0
    blocked_probability: float = 0.05
    history_depth: int = 24
    ground_up_m: float | None = None
    located_sigma_m: float = 250.0
    late_limit_s: float = 30.0
    early_limit_s: float = 5.0
