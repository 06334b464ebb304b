"""A night as one MCAP file, which Foxglove opens without plug-ins.

| topic | message | what |
|---|---|---|
| `/tf` | `foxglove.FrameTransform` | the frame `site`: east, north, up of its origin |
| `/site/scene`, `/site/map` | `foxglove.SceneUpdate`, `foxglove.GeoJSON` | zones, sensors, protected places |
| `/tracks/scene` | `foxglove.SceneUpdate` | every track: where, how sure, whither |
| `/tracks/map` | `foxglove.GeoJSON` | every track on the map |
| `/tracks/fix/N` | `foxglove.LocationFix` | track N with its covariance, from its first alert on |
| `/alerts`, `/log` | `foxglove.Log` | alerts with their grounds; inputs that were refused |
| `/judgements` | `skykeep.Judgement` | what was thought of every track at each tick |
| `/inputs/KIND` | `skykeep.scan`, ... | what came in, as the log has it |

JSON, with JSON Schemas; chunked, zstd, indexed. Times are the night's own and never run backwards. The same
night, written by the same version with the same zstd library, gives the same bytes.
Source: the MCAP specification (mcap.dev/spec), through the `mcap` library.
"""

from __future__ import annotations

import math
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec
from mcap.writer import CompressionType, Writer

from skykeep.base.clock import iso_utc
from skykeep.domain.airspace import AirspaceVerdict
from skykeep.domain.encoding import encode_json
from skykeep.domain.response import Alert, AlertState
from skykeep.domain.threat import Threat
from skykeep.domain.track import TRACK_STATUS_NAMES, TrackReport, TrackStatus
from skykeep.engine.inputs import INPUT_KINDS, Input
from skykeep.engine.outputs import Judgement, Rejection
from skykeep.wire import foxglove as fox
from skykeep.wire.foxglove_scene import FRAME, site_bodies, track_body
from skykeep.wire.geojson_out import site_features, tracks_now
from skykeep.wire.outgoing import Outgoing, class_word, is_placed, standing_word

LIBRARY = "skykeep"
CHUNK_BYTES = 1 << 20
_ALERT_LEVEL = {
    AlertState.RAISED: fox.WARNING,
    AlertState.ESCALATED: fox.ERROR,
    AlertState.ACKNOWLEDGED: fox.INFO,
    AlertState.CLEARED: fox.INFO,
}
_FLAT = {str: "string", int: "integer", float: "number", bool: "boolean"}


def _flat(title: str, **types: type) -> fox.Json:
    properties = {name: {"type": _FLAT[wanted]} for name, wanted in types.items()}
    return {"title": title, "type": "object", "properties": properties, "required": list(properties)}


_TRACK = _flat(
    "skykeep.Track",
    track_id=int,
    name=str,
    status=str,
    latitude_deg=float,
    longitude_deg=float,
    height_hae_m=float,
    speed_mps=float,
    standing=str,
    claimed_id=str,
    permission=str,
    permit_id=str,
    document=str,
    reason=str,
    asset_id=str,
    priority=float,
)
JUDGEMENT_SCHEMA: fox.Json = {
    "title": "skykeep.Judgement",
    "type": "object",
    "properties": {
        "time_utc": {"type": "string"},
        "tracks": {
            "type": "array",
            "items": {
                **_TRACK,
                "properties": {
                    **_TRACK["properties"],
                    "height_agl_m": {"type": "number"},
                    "existence": {"type": "number"},
                    "class": {"type": "string"},
                    "grounds": {"type": "array", "items": {"type": "string"}},
                    "sensors": {"type": "array", "items": {"type": "string"}},
                },
            },
        },
    },
    "required": ["time_utc", "tracks"],
}


