"""Network Remote ID of our own flights: what display providers and observers are told, and the DSS behind."""

from __future__ import annotations

import http.server
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from loopback import serving
from register_world import LAT, LON, NOW_UTC_NS, World, bearer, flight, iso, state, world
from skykeep.api.register_api import DssSettings
from skykeep.api.rid_display import clusters_of
from skykeep.api.rid_dss import Dss
from skykeep.api.rid_flights import runs_in, view_of
from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import LinkError, SetupError
from skykeep.domain.zone import Circle
from skykeep.wire.remoteid_network import decode_answer

UUID = "03e5572a-f733-49af-bc14-8a18bd53ee39"
VIEW = f"{LAT - 0.004},{LON - 0.004},{LAT + 0.004},{LON + 0.004}"
WIDE = f"{LAT - 0.02},{LON - 0.02},{LAT + 0.02},{LON + 0.02}"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


def test_a_flight_is_told_as_our_own_reader_understands_it(served: World) -> None:
    moving = state(-1.0, course_deg=359.6, speed_mps=12.1, climb_mps=-1.25, horizontal_sigma_m=4.0)
    served.flights.there = [
        flight(
            "f-1",
            state(-50.0, lon=LON + 0.001),
            moving,
            serial="1AF49UL5CC5J6K",
            operator_id="CHEo5kut30e0mt01",
        )
    ]
    answer = served.ask("GET", f"/rid/uss/flights?view={VIEW}&recent_positions_duration=60")
    (read,), _, errors = decode_answer(answer.content)
    assert errors == []
    assert read.current_state is not None
    assert read.current_state.position.accuracy_h == "HA10m"
    said = answer.json()["flights"][0]
    assert said["current_state"]["timestamp"] == {"value": "2031-05-03T02:14:06.000000Z", "format": "RFC3339"}
    assert [said["current_state"][name] for name in ("track", "speed", "vertical_speed")] == [0, 12.0, -1.2]
    assert len(said["recent_positions"]) == 2
    details = served.ask("GET", "/rid/uss/flights/f-1/details")
    _, (named,), errors = decode_answer(details.content)
    assert (errors, named.operator_id) == ([], "CHEo5kut30e0mt01")


def test_what_is_not_known_is_said_by_the_standards_words(served: World) -> None:
    served.flights.there = [flight("f-1")]
    current = served.ask("GET", f"/rid/uss/flights?view={VIEW}").json()["flights"][0]["current_state"]
    assert (current["track"], current["speed"], current["vertical_speed"]) == (361.0, 255.0, 63.0)
    assert current["position"]["accuracy_h"] == "HAUnknown"


def test_what_is_old_or_elsewhere_is_not_shown(served: World) -> None:
    served.flights.there = [
        flight("old", state(-61.0)), flight("far", state(-1.0, lat=LAT + 1)), flight("left", state(-30.0),
        state(-1.0, lat=LAT + 0.01)),
    ]  # fmt: skip
    shown = served.ask("GET", f"/rid/uss/flights?view={VIEW}").json()["flights"]
    assert [each["id"] for each in shown] == ["left"]


VIEWS = {
    "1,2,3": 400, "a,b,c,d": 400, "91,0,92,0": 400, "nan,0,1,1": 400, "inf,0,1,1": 400, "": 400,
    f"{LAT},{LON},{LAT + 0.064},{LON}": 413, f"{LAT},{LON},{LAT + 0.0625},{LON}": 200,
}  # fmt: skip


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("path", ["/rid/uss/flights", "/riddp/display_data"])
def test_a_view_has_its_bounds(served: World, path: str, view: str) -> None:
    assert served.ask("GET", f"{path}?view={view}").status_code == VIEWS[view]


def test_a_private_flight_is_nowhere_for_those_not_entitled(served: World) -> None:
    served.flights.there = [flight("raid", private=True, owner="police"), flight("parcel")]
    for scopes, seen in (("skykeep.private.read", ["parcel", "raid"]), ("", ["parcel"])):
        headers = bearer(f"{scopes} rid.display_provider dss.read.identification_service_areas")
        shown = served.ask("GET", f"/rid/uss/flights?view={VIEW}", headers=headers).json()["flights"]
        assert [each["id"] for each in shown] == seen
        shown = served.ask("GET", f"/riddp/display_data?view={VIEW}", headers=headers).json()["flights"]
        assert [each["id"] for each in shown] == seen
        (cluster,) = served.ask("GET", f"/riddp/display_data?view={WIDE}", headers=headers).json()["clusters"]
        assert cluster["number_of_flights"] == len(seen)


