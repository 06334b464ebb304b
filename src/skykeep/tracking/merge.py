"""Rows of a picture that are one object become one row: the best supported, under the chosen number. What is
not who it was taken for becomes a row under a number of its own.
"""

from __future__ import annotations

import msgspec
import numpy as np

from skykeep.base.compile import IntArray
from skykeep.domain.track import Picture, TrackStatus

_ROW_COLUMNS = (
    "track_id", "status", "state", "covariance", "existence", "born_utc_ns", "last_detected_utc_ns", "hits",
    "rcs_dbsm", "rcs_spread_db", "modulation_db", "modulation_looks",
)  # fmt: skip


def merged_picture(picture: Picture, shown_as: dict[int, int], born_utc_ns: dict[int, int]) -> Picture:
    """Return `picture` with every track in `shown_as` under the number it is shown as.

    Of several rows the one that is not ending, was detected of late and has the most hits is kept whole: two
    filters of one object share detections, so that averaging them would claim more than is known. Its birth
    is the earliest of all, also of those in `born_utc_ns` that are gone; what any of them rests on, it does.
    """
    number = _renumbered(picture.track_id, shown_as)
    order = np.lexsort(
        (
            picture.track_id,
            -picture.hits,
            picture.status == TrackStatus.COASTING,
            picture.status == TrackStatus.ENDED,
            number,
        )
    )
    _, first, count = np.unique(number[order], return_index=True, return_counts=True)
    kept = order[first]
    columns = {name: getattr(picture, name)[kept] for name in _ROW_COLUMNS}
    columns["track_id"] = number[kept]
    for place, (begin, size) in enumerate(zip(first.tolist(), count.tolist(), strict=True)):
        group = order[begin : begin + size]
        columns["last_detected_utc_ns"][place] = picture.last_detected_utc_ns[group].max()
        columns["born_utc_ns"][place] = picture.born_utc_ns[group].min()
    place_of = {track_id: place for place, track_id in enumerate(columns["track_id"].tolist())}
    for one, shown in shown_as.items():
        if shown in place_of:
            births = columns["born_utc_ns"]
            births[place_of[shown]] = min(births[place_of[shown]], born_utc_ns[one], born_utc_ns[shown])
    columns.update(_support(picture, shown_as))
    columns["resumed_track_id"] = _renumbered(picture.resumed_track_id, shown_as)
    return msgspec.structs.replace(picture, **columns)


def renumbered_picture(picture: Picture, number_of: dict[int, int]) -> Picture:
    """Return `picture` with the tracks in `number_of` under another number, which no other row has."""
    number = _renumbered(picture.track_id, number_of)
    order = np.argsort(number)
    columns = {name: getattr(picture, name)[order] for name in _ROW_COLUMNS}
    columns["track_id"] = number[order]
    columns["support_track_id"] = _renumbered(picture.support_track_id, number_of)
    columns["resumed_track_id"] = _renumbered(picture.resumed_track_id, number_of)
    return msgspec.structs.replace(picture, **columns)


def _renumbered(track_id: IntArray, shown_as: dict[int, int]) -> IntArray:
    number: IntArray = track_id.copy()
    for one, shown in shown_as.items():
        number[track_id == one] = shown
    return number


def _support(picture: Picture, shown_as: dict[int, int]) -> dict[str, object]:
    """Return the support columns under the shown numbers. A detection that two tracks of one object shared
    is the object's with the sum of their shares: it was the one's or the other's.
    """
    number = _renumbered(picture.support_track_id, shown_as)
    key = np.stack((number, picture.support_sensor, picture.support_sequence, picture.support_row), axis=1)
    _, first, member = np.unique(key, axis=0, return_index=True, return_inverse=True)
    share = np.bincount(member.reshape(-1), weights=picture.support_weight, minlength=len(first))
    # In the order in which they were told.
    told = np.argsort(first)
    rows = first[told]
    return {
        "support_track_id": number[rows],
        "support_sensor": picture.support_sensor[rows],
        "support_sequence": picture.support_sequence[rows],
        "support_row": picture.support_row[rows],
        "support_weight": np.minimum(share[told], 1.0),
    }
