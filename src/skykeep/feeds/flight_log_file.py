"""Flight recordings, told apart by what they hold: tlog, DataFlash and ULog, to claims or to lines.

A tlog is what a ground station heard, of any number of vehicles: its frames go through the same translator as
those of a live link. DataFlash and ULog are one vehicle's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from skykeep.base.clock import iso_utc
from skykeep.base.errors import DecodeError, SetupError
from skykeep.domain.feed import Taken
from skykeep.domain.sensing import Sensor
from skykeep.feeds.ulog_file import MAGIC, UlogFile
from skykeep.geo.frames import LocalFrame
from skykeep.wire.dataflash import DataflashReader, is_dataflash
from skykeep.wire.flight_log_inputs import ClaimMaker, DataflashClaims, refused, ulog_claims
from skykeep.wire.mavlink import Frame, decode_message
from skykeep.wire.mavlink_checks import check_message
from skykeep.wire.mavlink_inputs import MavlinkTranslator
from skykeep.wire.mavlink_tables import LAYOUTS
from skykeep.wire.mavlink_tlog import is_tlog, read_tlog

KINDS = "a tlog, a DataFlash log (.BIN) or a ULog (.ulg)"


def read_claims(
    path: Path,
    sensor: Sensor,
    frame: LocalFrame,
    counts: Counter[str],
    *,
    serials: Mapping[int, str] | None = None,
    geoid_height_m: float | None = None,
) -> Iterator[Taken]:
    """Yield what a recording gives, in its own order. `serials` names vehicles by system id.

    SetupError when the file cannot be read or is none of these; DecodeError when it is, but damaged
    beyond use.
    """
    data = _read(path)
    maker = ClaimMaker(sensor.sensor_id, serials or {}, frame, geoid_height_m)
    if is_tlog(data):
        translator = MavlinkTranslator(sensor, frame, serials=serials, geoid_height_m=geoid_height_m)
        for timed in read_tlog(data):
            if isinstance(timed.found, DecodeError):
                counts["rejected: octets between frames"] += len(timed.octets)
                yield refused(timed.found, timed.octets)
            else:
                yield translator.take(timed.octets, timed.received_utc_ns)
        counts.update(translator.counts)
    elif is_dataflash(data):
        reader = DataflashReader(data, counts)
        claims = DataflashClaims(maker)
        yield from (claims.take(message) for message in reader.messages())
        yield from (refused(error, octets) for error, octets in reader.refusals)
    else:
        log = UlogFile(data, counts)
        yield from (refused(doubt, b"") for doubt in log.doubts)
        maker.system_id, maker.own_identity = log.system_id, log.system_uuid
        yield from ulog_claims(log.tables, maker)


def read_lines(path: Path, counts: Counter[str]) -> Iterator[dict[str, Any]]:
    """Yield every message of a recording as one mapping, as it stands: one that cannot be believed has a
    `doubt`, and is counted as rejected.
    """
    data = _read(path)
    if is_tlog(data):
        for timed in read_tlog(data):
            yield _tlog_line(timed.received_utc_ns, timed.found, timed.octets, counts)
    elif is_dataflash(data):
        reader = DataflashReader(data, counts)
        for message in reader.messages():
            yield {"message": message.name, **message.fields}
    else:
        log = UlogFile(data, counts)
        for doubt in log.doubts:
            counts[f"rejected: {doubt}"] += 1
        for table in log.tables:
            columns = {name: column.tolist() for name, column in table.columns.items()}
            for row in range(len(columns["timestamp"])):
                values = {name: column[row] for name, column in columns.items()}
                yield {"message": table.topic, "instance": table.instance, **values}


def _tlog_line(
    received_utc_ns: int, found: Frame | DecodeError, octets: bytes, counts: Counter[str]
) -> dict[str, Any]:
    line: dict[str, Any] = {"received": iso_utc(received_utc_ns)}
    if isinstance(found, DecodeError):
        counts[f"rejected: {found.field}"] += 1
        return {**line, "octets": octets.hex(), "doubt": str(found)}
    line |= {"system_id": found.system_id, "component_id": found.component_id, "sequence": found.sequence}
    if found.message_id not in LAYOUTS:
        counts[f"message {found.message_id}"] += 1
        return {**line, "message": found.message_id, "payload": found.payload.hex()}
    try:
        message = decode_message(found)
        line |= {"message": message.name, **message.fields}
        check_message(message)
    except DecodeError as error:
        counts[f"rejected: {error.field}"] += 1
        return {**line, "doubt": str(error)}
    counts[message.name] += 1
    return line


def _read(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SetupError(f"{path}: {error.strerror}") from error
    if not (is_tlog(data) or is_dataflash(data) or data.startswith(MAGIC)):
        raise SetupError(f"{path}: starts with {data[:8].hex() or 'nothing'}, must be {KINDS}")
    return data