def test_from_afar_only_clusters_are_shown() -> None:
    view = view_of(WIDE)
    (cluster,) = clusters_of([state(0.0), state(0.0, lon=LON + 0.001)], view, b"salt")
    (south, west), (north, east) = [(corner["lat"], corner["lng"]) for corner in cluster["corners"]]
    assert south < LAT - 0.0026
    assert north > LAT + 0.0026
    assert west < LON - 0.003
    assert east > LON + 0.003
    assert cluster["area_sqm"] >= 0.15 * view.area_m2
    assert clusters_of([], view) == []


def test_a_path_keeps_one_state_outside_at_each_crossing() -> None:
    inside, outside = LAT, LAT + 0.01
    states = [state(float(n), lat=lat) for n, lat in enumerate(
        (outside, outside, inside, inside, outside, outside, outside, inside, outside)
    )]  # fmt: skip
    runs = runs_in(flight("f", *states), view_of(VIEW))
    assert [[round((each.time_utc_ns - NOW_UTC_NS) / NS_PER_S) for each in run] for run in runs] == [
        [1, 2, 3, 4], [6, 7, 8],
    ]  # fmt: skip


def test_body(**changes: Any) -> dict[str, Any]:
    telemetry = {
        "timestamp": iso(-1), "timestamp_accuracy": 0.2, "operational_status": "Airborne",
        "position": {"lat": LAT, "lng": LON, "alt": 700.0, "accuracy_h": "HA3m", "accuracy_v": "VA10m"},
        "track": 90.0, "speed": 5.0, "speed_accuracy": "SA1mps", "vertical_speed": 0.5,
    } | changes  # fmt: skip
    details = {"effective_after": iso(-60), "details": {"id": "made-up", "serial_number": "1AF49UL5CC5J6K"}}
    return {"requested_flights": [
        {"injection_id": UUID, "telemetry": [telemetry], "details_responses": [details],
         "aircraft_type": "Helicopter"}
    ]}  # fmt: skip


test_body.__test__ = False  # type: ignore[attr-defined]


def test_an_injected_flight_is_shown_as_simulated_and_taken_out(served: World) -> None:
    put = served.ask("PUT", f"/ridsp/tests/{UUID}", test_body())
    assert put.json()["injected_flights"][0]["injection_id"] == UUID
    assert served.ask("PUT", f"/ridsp/tests/{UUID}", test_body()).status_code == 409
    (shown,) = served.ask("GET", f"/rid/uss/flights?view={VIEW}").json()["flights"]
    assert (shown["id"], shown["simulated"], shown["aircraft_type"]) == ("made-up", True, "Helicopter")
    current = shown["current_state"]
    assert [current["position"][name] for name in ("accuracy_h", "accuracy_v")] == ["HA3m", "VA10m"]
    assert (current["speed_accuracy"], current["timestamp_accuracy"]) == ("SA1mps", 0.2)
    assert served.ask("GET", "/riddp/display_data/made-up").json()["uas"] == {"id": "1AF49UL5CC5J6K"}
    assert served.ask("GET", "/ridsp/user_notifications").json() == {"user_notifications": []}

    path = f"/ridsp/tests/{UUID}/{put.json()['version']}"
    assert served.ask("DELETE", f"/ridsp/tests/{UUID}/x").status_code == 404
    assert served.ask("DELETE", path).status_code == 200
    assert served.ask("GET", f"/rid/uss/flights?view={VIEW}").json()["flights"] == []


def test_a_flight_that_lacks_something_is_told_to_its_user(served: World) -> None:
    served.ask("PUT", f"/ridsp/tests/{UUID}", test_body(speed=None, position={"lat": LAT}))
    query = f"after={iso(-1)}&before={iso(1)}"
    (told,) = served.ask("GET", f"/ridsp/user_notifications?{query}").json()["user_notifications"]
    assert told["message"].endswith("it lacks speed, position.lng, position.alt.")
    later = served.ask("GET", f"/ridsp/user_notifications?after={iso(1)}").json()
    assert later == {"user_notifications": []}
    assert served.ask("GET", "/ridsp/user_notifications?after=soon").status_code == 422


class FakeDss:
    """Areas by id with their versions, as a DSS keeps them; it forgets what it is told to."""

    def __init__(self) -> None:
        self.areas: dict[str, int] = {}
        self.subscriber = ""
        self.told: list[Any] = []
        self.url = ""


