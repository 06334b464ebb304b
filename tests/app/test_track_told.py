"""What is kept of a track that is there for long: ever fewer of its places, and always the first."""

from __future__ import annotations

from itertools import pairwise

import pytest

from skykeep.app.track_told import MOST_PLACES, TrackTold


@pytest.mark.parametrize("offered", [1, 7, MOST_PLACES, MOST_PLACES + 1, 3 * MOST_PLACES, 100_000])
def test_places_are_kept_evenly_and_no_more_than_there_is_room_for(offered: int) -> None:
    track = TrackTold(0)
    for k in range(offered):
        track.was_at(k, float(k), -float(k))

    times = track.times_utc_ns
    steps = {after - before for before, after in pairwise(times)}
    assert times[0] == 0
    assert len(steps) <= 1
    step = max(steps, default=1)
    assert len(times) <= MOST_PLACES
    assert offered - 1 - times[-1] < step
    assert step == 1 if offered <= MOST_PLACES else len(times) > MOST_PLACES // 2
    assert track.points_enu_m == tuple((float(k), -float(k)) for k in times)
