"""A page in Python: what it is sent of the picture, and what it then shows, written as plainly as can be."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from skykeep.api.encode import COLUMN_TYPES, quantise
from skykeep.api.source import PictureColumns


class Page:
    """What a page does with `picture` messages, written as plainly as can be."""

    def __init__(self) -> None:
        self.rows: dict[int, tuple[int, ...]] = {}

    def take(self, message: dict[str, Any]) -> None:
        if message["full"]:
            self.rows = {}
        for track in message["gone"]:
            del self.rows[track]
        table = zip(*(message["columns"][name] for name in COLUMN_TYPES), strict=True)
        self.rows |= {row[0]: row for row in table}


def read_msgpack(frame: bytes) -> dict[str, Any]:
    message = msgspec.msgpack.decode(frame)
    message["gone"] = np.frombuffer(message["gone"], "<i4").tolist()
    message["columns"] = {
        name: np.frombuffer(message["columns"][name], dtype).tolist() for name, dtype in COLUMN_TYPES.items()
    }
    return message  # type: ignore[no-any-return]


def whole(picture: PictureColumns) -> dict[int, tuple[int, ...]]:
    columns = quantise(picture).columns
    return {row[0]: row for row in zip(*(columns[name].tolist() for name in COLUMN_TYPES), strict=True)}