class McapRecording:
    """Writes one file; leaves none behind where it was broken off."""

    def __init__(self, path: Path, outgoing: Outgoing, start_utc_ns: int) -> None:
        self._path = path
        self._draft = path.with_name(path.name + ".new")
        self._file = self._draft.open("wb")
        self._writer = Writer(self._file, chunk_size=CHUNK_BYTES, compression=CompressionType.ZSTD)
        self._writer.start(profile="", library=LIBRARY)
        self._schemas: dict[str, int] = {}
        self._channels: dict[str, int] = {}
        self._sent: dict[str, int] = {}
        self._now_utc_ns = start_utc_ns
        self._shown: set[str] = set()
        self._alerted: set[int] = set()
        self._said: dict[str, tuple[str, str]] = {}
        self._begin(outgoing)

    def __enter__(self) -> McapRecording:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._writer.finish()  # type: ignore[no-untyped-call]
        self._file.close()
        if kind is None:
            self._draft.replace(self._path)
        else:
            self._draft.unlink(missing_ok=True)

    def input(self, record: Input, time_utc_ns: int) -> None:
        """Write what came in."""
        kind = INPUT_KINDS[type(record)]
        schema = f"skykeep.{kind}"
        self._write(
            f"/inputs/{kind}", schema, _input_schema(schema, type(record)), encode_json(record), time_utc_ns
        )

    def judgement(self, judgement: Judgement, reports: list[TrackReport]) -> None:
        """Write what was thought at one tick, and where everything was."""
        now_utc_ns = judgement.picture.time_utc_ns
        alive = [
            (row, report)
            for row, report in enumerate(reports)
            if report.status is not TrackStatus.ENDED and is_placed(report)
        ]
        state = judgement.picture.state
        bodies = []
        for row, report in alive:
            east, north, up, *rates = state[row].tolist()
            bodies.append(track_body(report, (east, north, up), (rates[0], rates[1], rates[2])))
        shown = {body["id"] for body in bodies}
        self._send(
            "/tracks/scene",
            "foxglove.SceneUpdate",
            fox.scene_update(bodies, sorted(self._shown - shown), now_utc_ns),
            now_utc_ns,
        )
        self._shown = shown
        here = [report for _, report in alive]
        self._send_map("/tracks/map", tracks_now(here), now_utc_ns)
        for report in here:
            if report.track_id in self._alerted:
                topic = f"/tracks/fix/{report.track_id}"
                self._send(topic, "foxglove.LocationFix", fox.location_fix(report), now_utc_ns)
        threats = {threat.track_id: threat for threat in judgement.threats}
        thought = {
            "time_utc": iso_utc(now_utc_ns),
            "tracks": [
                _thought(report, judgement.verdicts[row], threats.get(report.track_id))
                for row, report in alive
            ],
        }
        data = msgspec.json.encode(thought)
        self._write("/judgements", "skykeep.Judgement", JUDGEMENT_SCHEMA, data, now_utc_ns)

    def alert(self, alert: Alert, time_utc_ns: int) -> None:
        """Write an alert with its grounds, when its state or the first of them is another than before."""
        self._alerted.update(alert.track_ids)
        said = (alert.state.value, alert.grounds[0] if alert.grounds else "")
        if self._said.get(alert.alert_id) == said:
            return
        self._said[alert.alert_id] = said
        because = alert.cleared_because if alert.state is AlertState.CLEARED else " ".join(alert.grounds)
        by = f" by {alert.acknowledged_by}" if alert.state is AlertState.ACKNOWLEDGED else ""
        message = f"{alert.title} ({alert.state.value}{by}): {because}"
        log = fox.log(time_utc_ns, _ALERT_LEVEL[alert.state], message, alert.alert_id)
        self._send("/alerts", "foxglove.Log", log, time_utc_ns)

    def rejection(self, rejection: Rejection, time_utc_ns: int) -> None:
        """Write that an input was refused, and why."""
        message = f"Refused {rejection.kind}: {rejection.because}"
        self._send("/log", "foxglove.Log", fox.log(time_utc_ns, fox.WARNING, message, "intake"), time_utc_ns)

    def _begin(self, outgoing: Outgoing) -> None:
        now_utc_ns = self._now_utc_ns
        transform = fox.frame_transform(now_utc_ns, "world", FRAME)
        self._send("/tf", "foxglove.FrameTransform", transform, now_utc_ns)
        scene = fox.scene_update(site_bodies(outgoing.site, now_utc_ns), [], now_utc_ns)
        self._send("/site/scene", "foxglove.SceneUpdate", scene, now_utc_ns)
        self._send_map("/site/map", site_features(outgoing), now_utc_ns)
        what = "A simulated night" if outgoing.simulated else "A night"
        message = f"{what}: {outgoing.name}. Skykeep {outgoing.version}".strip()
        self._send("/log", "foxglove.Log", fox.log(now_utc_ns, fox.INFO, message, LIBRARY), now_utc_ns)

    def _send_map(self, topic: str, features: list[fox.Json], time_utc_ns: int) -> None:
        collection = {"type": "FeatureCollection", "features": features}
        message = {"geojson": msgspec.json.encode(collection).decode()}
        self._send(topic, "foxglove.GeoJSON", message, time_utc_ns)

    def _send(self, topic: str, schema: str, message: fox.Json, time_utc_ns: int) -> None:
        self._write(topic, schema, fox.SCHEMAS[schema], msgspec.json.encode(message), time_utc_ns)

    def _write(self, topic: str, name: str, schema: fox.Json, data: bytes, time_utc_ns: int) -> None:
        if topic not in self._channels:
            if name not in self._schemas:
                coded = msgspec.json.encode(schema)
                self._schemas[name] = self._writer.register_schema(name, "jsonschema", coded)
            self._channels[topic] = self._writer.register_channel(topic, "json", self._schemas[name])
        self._now_utc_ns = max(self._now_utc_ns, time_utc_ns)
        self._sent[topic] = self._sent.get(topic, 0) + 1
        self._writer.add_message(
            channel_id=self._channels[topic],
            log_time=self._now_utc_ns,
            publish_time=time_utc_ns,
            data=data,
            sequence=self._sent[topic],
        )


def _thought(report: TrackReport, verdict: AirspaceVerdict, threat: Threat | None) -> dict[str, Any]:
    east_mps, north_mps, up_mps = report.velocity_enu_mps
    return {
        "track_id": report.track_id,
        "name": report.name,
        "status": TRACK_STATUS_NAMES[report.status],
        "latitude_deg": report.latitude_deg,
        "longitude_deg": report.longitude_deg,
        "height_hae_m": report.height_hae_m,
        **_where_known(height_agl_m=report.height_agl_m, existence=report.existence),
        "speed_mps": (east_mps**2 + north_mps**2 + up_mps**2) ** 0.5,
        "class": class_word(report),
        "standing": standing_word(report),
        "claimed_id": report.claimed_id,
        "permission": verdict.permission.value,
        "permit_id": report.permit_id,
        "document": verdict.document,
        "reason": verdict.reason,
        "asset_id": "" if threat is None else threat.asset_id,
        "priority": 0.0 if threat is None else threat.priority,
        "grounds": [] if threat is None else list(threat.grounds),
        "sensors": list(report.sensor_ids),
    }


def _where_known(**numbers: float) -> dict[str, float]:
    return {name: number for name, number in numbers.items() if math.isfinite(number)}


def _input_schema(title: str, record: type[Any]) -> fox.Json:
    """Return the plain members of a kind of input; lists and what may be absent are there but not told."""
    simple = {
        field.encode_name: field.type
        for field in msgspec.structs.fields(record)
        if field.type in _FLAT and not field.encode_name.startswith("_")
    }
    return _flat(title, **simple)
