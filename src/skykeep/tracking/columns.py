"""Everything the tracker knows, as tables of numbers; kernels never see a Python object per track or
detection.

A *measurement record* is one float64 row with all that a filter needs of a detection: kind code, position of
the sensor (3), measured (4), sigma (4). M is the number of motion models, D the depth of the history. Places
in a row have names, below; there are few tables because every array in a kernel's signature costs compile
and call time.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from skykeep.base.clock import seconds_to_ns
from skykeep.base.compile import BoolArray, FloatArray, IntArray, kernel
from skykeep.tracking.settings import TrackerSettings

RECORD = 12
KIND, SENSOR, MEASURED, SIGMA = 0, 1, 4, 8

EMPTY, TENTATIVE, CONFIRMED, COASTING, ENDED = -1, 0, 1, 2, 3
"""The codes of `TrackStatus`, and one for a row that holds no track."""

# Tracks.number: times in ns since the Unix epoch.
STATUS = 0
UID = 1  # order of birth, never used again
TRACK_ID = 2  # order of confirmation, -1 before; never used again
TIME = 3  # of x, P and mu
BORN = 4  # first detection
SEEN = 5  # last detection
WEIGHED = 6  # up to when leaving unseen is in the log-odds
HITS = 7
MISSES = 8  # looks missed in a row
HISTORY = 9  # row in History, or -1
OF_BEARING = 10  # whether it began at a bearing: LOCATED, ALONE or PLACED
RAY_KIND = 11  # of that bearing
NUMBERS = 12

LOCATED, ALONE, PLACED = 0, 1, 2
"""Its first detection said where it is; one sensor alone has bearings of it; or another one told since."""

# Tracks.value
LOG_ODDS = 0  # of existence
START_LOG_ODDS = 1
SEEN_LOOKS = 2  # looks that saw it, fading
LOOKS = 3  # looks that could have, fading
RCS_COUNT, RCS_MEAN, RCS_SQUARES = 4, 5, 6  # squares: sum of squared deviations from the mean
MODULATION_COUNT, MODULATION_MEAN = 7, 8
FIRST = 9  # the measurement record that started it
BOUND = FIRST + RECORD  # combined mean of all models, 6, and the traces of both halves of the covariance
POSITION_TRACE, VELOCITY_TRACE = BOUND + 6, BOUND + 7
SECTION = BOUND + 8  # probabilities of the radar cross-sections of amplitude.py
SECTIONS = 8
LABEL = SECTION + SECTIONS  # code of what names one aircraft, and how often heard of late; of what many share
LABEL_HEARD = 1
NOTCH = LABEL + 4  # how likely it is too slow for a radar with Doppler
PLACE = NOTCH + 1  # of the detections of one radar: range, azimuth and elevation, index of the radar
PLACE_RADAR, PLACE_GAIN = PLACE + 3, PLACE + 4  # what its looks there added to the log-odds
DOUBT = PLACE_GAIN + 1  # what looks that tell distances said against it since one last saw it, as log-odds
LINE_FROM = DOUBT + 1  # index of the sensor whose line of sight last led to it; 0 for none
VALUES = LINE_FROM + 1

# Look, one row per scan: what its sensor was looking at, and what a detection or its absence is worth.
LOOK_KIND = 0
LOOK_SENSOR = 1  # position, 3
RANGE_MIN, RANGE_MAX, AZIMUTH_FROM, AZIMUTH_WIDTH, ELEVATION_MIN, ELEVATION_MAX = 4, 5, 6, 7, 8, 9
DETECTION_PROBABILITY = 10
LOG_CLUTTER = 11  # log of false detections per unit of measurement space, the range rate apart
NEW_LOG_ODDS = 12  # of a track that starts from this scan; -inf where none may
MISSES_TELL = 13  # 1 where no detection says something about presence
SERVES_TENTATIVE = 14  # 1 where tracks not yet confirmed are served too
RANGE_CELLS, AZIMUTH_CELLS, ELEVATION_CELLS = 15, 16, 17  # of the map of clutter
CELL_NOMINAL = 18  # false detections expected per cell and look
LOOKS_SO_FAR = 19  # that the map rests on, fading
SIGNAL = 20  # mean signal to noise of 1 m2 at 1 m, as a ratio; 0 where it is not known
THRESHOLD = 21  # least power over noise that is reported, as a ratio
CLUTTER_EXCESS = 22  # mean power of false detections above it, learned
SLOWEST = 23  # m/s of range rate below which targets are lost
RESOLUTION = 24  # per measured component, 3; targets closer in all of them give one detection; 0: not told
LABEL_TELLS = 27  # log-odds that a label adds or takes; 0 where the sensor hears none
LABEL_OF = 28  # 0 where it names one aircraft, 1 where many share it
RATE_SPAN = 29  # m/s over which range rates of clutter spread
SINCE_S = 30  # of when the map of clutter counts one as one
LOOK_INDEX = 31  # of the sensor, from 1
LOOK_VALUES = 32

# Rules, one row: the settings as the kernels need them.
VERTICAL, REDRAWS_PER_S, GATE, LOG_RATE_SPAN = 0, 1, 2, 3
CONFIRM_LOG_ODDS, CONFIRM_HITS, DROP_LOG_ODDS, END_LOG_ODDS, MOST_LOG_ODDS = 4, 5, 6, 7, 8
SURVIVAL_S, COAST_LIMIT_NS, STALE_NS, LOST_VARIANCE = 9, 10, 11, 12
SPEED_VARIANCE, CLIMB_VARIANCE, DETECTION_MEMORY = 13, 14, 15
BLOCKED = 16
MOST_NOISE = 17
GROUND = 18  # up, NaN where it is not known
LOCATED_VARIANCE = 19
MOST_BEND = 20  # 1/s, the quickest that a way of flying turns or slows
MOTION = 21  # per way of flying, from here, MODEL_VALUES of these
SHARE, NOISE, TURN, DAMPING = 0, 1, 2, 3
MODEL_VALUES = 4

# Counters
USED, NEXT_UID, NEXT_TRACK_ID, TOO_LATE = 0, 1, 2, 3
SWEPT_NS = 4  # when all tracks were last judged, touched or not
FIRM, FIRM_AT = 5, 6  # entries of Tracks.firm, and NEXT_TRACK_ID when they were made
ENDINGS = 7
COUNTERS = 8

# Tracks.disc
EAST, NORTH, RADIUS, GROWS, AT_S = 0, 1, 2, 3, 4


class Tracks(NamedTuple):
    """One row per track; rows are used again when a track is gone."""

    x: FloatArray  # (n, M, 6) mean of each motion model
    P: FloatArray  # (n, M, 6, 6) covariance of each
    mu: FloatArray  # (n, M) probability of each
    value: FloatArray  # (n, VALUES)
    number: IntArray  # (n, NUMBERS)
    disc: FloatArray  # (n, 5) where on the ground it may be until soon after its own time
    firm: IntArray  # (n,) rows that were confirmed when last looked, the first FIRM of them


class History(NamedTuple):
    """Per track its latest detections in order of time, each with the filter after it: rings of depth D."""

    x: FloatArray  # (h, D, M, 6)
    P: FloatArray  # (h, D, M, 6, 6)
    mu: FloatArray  # (h, D, M)
    record: FloatArray  # (h, D, RECORD)
    time_ns: IntArray  # (h, D)
    ring: IntArray  # (h, 2) place of the oldest entry, count of entries; 0 entries in a row that is free


class Ways(NamedTuple):
    """What each way of flying says of m tracks at the time of a scan."""

    x: FloatArray  # (m, M, 6)
    P: FloatArray  # (m, M, 6, 6)
    mu: FloatArray  # (m, M)
    of: IntArray  # (n,) which of these is whose; -1 for a fresh track, of which all ways say the same


class Sweep(NamedTuple):
    """One scan and the n tracks that it may touch."""

    rows: IntArray  # (n,) in Tracks
    in_view: BoolArray  # (n,) did the sensor look there?
    mean: FloatArray  # (n, 6) predicted to the scan
    P: FloatArray  # (n, 6, 6)
    expected: FloatArray  # (n, 2, 3) what the sensor should measure, and the variance of that
    chance: FloatArray  # (n,) of detection
    range_m: FloatArray  # (n,)
    start: IntArray  # (n + 1,) where the candidates of each begin in Edges
    takes: IntArray  # (n,) the likeliest detection, or -1
    told: FloatArray  # (n,) what the scan says of its existence, as log-odds
    given: FloatArray  # (n,) how likely it was given any detection
    ways: Ways


class Edges(NamedTuple):
    """All pairs of a track and a detection that may be its own, in order of the tracks."""

    candidate: IntArray  # (edges,) detection
    ratio: FloatArray  # (edges,) log of the density under the track over that of clutter
    belief: FloatArray  # (edges,) how likely it is right
    pull: FloatArray  # (edges, 2, 3) by how much companions displace the detection, and the variance of that


@kernel
def is_fresh(number: IntArray) -> bool:
    """Return whether a track rests on one detection, so that its first model speaks for all."""
    return bool(number[HITS] == 1 and number[STATUS] == TENTATIVE)


@kernel
def empty_ways(number: IntArray, rows: IntArray, models: int) -> Ways:
    """Return room for what each way of flying says of `rows`; for kernels too."""
    of, m = np.full(rows.shape[0], -1), 0
    for k in range(rows.shape[0]):
        if not is_fresh(number[rows[k]]):
            of[k] = m
            m += 1
    return Ways(np.empty((m, models, 6)), np.empty((m, models, 6, 6)), np.empty((m, models)), of)


@kernel
def empty_sweep(tracks: Tracks, rows: IntArray, in_view: BoolArray) -> Sweep:
    """Return room for what a scan means for `rows`; for kernels too."""
    n = rows.shape[0]
    return Sweep(
        rows,
        in_view,
        np.empty((n, 6)),
        np.empty((n, 6, 6)),
        np.zeros((n, 2, 3)),
        np.empty(n),
        np.empty(n),
        np.zeros(n + 1, dtype=np.int64),
        np.full(n, -1),
        np.zeros(n),
        np.zeros(n),
        empty_ways(tracks.number, rows, tracks.mu.shape[1]),
    )


def touched_pages(*shape: int) -> FloatArray:
    """Return zeros in memory that is there already: what is only promised is paid for by the first scans."""
    out = np.empty(shape)
    out.fill(0.0)
    return out


def empty_tracks(rows: int, models: int) -> Tracks:
    """Return tables of `rows` rows that hold no track."""
    tracks = Tracks(
        x=touched_pages(rows, models, 6),
        P=touched_pages(rows, models, 6, 6),
        mu=touched_pages(rows, models),
        value=touched_pages(rows, VALUES),
        number=np.zeros((rows, NUMBERS), dtype=np.int64),
        disc=touched_pages(rows, 5),
        firm=np.zeros(rows, dtype=np.int64),
    )
    tracks.number[:, STATUS] = EMPTY
    tracks.number[:, HISTORY] = -1
    return tracks


def empty_history(rows: int, models: int, depth: int) -> History:
    """Return `rows` free histories."""
    return History(
        x=touched_pages(rows, depth, models, 6),
        P=touched_pages(rows, depth, models, 6, 6),
        mu=touched_pages(rows, depth, models),
        record=touched_pages(rows, depth, RECORD),
        time_ns=np.zeros((rows, depth), dtype=np.int64),
        ring=np.zeros((rows, 2), dtype=np.int64),
    )


def grown_tracks(tracks: Tracks) -> Tracks:
    """Return the same tracks with twice the room."""
    rows, models = tracks.mu.shape
    more = empty_tracks(rows, models)
    return Tracks(*(np.concatenate(pair) for pair in zip(tracks, more, strict=True)))


def grown_history(history: History) -> History:
    """Return the same histories with twice the room."""
    rows, depth, models = history.mu.shape
    more = empty_history(rows, models, depth)
    return History(*(np.concatenate(pair) for pair in zip(history, more, strict=True)))


def release_ended(tracks: Tracks, history: History, counters: IntArray) -> None:
    """Give back the rows of ended tracks, and shorten the part of the tables that is in use."""
    for row in np.flatnonzero(tracks.number[: counters[USED], STATUS] == ENDED):
        tracks.number[row, STATUS] = EMPTY
        if tracks.number[row, HISTORY] >= 0:
            history.ring[tracks.number[row, HISTORY], 1] = 0
            tracks.number[row, HISTORY] = -1
    held = np.flatnonzero(tracks.number[: counters[USED], STATUS] != EMPTY)
    counters[USED] = held[-1] + 1 if len(held) else 0


def log_odds(probability: float) -> float:
    """Return log(p / (1 - p))."""
    return math.log(probability) - math.log1p(-probability)


def rules_of(settings: TrackerSettings) -> FloatArray:
    """Return the settings as one row of rules."""
    motion = settings.motion
    shares = np.array([model.share for model in motion])
    shares /= shares.sum()
    rules = np.empty(MOTION + MODEL_VALUES * len(motion))
    rules[VERTICAL] = settings.vertical_noise
    # Drawn anew at this rate, a way of flying is another one as often as `motion_sojourn_s` says.
    others = 1.0 - shares @ shares
    rules[REDRAWS_PER_S] = 1.0 / (settings.motion_sojourn_s * others) if len(motion) > 1 else 0.0
    rules[GATE] = settings.gate_chi_squared
    rules[LOG_RATE_SPAN] = math.log(settings.range_rate_span_mps)
    rules[CONFIRM_LOG_ODDS] = log_odds(settings.confirm_existence)
    rules[CONFIRM_HITS] = settings.confirm_hits
    rules[DROP_LOG_ODDS] = settings.drop_log_odds
    rules[END_LOG_ODDS] = log_odds(settings.end_existence)
    rules[MOST_LOG_ODDS] = log_odds(settings.most_existence)
    rules[SURVIVAL_S] = settings.survival_s
    rules[COAST_LIMIT_NS] = seconds_to_ns(settings.coast_limit_s)
    rules[STALE_NS] = seconds_to_ns(settings.stale_s)
    rules[LOST_VARIANCE] = 2.0 * settings.lost_sigma_m**2
    rules[SPEED_VARIANCE] = settings.start_speed_sigma_mps**2
    rules[CLIMB_VARIANCE] = settings.start_climb_sigma_mps**2
    rules[DETECTION_MEMORY] = settings.detection_memory
    rules[BLOCKED] = settings.blocked_probability
    rules[MOST_NOISE] = max(model.noise_m2ps3 for model in motion)
    rules[LOCATED_VARIANCE] = settings.located_sigma_m**2
    rules[GROUND] = math.nan if settings.ground_up_m is None else settings.ground_up_m
    rules[MOST_BEND] = max(math.hypot(model.turn_radps, model.damping_per_s) for model in motion)
    for model, share, place in zip(motion, shares, range(MOTION, len(rules), MODEL_VALUES), strict=True):
        rules[place : place + MODEL_VALUES] = share, model.noise_m2ps3, model.turn_radps, model.damping_per_s
    return rules
