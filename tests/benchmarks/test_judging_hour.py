"""The hour of judging: tracks come and go, each keeps its serial, and every room judges all of them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from judging import BROADCASTS, LIFE_S, Rooms, broadcast, make_picture, make_site, passing


def test_after_two_minutes_every_track_is_another_and_each_second_some_are_new() -> None:
    sky = make_picture(np.random.default_rng(1), 300)
    seen = [set(passing(sky, second)[0].track_id.tolist()) for second in range(LIFE_S + 1)]
    assert not seen[0] & seen[LIFE_S]
    assert all(len(now) == 300 for now in seen)
    assert all(0 < len(after - before) < 10 for before, after in pairwise(seen))


def test_a_track_flies_on_and_keeps_its_serial() -> None:
    sky = make_picture(np.random.default_rng(1), 300)
    (before, told), (after, told_then) = passing(sky, 50), passing(sky, 51)
    assert np.all(np.diff(after.track_id) > 0)
    both, rows, rows_then = np.intersect1d(before.track_id, after.track_id, return_indices=True)
    flown_m = after.state[rows_then, :3] - before.state[rows, :3]
    assert np.allclose(flown_m, before.state[rows, 3:])
    assert np.array_equal(before.born_utc_ns[rows], after.born_utc_ns[rows_then])
    assert [told.get(row) for row in rows] == [told_then.get(row) for row in rows_then]
    assert len(both) > 290
    assert len(told) == 2 * BROADCASTS


def test_every_room_judges_those_that_are_there() -> None:
    dice = np.random.default_rng(1)
    rooms, sky = Rooms(make_site(dice, 3, 2)), make_picture(dice, 100)
    for second in range(3):
        picture, serials = passing(sky, second)
        broadcast(rooms.identifier, picture, second, serials)
        spent_ms, judged = rooms.judge(picture)
        assert judged == 100
        assert np.all(spent_ms >= 0.0)