@contextmanager
def dss() -> Iterator[FakeDss]:
    fake = FakeDss()

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            body = json.loads(self.rfile.read(length) or b"null")
            path = self.path.partition("?")[0]
            parts = path.removeprefix("/rid/v2/dss/identification_service_areas").strip("/").split("/")
            if path.startswith("/uss/"):
                fake.told.append(body)
                return self.say(204, None)
            area_id, version = parts[0], parts[1] if len(parts) > 1 else None
            held = fake.areas.get(area_id)
            if self.command == "GET" and not area_id:
                return self.say(200, {"service_areas": [self.area(each) for each in fake.areas]})
            if self.command == "PUT":
                if (held is None) != (version is None) or (held is not None and version != f"v{held}"):
                    return self.say(409, {"message": "another version"})
                fake.areas[area_id] = (held or 0) + 1
            elif held is None:
                return self.say(404, {"message": "no such area"})
            elif self.command == "DELETE" and version != f"v{held}":
                return self.say(409, {"message": "another version"})
            said: dict[str, Any] = {"service_area": self.area(area_id)}
            if self.command != "GET":
                subscriptions = [{"subscription_id": UUID, "notification_index": 1}]
                said["subscribers"] = [{"url": fake.subscriber, "subscriptions": subscriptions}]
            if self.command == "DELETE":
                del fake.areas[area_id]
            return self.say(200, said)

        def area(self, area_id: str) -> dict[str, Any]:
            return {"id": area_id, "version": f"v{fake.areas[area_id]}", "owner": "us", "uss_base_url": "x"}

        def say(self, status: int, body: Any) -> None:
            data = b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_PUT = do_POST = do_DELETE = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.url = fake.subscriber = f"http://127.0.0.1:{server.server_port}"
    with serving(server):
        yield fake


CIRCLE = Circle(longitude_deg=LON, latitude_deg=LAT, radius_m=500.0)


def put(client: Dss, area_id: str = UUID) -> Any:
    return client.put_area(area_id, CIRCLE, (600.0, 800.0), NOW_UTC_NS, NOW_UTC_NS + NS_PER_S)


def test_an_area_is_made_changed_and_deleted_and_subscribers_are_told() -> None:
    with dss() as fake:
        client = Dss(fake.url, "https://sky.example/rid")
        assert put(client).told == (fake.url,)
        put(client)
        assert client.areas == {UUID: "v2"}
        assert [area.id for area in client.areas_in(view_of(VIEW), NOW_UTC_NS, NOW_UTC_NS)] == [UUID]
        assert client.delete_area(UUID).area is not None
        assert (fake.areas, client.areas) == ({}, {})
    assert [("service_area" in told, "extents" in told) for told in fake.told] == [
        (True, True), (True, True), (False, False),
    ]  # fmt: skip
    assert fake.told[0]["service_area"]["time_end"]["format"] == "RFC3339"


def test_an_area_stays_deletable_by_its_id_alone_even_expired() -> None:
    with dss() as fake:
        put(Dss(fake.url, "https://sky.example/rid"))
        another = Dss(fake.url, "https://sky.example/rid")  # after a restart: no version is held
        assert another.delete_area(UUID).area is not None
        # Expired and forgotten by the DSS, or changed by another of us: deleted all the same.
        put(another)
        fake.areas.clear()
        assert another.delete_area(UUID).area is None
        assert another.areas == {}
        put(another)
        fake.areas[UUID] = 7
        assert another.delete_area(UUID).area is not None


def test_what_goes_wrong_with_a_dss_is_said() -> None:
    with pytest.raises(SetupError):
        Dss("http://dss.example", "https://sky.example")
    with pytest.raises(LinkError):
        put(Dss("http://127.0.0.1:1", "https://sky.example"))
    with dss() as fake:
        fake.subscriber = "http://elsewhere.example"
        told = put(Dss(fake.url, "https://sky.example"))
        assert (told.told, len(told.not_told)) == ((), 1)


def test_an_injected_test_is_declared_and_taken_back(tmp_path: Path) -> None:
    with (
        dss() as fake,
        world(tmp_path, dss=DssSettings(url=fake.url, own_url="https://sky.example/rid")) as served,
    ):
        version = served.ask("PUT", f"/ridsp/tests/{UUID}", test_body()).json()["version"]
        assert fake.areas == {UUID: 1}
        fake.areas.clear()  # it expires
        assert served.ask("DELETE", f"/ridsp/tests/{UUID}/{version}").status_code == 200
        assert served.ask("GET", f"/rid/uss/flights?view={VIEW}").json()["flights"] == []


def test_a_notice_of_an_area_is_taken(served: World) -> None:
    body = {"subscriptions": [{"subscription_id": UUID, "notification_index": 3}]}
    assert served.ask("POST", f"/rid/uss/identification_service_areas/{UUID}", body).status_code == 204
