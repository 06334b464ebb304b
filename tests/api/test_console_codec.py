"""Frames to commands: every bad one is a DecodeError that names the field and its bound."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_night import hello
from skykeep.api import alert_commands as ac
from skykeep.api import commands as c
from skykeep.api import messages as m
from skykeep.api.codec import (
    COMMAND_NAMES,
    Format,
    decode_command,
    name_of_command,
    to_json,
    to_msgpack,
)
from skykeep.api.register_commands import MOST_CORNERS, Drawn, DrawnCircle, DrawnHours
from skykeep.base.errors import DecodeError
from skykeep.domain.sensing import Credibility, Reliability

CIRCLE = {"lon": 1, "lat": 2, "radius_m": 300}
DRAWN = {
    "title": "t",
    "polygon": [[1, 2], [3, 4], [5, 6]],
    "ceiling_m": 120,
    "end_utc_ns": "1935000000123456789",
    "hours": [{"weekdays": [5, 6], "from_s": 3600, "to_s": None}],
}

GOOD: dict[str, tuple[dict[str, Any], c.Command]] = {
    "acknowledge": ({"alert_id": "a", "by": "b"}, c.Acknowledge(alert_id="a", by="b")),
    "approve": (
        {"proposal_id": "p", "option_id": "o", "by": "b"},
        c.Approve(proposal_id="p", option_id="o", by="b"),
    ),
    "refuse": (
        {"proposal_id": "p", "by": "b", "reason": "r"},
        c.Refuse(proposal_id="p", by="b", reason="r"),
    ),
    "propose": ({"alert_id": "a", "by": "b"}, c.Propose(alert_id="a", by="b")),
    "withdraw": (
        {"proposal_id": "p", "by": "b", "reason": "r", "proof": "s"},
        c.Withdraw(proposal_id="p", by="b", reason="r", proof="s"),
    ),
    "take_back": (
        {"proposal_id": "p", "by": "b", "reason": "r"},
        c.TakeBack(proposal_id="p", by="b", reason="r"),
    ),
    "task_done": ({"task_id": "t", "by": "b"}, c.TaskDone(task_id="t", by="b")),
    "correlate": (
        {"track_id": 2, "other_track_id": 1, "by": "b", "reason": "r"},
        c.Correlate(track_id=2, other_track_id=1, by="b", reason="r"),
    ),
    "decorrelate": (
        {"track_id": 2, "claimed_id": "X1", "by": "b", "reason": "r"},
        c.Decorrelate(track_id=2, claimed_id="X1", by="b", reason="r"),
    ),
    "rename": ({"track_id": 2, "name": "n", "by": "b"}, c.Rename(track_id=2, name="n", by="b")),
    "lift": ({"order_id": "o", "by": "b"}, c.Lift(order_id="o", by="b")),
    "use_again": (
        {"source_id": "s", "by": "b", "reason": "r"},
        c.UseAgain(source_id="s", by="b", reason="r"),
    ),
    "grade": (
        {"sensor_id": "s", "sequence": 1, "reliability": "B", "credibility": 2, "by": "b"},
        c.Grade(
            sensor_id="s",
            sequence=1,
            reliability=Reliability.USUALLY,
            credibility=Credibility.PROBABLY_TRUE,
            by="b",
        ),
    ),
    "assign": ({"alert_id": "a", "to": "p", "by": "b"}, ac.Assign(alert_id="a", to="p", by="b")),
    "shelve": (
        {"alert_id": "a", "for_s": 60, "by": "b", "reason": "r"},
        ac.Shelve(alert_id="a", for_s=60.0, by="b", reason="r"),
    ),
    "unshelve": ({"alert_id": "a", "by": "b"}, ac.Unshelve(alert_id="a", by="b")),
    "escalate": (
        {"alert_id": "a", "by": "b", "reason": "r"},
        ac.Escalate(alert_id="a", by="b", reason="r"),
    ),
    "clear": ({"alert_id": "a", "by": "b", "reason": "r"}, ac.ClearAway(alert_id="a", by="b", reason="r")),
    "decide_permit": (
        {"permit_id": "p", "version": 2, "action": "deny", "by": "b", "reason": "r"},
        c.DecidePermit(permit_id="p", version=2, action="deny", by="b", reason="r"),
    ),
    "draw_restriction": (
        {"drawn": DRAWN, "by": "b", "reason": "r"},
        c.DrawRestriction(
            drawn=Drawn(
                title="t",
                polygon=((1.0, 2.0), (3.0, 4.0), (5.0, 6.0)),
                ceiling_m=120.0,
                end_utc_ns="1935000000123456789",
                hours=(DrawnHours(weekdays=(5, 6), from_s=3_600.0),),
            ),
            by="b",
            reason="r",
        ),
    ),
    "amend_restriction": (
        {
            "restriction_id": "r",
            "version": 1,
            "drawn": {"title": "t", "circle": CIRCLE},
            "by": "b",
            "reason": "r",
        },
        c.AmendRestriction(
            restriction_id="r",
            version=1,
            drawn=Drawn(title="t", circle=DrawnCircle(lon=1.0, lat=2.0, radius_m=300.0)),
            by="b",
            reason="r",
        ),
    ),
    "sign_restriction": (
        {"restriction_id": "r", "version": 1, "by": "b"},
        c.SignRestriction(restriction_id="r", version=1, by="b"),
    ),
    "cancel_restriction": (
        {"restriction_id": "r", "version": 1, "by": "b", "reason": "r"},
        c.CancelRestriction(restriction_id="r", version=1, by="b", reason="r"),
    ),
    "emergency_ring": (
        {"track_id": 7, "radius_m": None, "by": "b"},
        c.EmergencyRing(track_id=7, by="b"),
    ),
    "task_take": ({"task_id": "t", "by": "b"}, c.TaskTake(task_id="t", by="b")),
    "call_off_task": (
        {"task_id": "t", "by": "b", "reason": "r"},
        c.TaskCallOff(task_id="t", by="b", reason="r"),
    ),
    "set_posture": (
        {"level": None, "by": "b", "reason": "r", "until_utc_ns": "1935000000123456789"},
        c.PostureSet(level=None, by="b", reason="r", until_utc_ns="1935000000123456789"),
    ),
    "set_occupancy": (
        {"asset": "a", "by": "b", "principal_present": False, "sure_percent": 80},
        c.OccupancySet(asset="a", by="b", principal_present=False, sure_percent=80),
    ),
    "play": ({}, c.Play()),
    "pause": ({}, c.Pause()),
    "speed": ({"factor": 0.25}, c.Speed(factor=0.25)),
    "select": ({"track_id": None}, c.Select(track_id=None)),
    "seek": ({"time_utc_ns": "1935000000123456789"}, c.Seek(time_utc_ns="1935000000123456789")),
    "follow": ({}, c.Follow()),
}


def frame(value: Any, form: Format) -> bytes:
    return json.dumps(value).encode() if form == "json" else msgspec.msgpack.encode(value)


@pytest.mark.parametrize("form", ["json", "msgpack"])
@pytest.mark.parametrize("name", COMMAND_NAMES)
def test_every_command_of_the_protocol_is_understood(name: str, form: Format) -> None:
    fields, must = GOOD[name]

    assert decode_command(frame({"type": name} | fields, form), form) == must


@pytest.mark.parametrize("form", ["json", "msgpack"])
@pytest.mark.parametrize(
    "time_utc_ns", [1_935_000_000_123_456_768, 1.935000000123456768e18, "1935000000123456768"]
)
def test_a_moment_may_be_written_three_ways(time_utc_ns: float | str, form: Format) -> None:
    command = decode_command(frame({"type": "seek", "time_utc_ns": time_utc_ns}, form), form)

    assert isinstance(command, c.Seek)
    assert command.moment_utc_ns() == 1_935_000_000_123_456_768


BAD: dict[str, tuple[Any, str, str]] = {
    "faster than allowed": ({"type": "speed", "factor": 33}, "factor", "float <= 32.0"),
    "slower than allowed": ({"type": "speed", "factor": 0}, "factor", "float >= 0.25"),
    "a number as text": ({"type": "speed", "factor": "2"}, "factor", "float"),
    "no factor": ({"type": "speed"}, "factor", "given"),
    "a field of another command": ({"type": "play", "by": "me"}, "by", "left out"),
    "no such command": ({"type": "fire"}, "type", "one of acknowledge"),
    "no type": ({"alert_id": "a"}, "type", "given"),
    "a track's name too long": (
        {"type": "rename", "track_id": 1, "name": "n" * 41, "by": "b"},
        "name",
        "<= 40",
    ),
    "a track without a name": ({"type": "rename", "track_id": 1, "name": "", "by": "b"}, "name", ">= 1"),
    "an order by nobody": ({"type": "lift", "order_id": "o"}, "by", "given"),
    "a list": ([1, 2], "message", "object"),
    "an empty name": ({"type": "acknowledge", "alert_id": "", "by": "b"}, "alert_id", "length >= 1"),
    "a name too long": (
        {"type": "acknowledge", "alert_id": "a" * 101, "by": "b"},
        "alert_id",
        "length <= 100",
    ),
    "a track below zero": ({"type": "select", "track_id": -1}, "track_id", ">= 0"),
    "a track that is a list": ({"type": "select", "track_id": [1]}, "track_id", "int | null"),
    "a moment before time": ({"type": "seek", "time_utc_ns": -1}, "time_utc_ns", ">= 0"),
    "a moment that is prose": ({"type": "seek", "time_utc_ns": "noon"}, "time_utc_ns", "matching"),
    "an essay": (
        {"type": "refuse", "proposal_id": "p", "by": "b", "reason": "x" * 1001},
        "reason",
        "<= 1000",
    ),
    "a ban of two corners": (
        {
            "type": "draw_restriction",
            "drawn": DRAWN | {"polygon": [[1, 2], [3, 4]]},
            "by": "b",
            "reason": "r",
        },
        "drawn.polygon",
        "length >= 3",
    ),
    "a ban of too many corners": (
        {
            "type": "draw_restriction",
            "drawn": DRAWN | {"polygon": [[1, 2]] * (MOST_CORNERS + 1)},
            "by": "b",
            "reason": "r",
        },
        "drawn.polygon",
        f"length <= {MOST_CORNERS}",
    ),
    "a radius of nothing": (
        {
            "type": "draw_restriction",
            "drawn": {"title": "t", "circle": CIRCLE | {"radius_m": 0}},
            "by": "b",
            "reason": "r",
        },
        "drawn.circle.radius_m",
        "> 0",
    ),
    "a decision on no version": (
        {"type": "decide_permit", "permit_id": "p", "action": "deny", "by": "b"},
        "version",
        "given",
    ),
    "a decision that there is not": (
        {"type": "decide_permit", "permit_id": "p", "version": 1, "action": "burn", "by": "b"},
        "action",
        "as the protocol says",
    ),
    "a very long frame": ({"type": "refuse", "reason": "x" * 20_000}, "message", "at most 16,384"),
}


@pytest.mark.parametrize("form", ["json", "msgpack"])
@pytest.mark.parametrize("story", BAD)
def test_a_bad_command_is_refused_by_field_and_bound(story: str, form: Format) -> None:
    value, field, must = BAD[story]
    with pytest.raises(DecodeError) as refusal:
        decode_command(frame(value, form), form)

    assert refusal.value.field == field
    assert must in refusal.value.must


@pytest.mark.parametrize(
    ("form", "data"),
    [
        ("json", b"[" * 4000),
        ("json", b'{"a":' * 800),
        ("json", b'{"type":"speed","factor":NaN}'),
        ("json", b'{"type":"speed","factor":1e999}'),
        ("json", b"\xed\xb2\x80"),
        ("msgpack", b"\x91" * 4000),
        ("msgpack", b"\xdd\xff\xff\xff\xff"),
        ("msgpack", b"\x82\xa1a\xdd\xff\xff\xff\xff"),
        ("msgpack", b"\x81\xa4type\xc6\xff\xff\xff\xff"),
        ("msgpack", b"\x82\xa4type\xa5speed\xa6factor\xcb\x7f\xf8\0\0\0\0\0\0"),
        ("msgpack", b""),
    ],
)
def test_bombs_are_refused(form: Format, data: bytes) -> None:
    with pytest.raises(DecodeError):
        decode_command(data, form)
    assert name_of_command(data, form) in ("?", "speed")


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
FIELDS = (
    "type",
    "alert_id",
    "by",
    "proposal_id",
    "option_id",
    "reason",
    "task_id",
    "track_id",
    "factor",
    "time_utc_ns",
)
almost = st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(COMMAND_NAMES) | values, max_size=4)


@given(st.binary(max_size=300) | (almost | values).map(msgspec.msgpack.encode))
def test_any_bytes_are_a_command_or_a_refusal(data: bytes) -> None:
    forms: tuple[Format, Format] = ("json", "msgpack")
    for form in forms:
        try:
            command = decode_command(data, form)
        except DecodeError as error:
            said = str(error) + name_of_command(data, form)
        else:
            said = type(command).__name__
        assert 0 < len(said) < 500


def test_a_time_in_json_keeps_its_last_digit() -> None:
    text = json.loads(to_json(hello()))

    assert text["start_utc_ns"] == "1935000000123456789"
    assert msgspec.msgpack.decode(to_msgpack(hello()))["start_utc_ns"] == 1_935_000_000_123_456_789


def times_as_numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: int(item) if key.endswith("_utc_ns") and item is not None else times_as_numbers(item)
            for key, item in value.items()
        }
    return [times_as_numbers(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    "message",
    [
        hello(),
        m.Caption(time_utc_ns=5, text="«Привет» مرحبا", kind="event"),
        m.Refused(command="play", why="because"),
        m.Finished(
            summary={"seed": 1, "warning_s": [20.5, None], "log": {"verified": True}}, dossier_url=None
        ),
    ],
    ids=lambda message: type(message).__name__,
)
def test_json_says_what_msgpack_says(message: m.ServerMessage) -> None:
    assert times_as_numbers(json.loads(to_json(message))) == msgspec.msgpack.decode(to_msgpack(message))
