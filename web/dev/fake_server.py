"""A pretend Skykeep server for working on the page: a scripted night, the console protocol, nothing measured.

    .venv/bin/python web/dev/fake_server.py [--port 8765] [--tracks 20] [--tiles DIR] [--mode SIMULATION]

Serves the built page from src/skykeep/webui, tiles from DIR, and the socket. The night: two drones come for
the Residence, the second behind a false Remote ID; a survey drone, a police drone, an airliner, a helicopter
and birds.
With --tracks 2000 the rest are birds that circle, for measuring. Every motion is a formula of time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import pathlib
import time
from typing import Any

import msgspec
import numpy as np
import uvicorn
from starlette.applications import Starlette
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket, WebSocketDisconnect

WEB = pathlib.Path(__file__).resolve().parents[1]
LAT, LON = 38.48523, -40.01687
START = 1_893_550_200_000_000_000
LENGTH_S = 300.0
DTYPES = {
    "id": "<i4",
    "lon_e7": "<i4",
    "lat_e7": "<i4",
    "height_dm": "<i4",
    "course_cdeg": "<u2",
    "speed_cmps": "<u2",
    "climb_cmps": "<i2",
    "class_index": "u1",
    "standing_index": "u1",
    "status_index": "u1",
    "class_percent": "u1",
    "sigma_major_dm": "<u2",
    "sigma_minor_dm": "<u2",
    "sigma_bearing_deg": "u1",
    "priority_percent": "u1",
}


def lonlat(east_m: float, north_m: float) -> list[float]:
    return [LON + east_m / (111_320 * math.cos(math.radians(LAT))), LAT + north_m / 111_320]


def blob(
    east_m: float, north_m: float, along_m: float, across_m: float, turn_deg: float
) -> list[list[float]]:
    ring = []
    for k in range(36):
        a, t = 2 * math.pi * k / 36, math.radians(turn_deg)
        x, y = along_m * math.cos(a) * (1.25 if math.cos(a) > 0 else 0.8), across_m * math.sin(a)
        ring.append(
            lonlat(east_m + x * math.sin(t) + y * math.cos(t), north_m + x * math.cos(t) - y * math.sin(t))
        )
    return ring


def contours(e: float, n: float, turn_deg: float, along_m: float, across_m: float) -> list[dict[str, Any]]:
    return [
        {"percent": percent, "polygon": blob(e, n, along_m * k, across_m * k, turn_deg)}
        for percent, k in ((50, 0.5), (95, 1.0), (99, 1.35))
    ]


def rectangle(e: float, n: float, w: float, h: float) -> list[list[float]]:
    return [lonlat(e, n), lonlat(e + w, n), lonlat(e + w, n + h), lonlat(e, n + h)]


def place(name: str, e: float, n: float) -> dict[str, Any]:
    lon, lat = lonlat(e, n)
    return {"name": name, "lon_deg": lon, "lat_deg": lat}


def site(tiles: bool) -> dict[str, Any]:
    return {
        "name": "Harbour capital",
        "origin": {"lat_deg": LAT, "lon_deg": LON, "height_hae_m": 0.0},
        "tiles": {
            "url": "/tiles/world.pmtiles",
            "attribution": "Made-up world",
            "terrain_url": "/tiles/terrain.pmtiles" if tiles else None,
        },
        "assets": [
            {
                "id": "residence",
                "kind": "residence",
                **place("Residence", 0, 0),
                "footprint": rectangle(-60, -40, 120, 80),
                "rings": [{"name": "Breach", "radius_m": 250.0}, {"name": "Warning", "radius_m": 1500.0}],
            },
            {
                "id": "stadium",
                "kind": "stadium",
                **place("Stadium", 2600, 1900),
                "footprint": None,
                "rings": [{"name": "Breach", "radius_m": 200.0}],
            },
        ],
        "zones": [
            {
                "id": "P-1",
                "name": "P-1 Residence",
                "kind": "prohibited",
                "polygon": blob(0, 0, 1000, 1100, 0),
                "floor_m": 0,
                "ceiling_m": 600,
                "reference": "AGL",
                "document": "Order 7, article 2",
            },
            {
                "id": "R-4",
                "name": "R-4 Old town",
                "kind": "restricted",
                "polygon": rectangle(900, -1700, 2400, 1900),
                "floor_m": 0,
                "ceiling_m": 120,
                "reference": "AGL",
                "document": "Order 7, article 5",
            },
            {
                "id": "S-2",
                "name": "S-2 Survey permit",
                "kind": "permit",
                "polygon": rectangle(-2800, 1200, 1500, 1300),
                "floor_m": 30,
                "ceiling_m": 100,
                "reference": "AGL",
                "document": "Permit 118",
            },
        ],
        "sensors": [
            {
                "id": "radar-1",
                "kind": "radar",
                "range_m": 7000.0,
                "azimuth_from_deg": 0,
                "azimuth_to_deg": 360,
                **place("Radar Rock", 120, 80),
            },
            {
                "id": "radar-2",
                "kind": "radar",
                "range_m": 4500.0,
                "azimuth_from_deg": 200,
                "azimuth_to_deg": 340,
                **place("Radar Mole", -1900, -900),
            },
            {
                "id": "rf-1",
                "kind": "rf_direction_finder",
                "range_m": 4000.0,
                "azimuth_from_deg": 0,
                "azimuth_to_deg": 360,
                **place("RF finder", 700, 500),
            },
            {
                "id": "rid-1",
                "kind": "remote_id",
                "range_m": 2500.0,
                "azimuth_from_deg": 0,
                "azimuth_to_deg": 360,
                **place("Remote ID", 200, -200),
            },
            {
                "id": "cam-1",
                "kind": "camera",
                "range_m": 1800.0,
                "azimuth_from_deg": 300,
                "azimuth_to_deg": 60,
                **place("Camera", 40, 140),
            },
        ],
    }


def hello(tiles: bool, mode: str) -> dict[str, Any]:
    return {
        "type": "hello",
        "protocol": 1,
        "mode": mode,
        "scenario": "the-night",
        "seed": 7,
        "start_utc_ns": START,
        "end_utc_ns": START + int(LENGTH_S * 1e9),
        "site": site(tiles),
        "classes": ["multirotor", "fixed_wing", "bird", "aircraft", "other"],
        "standings": ["unknown", "friend", "neutral", "suspect", "hostile"],
        "statuses": ["tentative", "confirmed", "coasting", "ended"],
        "people": [
            {"id": "op", "name": "M. Ardel", "role": "operator", "may_approve": False},
            {"id": "co", "name": "S. Venn", "role": "commander", "may_approve": True},
            {"id": "du", "name": "R. Tallis", "role": "duty officer", "may_approve": True},
        ],
        "can_control_time": True,
    }


class Night:
    """Where everything is at `t` seconds into the night."""

    def __init__(self, tracks: int) -> None:
        self.birds = max(0, tracks - 6)
        self.stopped_s: dict[int, float] = {}

    def columns(self, t: float) -> dict[str, np.ndarray]:
        rows: list[tuple[float, ...]] = []

        def add(i: int, e: float, n: float, h: float, ve: float, vn: float, climb: float, *rest: int) -> None:
            lon, lat = lonlat(e, n)
            course = math.degrees(math.atan2(ve, vn)) % 360
            rows.append(
                (i, lon * 1e7, lat * 1e7, h * 10, course * 100, math.hypot(ve, vn) * 100, climb * 100, *rest)
            )

        for i, (e0, n0, speed, appear) in {12: (-3900, 1500, 14.0, 4), 17: (2300, -3100, 16.0, 14)}.items():
            stop = self.stopped_s.get(i, 1e9)
            far = math.hypot(e0, n0)
            gone = min(max(0.0, t - appear), stop - appear) * speed
            if t < appear or t > stop + 6:
                continue
            f = 1 - gone / far
            if f < 0.04:
                continue
            falling = max(0.0, t - stop)
            wobble = 40 * math.sin(t / 9 + i)
            hostile = t > appear + 12
            add(
                i,
                e0 * f + wobble * n0 / far,
                n0 * f - wobble * e0 / far,
                max(20, 110 - falling * 18 - (1 - f) * 20),
                -e0 / far * speed,
                -n0 / far * speed,
                -18.0 if falling else -0.6,
                0,
                4 if hostile else 3,
                2 if falling else 1,
                94 if hostile else 71,
                90,
                40,
                int(math.degrees(math.atan2(e0, n0)) % 180),
                96 if i == 12 else 88,
            )
        a = t / 22
        add(
            21,
            -2100 + 500 * math.cos(a),
            1850 + 350 * math.sin(a),
            70,
            -11 * math.sin(a),
            8 * math.cos(a),
            0,
            0,
            2,
            1,
            97,
            30,
            25,
            40,
            4,
        )
        add(
            23,
            500 * math.cos(t / 40),
            700 + 320 * math.sin(t / 40),
            95,
            -9 * math.sin(t / 40),
            8 * math.cos(t / 40),
            0,
            0,
            1,
            1,
            96,
            25,
            20,
            90,
            3,
        )
        add(30, 5600 - 78 * t * 0.5, 4200, 950 - t, -78, 0, -3, 3, 2, 1, 99, 250, 120, 88, 2)
        add(31, -3200 + 38 * t * 0.4, -2300 + 5 * t, 320, 38, 12, 0, 3, 2, 1, 98, 120, 80, 70, 2)
        for k in range(self.birds):
            r, w = 90 + 25 * (k % 9), 0.05 + 0.008 * (k % 5)
            ring = 900 + 2900 * math.sqrt((k + 0.5) / self.birds)
            ce, cn = ring * math.cos(k * 2.39996), ring * math.sin(k * 2.39996)
            b = t * w + k
            v = r * w
            add(
                100 + k,
                ce + r * math.cos(b),
                cn + r * math.sin(b),
                40 + 8 * (k % 12) + 6 * math.sin(b),
                -v * math.sin(b),
                v * math.cos(b),
                0.5 * math.cos(b),
                2,
                0,
                2 if k % 11 == 0 else 1,
                70 + k % 28,
                60 + k % 40,
                40,
                (k * 17) % 180,
                1 + k % 9,
            )
        table = np.array(rows)
        return {name: np.round(table[:, j]).astype(dtype) for j, (name, dtype) in enumerate(DTYPES.items())}


CAPTIONS = [
    (
        1,
        "narration",
        "02:30, four days before the parade. The Residence sleeps; the Rock radar turns once a second.",
    ),
    (5, "event", "Track 12 starts 4.2 km north-west. It broadcasts nothing."),
    (15, "event", "Track 17 starts 3.9 km south-east. It broadcasts a survey drone's serial."),
    (18, "event", "Alert: multirotor without identity, closing on the Residence."),
    (
        22,
        "narration",
        "Track 17 claims to be 1.4 km from where two radars see it. The claim is not believed.",
    ),
    (28, "event", "Alert: false identity, closing on the Residence."),
    (
        40,
        "narration",
        "Two persons must agree before anything is done. The footprint of the debris is computed first.",
    ),
]


class Session:
    def __init__(self, socket: WebSocket, night: Night, options: argparse.Namespace) -> None:
        self.socket, self.night, self.options = socket, night, options
        self.as_json = socket.query_params.get("format") == "json"
        self.t, self.playing, self.speed, self.latest = options.at, True, 1.0, options.at
        self.following = True
        self.selected: int | None = None
        self.known: set[int] = set()
        self.last: dict[str, Any] = {}
        self.acknowledged: dict[str, str] = {}
        self.approvals: dict[str, list[dict[str, Any]]] = {}
        self.refused: dict[str, str] = {}
        self.done: dict[str, str] = {}
        self.said = 0
        self.finished = False

    def now(self) -> int:
        return START + int(self.t * 1e9)

    async def send(self, message: dict[str, Any]) -> None:
        if self.as_json:
            await self.socket.send_text(json.dumps(message, default=lambda v: v.tolist()))
        else:
            await self.socket.send_bytes(msgspec.msgpack.encode(message, enc_hook=lambda v: v.tobytes()))

    async def send_if_new(self, message: dict[str, Any], ignoring: tuple[str, ...] = ()) -> None:
        body = json.dumps(
            {k: v for k, v in message.items() if k not in ignoring}, sort_keys=True, default=str
        )
        if self.last.get(message["type"]) != body:
            self.last[message["type"]] = body
            await self.send(message)

    async def picture(self, full: bool) -> None:
        columns = self.night.columns(self.t)
        ids = set(columns["id"].tolist())
        gone = np.array(sorted(self.known - ids), dtype="<i4")
        self.known = ids
        await self.send(
            {"type": "picture", "time_utc_ns": self.now(), "full": full, "gone": gone, "columns": columns}
        )

    def breach(self, i: int) -> list[float] | None:
        e0, n0, speed, appear = {12: (-3900, 1500, 14.0, 4), 17: (2300, -3100, 16.0, 14)}[i]
        if i in self.night.stopped_s:
            return None
        left = (math.hypot(e0, n0) - 250) / speed - (self.t - appear)
        return [max(0.0, left * 0.88), max(0.0, left), max(0.0, left * 1.15)]

    def alerts(self) -> list[dict[str, Any]]:
        out = []
        for key, i, from_s, title, grounds in (
            (
                "A-1",
                12,
                18,
                "Multirotor without identity",
                [
                    "Radar Rock and Radar Mole both see it: 94 % multirotor by rotor modulation and speed.",
                    "It broadcasts no Remote ID within 2.5 km of a receiver that hears others.",
                    "Its course has pointed at the Residence for 40 s; no other asset is within 15 degrees.",
                    "Inside P-1 no flight is allowed without a permit (Order 7, article 2); none names it.",
                ],
            ),
            (
                "A-2",
                17,
                28,
                "False identity",
                [
                    "It broadcasts the serial of the survey drone of Permit 118, which is 4.6 km away.",
                    "The position it claims is 1.4 km from where the radar sees it (p < 0.001).",
                    "It will cross R-4 and enter P-1.",
                ],
            ),
        ):
            if self.t < from_s:
                continue
            stopped = self.night.stopped_s.get(i)
            state = (
                "cleared"
                if stopped and self.t > stopped + 6
                else "acknowledged"
                if key in self.acknowledged
                else "raised"
            )
            out.append(
                {
                    "id": key,
                    "state": state,
                    "title": title,
                    "track_ids": [i],
                    "asset": "residence",
                    "priority": 0.96 if i == 12 else 0.88,
                    "raised_utc_ns": START + int(from_s * 1e9),
                    "breach_s": self.breach(i),
                    "acknowledged_by": self.acknowledged.get(key),
                    "grounds": grounds,
                    "cleared_because": "Track ended after the simulated effect; debris inside the contour."
                    if state == "cleared"
                    else None,
                }
            )
        return out

    def proposals(self) -> list[dict[str, Any]]:
        out = []
        for key, alert, i, from_s, e, n, turn in (
            ("R-1", "A-1", 12, 34, -1400, 560, 110),
            ("R-2", "A-2", 17, 44, 900, -1250, 325),
        ):
            if self.t < from_s:
                continue
            approvals = self.approvals.get(key, [])
            stop = self.night.stopped_s.get(i)
            state = "refused" if key in self.refused else "proposed"
            if stop is not None:
                state = "carried_out" if self.t > stop + 6 else "approved"
            out.append(
                {
                    "id": key,
                    "alert_id": alert,
                    "state": state,
                    "simulated": True,
                    "expires_utc_ns": START + int((from_s + 150) * 1e9),
                    "if_nothing": "It reaches the 250 m ring of the Residence in about "
                    + f"{(self.breach(i) or [0, 0, 0])[1] // 10 * 10:.0f} s with 34 persons inside.",
                    "chosen_option": approvals[0]["option_id"] if stop is not None else None,
                    "outcome": "Link lost, came down 60 m from the predicted point. Nobody hurt (simulated)."
                    if state == "carried_out"
                    else None,
                    "options": [
                        {
                            "id": "soft",
                            "name": "RF link denial",
                            "layer": "soft",
                            "says": "It lands or drifts with the wind; likely to come down whole.",
                            "success_percent": 72,
                            "delay_s": 6.0,
                            "persons_expected": 0.0121,
                            "debris": contours(e, n, turn, 140, 90),
                        },
                        {
                            "id": "hard",
                            "name": "Interceptor",
                            "layer": "hard",
                            "says": "It breaks up; pieces of up to 1.1 kg fall along its course.",
                            "success_percent": 91,
                            "delay_s": 14.0,
                            "persons_expected": 0.184,
                            "debris": contours(e, n, turn, 260, 120),
                        },
                    ],
                    "approvals": approvals,
                    "approvals_needed": 2,
                }
            )
        return out

    def tasks(self) -> list[dict[str, Any]]:
        out = []
        for key, alert, text, owner, from_s, due in (
            ("T-1", "A-1", "Move staff of the Residence to the inner rooms", "duty officer", 20, 60),
            ("T-2", "A-1", "Tell the police post at the sea gate", "operator", 20, 80),
            ("T-3", "A-2", "Ask the survey crew by telephone where their drone is", "operator", 30, 75),
        ):
            if self.t >= from_s:
                state = "done" if key in self.done else "overdue" if self.t > due else "open"
                out.append(
                    {
                        "id": key,
                        "alert_id": alert,
                        "text": text,
                        "owner": owner,
                        "due_utc_ns": START + int(due * 1e9),
                        "state": state,
                        "done_by": self.done.get(key),
                    }
                )
        return out

    def claims(self) -> list[dict[str, Any]]:
        def one(
            source: str,
            name: str,
            e: float,
            n: float,
            h: float,
            course: float,
            track: int | None,
            verdict: str,
        ) -> dict[str, Any]:
            lon, lat = lonlat(e, n)
            return {
                "source": source,
                "claimed_id": name,
                "lon": lon,
                "lat": lat,
                "height_m": h,
                "course_deg": course,
                "matched_track": track,
                "verdict": verdict,
            }

        out = [
            one(
                "remote_id",
                "1581F5SURVEY118",
                -2100 + 500 * math.cos(self.t / 22),
                1850 + 350 * math.sin(self.t / 22),
                70,
                90,
                21,
                "consistent",
            ),
            one("adsb", "4CA2D1", -5200 + 60 * self.t * 0.3, -4200, 1200, 90, None, "untested"),
        ]
        if self.t > 15 and 17 not in self.night.stopped_s:
            out.append(one("remote_id", "1581F5SURVEY118", 1500, -1000 + self.t, 80, 320, 17, "contradicted"))
        return out

    def details(self, i: int) -> dict[str, Any]:
        history = []
        for s in range(60):
            t = self.t - 60 + s
            columns = self.night.columns(t)
            at = np.flatnonzero(columns["id"] == i)
            if t > 0 and at.size:
                k = at[0]
                history.append(
                    [
                        t,
                        *(
                            float(columns[name][k]) / by
                            for name, by in (("lon_e7", 1e7), ("lat_e7", 1e7), ("height_dm", 10))
                        ),
                    ]
                )
        threat = (
            {"asset": "Residence", "aims_percent": 93, "breach_s": self.breach(i), "closest_approach_m": 12.0}
            if i in (12, 17)
            else None
        )
        claims = (
            [
                {
                    "source": "remote_id",
                    "claimed_id": "1581F5SURVEY118",
                    "verdict": "contradicted",
                    "residual_m": 1420.0,
                    "p_value": 0.00004,
                }
            ]
            if i == 17
            else []
        )
        forbidden = i in (12, 17)
        return {
            "type": "track_details",
            "id": i,
            "label": f"T{i}",
            "lines": [
                "Seen by Radar Rock, Radar Mole and the RF finder.",
                "Rotor modulation −14 dB; cross-section −18 dBsm.",
                "Started 61 s ago, 58 detections.",
            ],
            "claims": claims,
            "threat": threat,
            "history": history,
            "airspace": {
                "permission": "forbidden" if forbidden else "allowed",
                "document": "Order 7, article 2" if forbidden else "Permit 118",
                "reason": "No permit names it, and P-1 is in force at all hours."
                if forbidden
                else "Inside its volume, height and hours.",
            },
        }

    def status(self) -> dict[str, Any]:
        states = [
            ("radar-1", "ok", 41.0),
            ("radar-2", "ok", 18.0),
            ("rf-1", "stale" if 50 < self.t < 70 else "ok", 3.0),
            ("rid-1", "ok", 1.0),
            ("cam-1", "silent", 0.0),
        ]
        return {
            "type": "status",
            "time_utc_ns": self.now(),
            "mode": self.options.mode,
            "playing": self.playing,
            "speed": self.speed,
            "following": self.following,
            "start_utc_ns": START,
            "end_utc_ns": START + int(LENGTH_S * 1e9),
            "latest_utc_ns": START + int(self.latest * 1e9),
            "sensors": [{"id": i, "state": s, "last_utc_ns": self.now(), "per_s": p} for i, s, p in states],
            "counts": {
                "tracks": len(self.known),
                "detections": int(self.t * 64),
                "rejected": int(self.t * 7),
                "log_entries": int(self.t * 12),
            },
            "light": "night",
        }

    async def lists(self) -> None:
        await self.send_if_new(
            {"type": "alerts", "time_utc_ns": self.now(), "alerts": self.alerts()}, ("time_utc_ns",)
        )
        await self.send_if_new({"type": "proposals", "proposals": self.proposals()})
        await self.send_if_new({"type": "tasks", "tasks": self.tasks()})
        await self.send_if_new({"type": "claims", "claims": self.claims()})

    async def command(self, c: dict[str, Any]) -> None:
        kind = c.get("type")
        if not self.following and kind in ("acknowledge", "approve", "refuse", "task_done"):
            await self.send({"type": "refused", "command": kind, "why": "You are looking at the past."})
        elif kind == "acknowledge":
            self.acknowledged[c["alert_id"]] = c["by"]
        elif kind == "task_done":
            self.done[c["task_id"]] = c["by"]
        elif kind == "refuse":
            self.refused[c["proposal_id"]] = c["reason"]
        elif kind == "approve":
            roles = {p["id"]: p["role"] for p in hello(False, "SIMULATION")["people"]}
            signed = self.approvals.setdefault(c["proposal_id"], [])
            if any(a["by"] == c["by"] for a in signed):
                await self.send(
                    {"type": "refused", "command": kind, "why": "The same person cannot approve twice."}
                )
                return
            signed.append(
                {
                    "by": c["by"],
                    "role": roles[c["by"]],
                    "time_utc_ns": self.now(),
                    "option_id": c["option_id"],
                }
            )
            if len(signed) >= 2:
                self.night.stopped_s[{"R-1": 12, "R-2": 17}[c["proposal_id"]]] = self.t + 6
        elif kind == "select":
            self.selected = c["track_id"]
            if self.selected is not None:
                await self.send(self.details(self.selected))
        elif kind in ("play", "pause"):
            self.playing = kind == "play"
        elif kind == "speed":
            self.speed = float(c["factor"])
        elif kind == "seek":
            self.t, self.following, self.playing = (float(c["time_utc_ns"]) - START) / 1e9, False, False
            await self.picture(True)
        elif kind == "follow":
            self.t, self.following, self.playing = self.latest, True, True
            await self.picture(True)
        await self.lists()
        await self.send(self.status())

    async def run(self) -> None:
        await self.send(hello(self.options.tiles is not None, self.options.mode))
        await self.picture(True)
        await self.lists()
        await self.send(self.status())
        step, at, seconds = self.options.step, time.monotonic(), 0
        while True:
            await asyncio.sleep(step)
            here = time.monotonic()
            spent, at = here - at, here
            if self.playing and self.t < LENGTH_S:
                self.t = min(LENGTH_S, self.t + spent * self.speed)
            if not self.following and self.t >= self.latest:
                self.following, self.playing = True, True
            self.latest = max(self.latest, self.t)
            while self.said < len(CAPTIONS) and CAPTIONS[self.said][0] <= self.latest:
                s, kind, text = CAPTIONS[self.said]
                self.said += 1
                await self.send(
                    {"type": "caption", "time_utc_ns": START + int(s * 1e9), "text": text, "kind": kind}
                )
            await self.picture(False)
            await self.lists()
            seconds += 1
            if seconds * step >= 1:
                seconds = 0
                await self.send(self.status())
                if self.selected is not None:
                    await self.send(self.details(self.selected))
            if self.t >= LENGTH_S and not self.finished:
                self.finished = True
                await self.send(
                    {"type": "finished", "summary": {"intruders": 2}, "dossier_url": "/api/dossier"}
                )


def application(options: argparse.Namespace) -> Starlette:
    async def console(socket: WebSocket) -> None:
        await socket.accept()
        session = Session(socket, Night(options.tracks), options)
        runner = asyncio.create_task(session.run())
        try:
            while True:
                message = await socket.receive()
                if message["type"] == "websocket.disconnect":
                    break
                data = message.get("bytes") or (message.get("text") or "").encode()
                await session.command(
                    msgspec.msgpack.decode(data) if message.get("bytes") else json.loads(data)
                )
        except WebSocketDisconnect:
            pass
        finally:
            runner.cancel()

    async def the_site(_: Any) -> Response:
        return JSONResponse(site(options.tiles is not None))

    async def dossier(_: Any) -> Response:
        return Response("no dossier here", status_code=404)

    async def index(_: Any) -> Response:
        return FileResponse(options.page / "index.html")

    routes: list[Any] = [
        WebSocketRoute("/ws", console),
        Route("/api/site", the_site),
        Route("/api/dossier", dossier),
        Route("/", index),
    ]
    if options.tiles is not None:
        routes.append(Mount("/tiles", StaticFiles(directory=options.tiles)))
    routes.append(Mount("/", StaticFiles(directory=options.page)))
    return Starlette(routes=routes)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--tracks", type=int, default=20)
    parser.add_argument("--tiles", type=pathlib.Path, default=None)
    parser.add_argument("--page", type=pathlib.Path, default=WEB.parent / "src/skykeep/webui")
    parser.add_argument("--mode", default="SIMULATION", choices=["SIMULATION", "REPLAY", "LIVE"])
    parser.add_argument("--step", type=float, default=0.5, help="seconds between pictures")
    parser.add_argument("--at", type=float, default=0.0, help="second of the night to start from")
    arguments = parser.parse_args()
    uvicorn.run(application(arguments), host="127.0.0.1", port=arguments.port, log_level="warning", ws="auto")
