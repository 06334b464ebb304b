"""ASTERIX as it comes, live: datagrams or framed blocks of one feed, to scans, claims and status.

A feed often carries several radars: each *source* is named by its area and identification code (SAC/SIC)
and stands for one configured sensor. What cannot be read or believed, comes from nobody configured, or came
before is refused by name; what is sound but no detection (an extrapolated track, a sector crossing, a test
target) is counted in `counts`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec
import numpy as np

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import DecodeError, SetupError
from skykeep.domain.feed import KEPT_BYTES, Received, Refusal, Taken, refusal_of
from skykeep.domain.sensing import MeasurementKind, Sensor, SensorStatus, make_scan
from skykeep.geo.frames import LocalFrame
from skykeep.wire.asterix import DAY_S, AsterixRecord, Block, split_blocks
from skykeep.wire.asterix_claims import claim_of
from skykeep.wire.asterix_editions import EditionRegistry
from skykeep.wire.asterix_fast import read_block
from skykeep.wire.asterix_gates import TIMES_OF_DAY, TRUNCATED_TIMES, implausible
from skykeep.wire.asterix_scan import BEAM_RAD, label_of, resolve_time_utc_ns
from skykeep.wire.asterix_status import service_status
from skykeep.wire.asterix_targets import TARGET_CATEGORIES, TargetRow, set_aside, target_row

CLOCK_SLACK_S = 30.0
REMEMBERED_BLOCKS = 4_096
# The same octets again: a second multicast group or a loop. Where records need not carry the time, two looks
# at something that stands still may be alike, so there only what comes within a turn of the antenna.
REPEATED_WITHIN_NS = 60 * NS_PER_S
REPEATED_WITHOUT_TIME_NS = NS_PER_S
_MAY_BE_TIMELESS = (1, 2)


class AsterixSource(msgspec.Struct, frozen=True, kw_only=True):
    """One sender on a feed. `code` is its (area code, identification code), None for any that is not named
    otherwise; `editions` are its own, where they differ from the feed's.
    """

    sensor: Sensor
    code: tuple[int, int] | None = None
    editions: dict[int, str] = {}


class _Row(msgspec.Struct, frozen=True, kw_only=True):
    source: AsterixSource
    time_utc_ns: int
    row: TargetRow
    label: str


class AsterixTranslator:
    """Turns datagrams of one feed into records of ours. `editions` are the feed's, by category."""

    def __init__(
        self,
        sources: Sequence[AsterixSource],
        frame: LocalFrame,
        editions: dict[int, str] | None = None,
        clock_slack_s: float = CLOCK_SLACK_S,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._sources = {source.code: source for source in sources}
        if len(self._sources) != len(sources) or not sources:
            raise SetupError("an ASTERIX feed needs sources, each with a code of its own")
        named = {source.code: source.editions for source in sources if source.code is not None}
        anyone = self._sources.get(None)
        self._editions = EditionRegistry({**(editions or {}), **(anyone.editions if anyone else {})}, named)
        self._frame = frame
        self._slack_s = clock_slack_s
        self._seen: dict[bytes, int] = {}
        self._sequence: Counter[str] = Counter()

    def take(self, data: bytes, received_utc_ns: int) -> Taken:
        """Take one datagram, or one block from a stream."""
        records: list[Received] = []
        refusals: list[Refusal] = []
        blocks, left = split_blocks(data, self._editions.is_known)
        for reason, piece in left:
            if reason in ("framing", "trailer"):
                self.counts[f"octets of {reason}"] += len(piece)
            else:
                refusals.append(
                    _refusal("block", reason.replace("_", " "), "a block of a known category", piece)
                )
        for block in blocks:
            repeated_ns = self._repeated_after_ns(block, received_utc_ns)
            if repeated_ns is not None:
                found = f"came {repeated_ns / NS_PER_S:.1f} s before"
                refusals.append(_refusal(f"CAT{block.category:03d}", found, "new", block.data))
                continue
            self._take_block(block, received_utc_ns, records, refusals)
        return Taken(records=tuple(records), refusals=tuple(refusals))

    def _repeated_after_ns(self, block: Block, received_utc_ns: int) -> int | None:
        """Return how long ago the very same block came, None when it is new."""
        before_utc_ns = self._seen.pop(block.data, None)
        self._seen[block.data] = received_utc_ns
        if len(self._seen) > REMEMBERED_BLOCKS:
            del self._seen[next(iter(self._seen))]
        timeless = block.category in _MAY_BE_TIMELESS
        within_ns = REPEATED_WITHOUT_TIME_NS if timeless else REPEATED_WITHIN_NS
        if before_utc_ns is None or abs(received_utc_ns - before_utc_ns) > within_ns:
            return None
        return received_utc_ns - before_utc_ns

    def _take_block(
        self, block: Block, received_utc_ns: int, out: list[Received], refusals: list[Refusal]
    ) -> None:
        code = sender_of(block)
        try:
            records = read_block(block, self._editions.of(block.category, code))
        except DecodeError as error:
            refusals.append(refusal_of(error, block.data))
            return
        rows: list[_Row] = []
        for record in records:
            if "010" not in record.items and code is not None and record.category in _MAY_BE_TIMELESS:
                sender = {"SAC": code[0], "SIC": code[1]}
                record = msgspec.structs.replace(record, items={"010": sender, **record.items})
            doubt = implausible(record, received_utc_ns / NS_PER_S % DAY_S, self._slack_s)
            source = None if doubt else self._source_of(record)
            if source is None:
                item = record.items.get("010")
                sender = item if isinstance(item, dict) else {}
                found = f"{sender.get('SAC')}/{sender.get('SIC')}, must be a source of this feed"
                field, _, rest = (doubt or f"I{record.category:03d}/010: {found}").partition(": ")
                was, _, must = rest.partition(", must ")
                refusals.append(_refusal(field, was, must.removeprefix("be "), block.data))
                continue
            self._take_record(record, source, received_utc_ns, rows, out)
        out.extend(self._scans(rows, received_utc_ns))

    def _source_of(self, record: AsterixRecord) -> AsterixSource | None:
        sender = record.items.get("010")
        if not isinstance(sender, dict) or not {"SAC", "SIC"} <= sender.keys():
            return None  # CAT032 and others name their sender in another way
        return self._sources.get((sender["SAC"], sender["SIC"])) or self._sources.get(None)

    def _take_record(
        self,
        record: AsterixRecord,
        source: AsterixSource,
        received_utc_ns: int,
        rows: list[_Row],
        out: list[Received],
    ) -> None:
        time_utc_ns = self._time_utc_ns(record, received_utc_ns)
        status = service_status(record, self._frame)
        if status is not None:
            about = source if status.about is None else self._sources.get(status.about, source)
            out.append(
                SensorStatus(
                    sensor_id=about.sensor.sensor_id,
                    sequence=self._next(about),
                    time_utc_ns=time_utc_ns,
                    received_utc_ns=received_utc_ns,
                    state=status.state,
                    says=status.says,
                    position_enu_m=status.position_enu_m,
                    azimuth_from_rad=status.azimuth_from_rad,
                    azimuth_to_rad=status.azimuth_to_rad,
                )
            )
            return
        aside = set_aside(record)
        if aside is not None:
            self.counts[f"CAT{record.category:03d}: {aside}"] += 1
        elif record.category == 21:
            self._take_claim(record, source, time_utc_ns, received_utc_ns, out)
        elif record.category not in TARGET_CATEGORIES:
            self.counts[f"CAT{record.category:03d}: no target report"] += 1
        else:
            row = target_row(record, source.sensor, self._frame)
            if row is None:
                self.counts[f"CAT{record.category:03d}: no place"] += 1
                return
            rows.append(_Row(source=source, time_utc_ns=time_utc_ns, row=row, label=label_of(record)))

    def _take_claim(
        self,
        record: AsterixRecord,
        source: AsterixSource,
        time_utc_ns: int,
        received_utc_ns: int,
        out: list[Received],
    ) -> None:
        sequence = self._sequence[source.sensor.sensor_id] + 1
        claim = claim_of(record, source.sensor.sensor_id, sequence, time_utc_ns, received_utc_ns, self._frame)
        if claim is None:
            self.counts["CAT021: no address or no place"] += 1
            return
        self._next(source)
        out.append(claim)

    def _time_utc_ns(self, record: AsterixRecord, received_utc_ns: int) -> int:
        """Return the record's own time, with the date that puts it nearest its receipt; else its receipt."""
        items = record.items
        for number in TIMES_OF_DAY.get(record.category, ()):
            if isinstance(items.get(number), float) and record.category != 16:
                return resolve_time_utc_ns(items[number], DAY_S, received_utc_ns)
        number, period_s = TRUNCATED_TIMES.get(record.category, ("", 0.0))
        if isinstance(items.get(number), float):
            return resolve_time_utc_ns(items[number], period_s, received_utc_ns)
        self.counts[f"CAT{record.category:03d}: timed by its receipt"] += 1
        return received_utc_ns

    def _next(self, source: AsterixSource) -> int:
        self._sequence[source.sensor.sensor_id] += 1
        return self._sequence[source.sensor.sensor_id]

    def _scans(self, rows: list[_Row], received_utc_ns: int) -> list[Received]:
        """Return one scan for the rows of a block that share sensor, kind, columns and time."""
        together: dict[tuple[str, str, int, int], list[_Row]] = {}
        for one in rows:
            key = (one.source.sensor.sensor_id, one.row.kind, len(one.row.measured), one.time_utc_ns)
            together.setdefault(key, []).append(one)
        return [self._scan(group, received_utc_ns) for group in together.values()]

    def _scan(self, group: list[_Row], received_utc_ns: int) -> Received:
        first = group[0]
        polar = first.row.kind is MeasurementKind.RANGE_AZIMUTH_ELEVATION
        azimuths_rad = np.array([one.row.measured[1] for one in group])
        # About the first, so that a beam across north stays one narrow sector.
        offsets_rad = (azimuths_rad - azimuths_rad[0] + np.pi) % (2 * np.pi) - np.pi
        return make_scan(
            sensor_id=first.source.sensor.sensor_id,
            sequence=self._next(first.source),
            kind=first.row.kind,
            time_utc_ns=first.time_utc_ns,
            received_utc_ns=received_utc_ns,
            measured=np.array([one.row.measured for one in group], dtype=np.float64),
            sigma=np.array([one.row.sigma for one in group], dtype=np.float64),
            labels=tuple(one.label for one in group),
            azimuth_from_rad=float(azimuths_rad[0] + offsets_rad.min()) - BEAM_RAD if polar else None,
            azimuth_to_rad=float(azimuths_rad[0] + offsets_rad.max()) + BEAM_RAD if polar else None,
        )


def sender_of(block: Block) -> tuple[int, int] | None:
    """Return the (area code, identification code) of a block's first record, before its edition is known:
    in every category here it is the first item. None when it is absent.
    """
    at = 3
    while at < len(block.data) and block.data[at] & 1:
        at += 1
    if len(block.data) < at + 3 or not block.data[3] & 0x80:
        return None
    return block.data[at + 1], block.data[at + 2]


def _refusal(field: str, found: str, must: str, data: bytes) -> Refusal:
    return Refusal(field=field, found=found, must=must, data=data[:KEPT_BYTES])


class AsterixFramer:
    """Cuts a TCP stream into blocks by their own length."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Return the blocks that are whole now; DecodeError when a header cannot be one."""
        stream, blocks, at = self._rest + data, [], 0
        while at + 3 <= len(stream):
            length = int.from_bytes(stream[at + 1 : at + 3], "big")
            if stream[at] == 0 or length < 4:
                raise DecodeError(
                    "block", f"category {stream[at]}, {length} octets", "a category and at least 4 octets"
                )
            if at + length > len(stream):
                break
            blocks.append(stream[at : at + length])
            at += length
        self._rest = stream[at:]
        return blocks
