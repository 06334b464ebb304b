"""ULog files (PX4) to tables, through pyulog, which believes what it reads and prints what it thinks of it.

What pyulog is not asked to do with a damaged file: nest formats without end, read in circles, or write to the
terminal. A ULog has no checksum; a file that pyulog calls corrupt gives what could be read and one refusal.
"""

from __future__ import annotations

import contextlib
import io
from collections import Counter
from typing import Any

import numpy as np
import pyulog  # type: ignore[import-untyped]

from skykeep.base.errors import DecodeError
from skykeep.wire.flight_log_inputs import UlogTable

MAGIC = b"ULog\x01\x12\x35"
LARGEST_ROW_OCTETS = 65_535
DEEPEST_NEST = 8
READS_OF_FILE, READS_MORE_OCTETS = 64, 1 << 20


class UlogFile:
    """What one ULog holds. `doubts` say what was wrong with a file that could still be read in part."""

    def __init__(self, data: bytes, counts: Counter[str]) -> None:
        if data[: len(MAGIC)] != MAGIC:
            raise DecodeError("log", f"starts with {data[:7].hex()}", f"{MAGIC.hex()}: a ULog")
        held = _Held(data)
        said = io.StringIO()
        try:
            with contextlib.redirect_stdout(said):
                log = _GuardedULog(held)
        except (MemoryError, RecursionError) as error:
            raise DecodeError("ULog", type(error).__name__, "a log of a size that can be read") from error
        except Exception as error:  # pyulog raises whatever happens to it
            raise DecodeError("ULog", f"{type(error).__name__}: {error}", "a log that can be read") from error
        self.doubts: list[DecodeError] = []
        if log.file_corruption:
            words = said.getvalue().strip().partition("\n")[0] or "damaged"
            self.doubts.append(DecodeError("ULog", words, "undamaged; what could be read is used"))
        if held.reached < len(data):
            left = len(data) - held.reached
            counts["rejected: octets not read"] += left
            self.doubts.append(DecodeError("ULog", f"{left} octets not read", "readable to its end"))
        self.system_uuid = _text(log.msg_info_dict.get("sys_uuid"))
        system_id = log.initial_parameters.get("MAV_SYS_ID")
        self.system_id = system_id if isinstance(system_id, int) else None
        self.tables = [_table(one) for one in log.data_list]
        for table in self.tables:
            counts[table.topic] += len(table.columns["timestamp"])


def _text(value: Any) -> str:
    return value if isinstance(value, str) and value.isprintable() else ""


def _table(data: Any) -> UlogTable:
    columns = {str(name): np.asarray(column) for name, column in data.data.items()}
    if "timestamp" not in columns:
        raise DecodeError(f"ULog {data.name}", "no timestamp", "one in every topic")
    return UlogTable(topic=str(data.name), instance=int(data.multi_id), columns=columns)


class _Held(io.BytesIO):
    """The file as pyulog sees it: it remembers how far reading came and ends reading that never ends."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.reached = 0
        self._may_read = READS_OF_FILE * len(data) + READS_MORE_OCTETS

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        self._may_read -= len(found) + 1
        if self._may_read < 0:
            raise _InCirclesError("read over and over")
        self.reached = max(self.reached, self.tell())
        return found


class _InCirclesError(Exception):
    """Not an error that pyulog would catch."""


class _GuardedULog(pyulog.ULog):  # type: ignore[misc]
    class _MessageAddLogged(pyulog.ULog._MessageAddLogged):  # type: ignore[misc]
        def _parse_format(self, message_formats: dict[str, Any]) -> None:
            _row_octets(self.message_name, message_formats, 0)
            super()._parse_format(message_formats)
            if not any(field.field_name == "timestamp" for field in self.field_data):
                raise ValueError("no timestamp")


def _row_octets(name: str, formats: dict[str, Any], depth: int) -> int:
    """Return how many octets a row takes; ValueError where it is more than a message can hold."""
    if depth > DEEPEST_NEST:
        raise ValueError(f"{name} nested over {DEEPEST_NEST} deep")
    octets = 0
    for kind, count, _ in formats[name].fields:
        basic = pyulog.ULog._UNPACK_TYPES.get(kind)
        one = basic[1] if basic else _row_octets(kind, formats, depth + 1)
        octets += max(count, 1) * max(one, 1)
        if octets > LARGEST_ROW_OCTETS:
            raise ValueError(f"{name} of over {LARGEST_ROW_OCTETS} octets")
    return octets
