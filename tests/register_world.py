"""A register that is served: an office over SQLite, an issuer of tokens, and made-up flights and verdicts."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import RSAKey

from skykeep.airspace.rules import AutoRules
from skykeep.api.interuss_geospatial import MapSettings
from skykeep.api.interuss_plan import PlanSettings
from skykeep.api.interuss_sources import SourceSettings
from skykeep.api.register_api import DssSettings, RegisterApiSettings, create_register_api
from skykeep.api.register_api_more import PermitMatch, TrackVerdict
from skykeep.api.register_api_scopes import RIGHTS, SCOPES
from skykeep.api.rid_flights import FlightState, OwnFlight
from skykeep.api.server import Server
from skykeep.api.tokens import TokenSettings
from skykeep.app.office import Office, OfficeSettings
from skykeep.base.clock import NS_PER_S, ManualClock, from_iso_utc
from skykeep.store.register import DatabaseRegister, open_register

NOW_UTC_NS = from_iso_utc("2031-05-03T02:14:07Z")
NOW_S = NOW_UTC_NS // NS_PER_S
ISSUER, AUDIENCE, AUTHORITY = "https://tokens.example", "sky.example", "city"
LONGEST_WAIT_S = 20.0
ALL_SCOPES = " ".join(sorted({scope for scopes in SCOPES.values() for scope in scopes} | set(RIGHTS)))
LON, LAT = 11.0, 47.0


def key(name: str = "issuer") -> RSAKey:
    return _made_key(name)


@functools.cache
def _made_key(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"})


def claims(scope: str = ALL_SCOPES, **changes: Any) -> dict[str, Any]:
    said = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "ada",
        "client_id": "ground-station",
        "scope": scope,
        "authority_id": AUTHORITY,
        "nbf": NOW_S - 10,
        "exp": NOW_S + 3_600,
    } | changes
    return {name: value for name, value in said.items() if value is not None}


def token(scope: str = ALL_SCOPES, signed_by: RSAKey | None = None, **changes: Any) -> str:
    signer = signed_by or key()
    return jwt.encode({"alg": "RS256", "kid": signer.kid}, claims(scope, **changes), signer)


def bearer(scope: str = ALL_SCOPES, **changes: Any) -> dict[str, str]:
    return {"authorization": f"Bearer {token(scope, **changes)}"}


def pem_file(folder: Path, name: str = "issuer") -> Path:
    file = folder / f"{name}.pem"
    file.write_bytes(key(name).as_pem(private=False))
    return file


def iso(after_s: float = 0.0) -> str:
    return datetime.fromtimestamp(NOW_S + after_s, UTC).isoformat().replace("+00:00", "Z")


class FakeFlights:
    """Flights that a test puts there."""

    def __init__(self) -> None:
        self.there: list[OwnFlight] = []

    def flights(self, now_utc_ns: int) -> Iterable[OwnFlight]:
        return list(self.there)


class FakeVerdicts:
    """Two tracks: 7 is a public flight, 8 a private one."""

    def verdict(self, track: str) -> TrackVerdict | None:
        if track not in ("7", "8"):
            return None
        match = PermitMatch(permit_id=f"P-{track}", probability=0.97, private=track == "8", owner="police")
        return TrackVerdict(
            track=track,
            time_utc_ns=NOW_UTC_NS,
            allowed=True,
            says="inside its permit",
            document=f"permit P-{track}",
            matches=(match,),
            private=track == "8",
            owner="police",
        )


def state(after_s: float, lon: float = LON, lat: float = LAT, **more: Any) -> FlightState:
    return FlightState(
        time_utc_ns=NOW_UTC_NS + round(after_s * NS_PER_S),
        longitude_deg=lon,
        latitude_deg=lat,
        height_hae_m=700.0,
        **more,
    )


def flight(name: str, *states: FlightState, private: bool = False, **more: Any) -> OwnFlight:
    return OwnFlight(
        flight_id=name, permit_id=f"P-{name}", states=states or (state(-1.0),), private=private, **more
    )


class World:
    """A server with all of it. `ask` sends as somebody whose token has every scope, unless told otherwise."""

    def __init__(self, url: str, register: DatabaseRegister, office: Office, clock: ManualClock) -> None:
        self.url = url.rstrip("/")
        self.register = register
        self.office = office
        self.clock = clock
        self.flights = FakeFlights()
        self.app: Any = None
        self._client = httpx.Client(trust_env=False, timeout=LONGEST_WAIT_S)

    def ask(self, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        headers = dict(more.pop("headers", None) or bearer(**more.pop("as_", {})))
        headers |= more.pop("also", {})
        if body is not None and not isinstance(body, bytes):
            return self._client.request(method, self.url + path, json=body, headers=headers, **more)
        if isinstance(body, bytes):
            headers.setdefault("content-type", "application/json")
        return self._client.request(method, self.url + path, content=body, headers=headers, **more)

    def close(self) -> None:
        self._client.close()


def settings(folder: Path, **changes: Any) -> RegisterApiSettings:
    said: dict[str, Any] = {
        "tokens": TokenSettings(issuer=ISSUER, audiences=(AUDIENCE,), key_files=(pem_file(folder),)),
        "map": MapSettings(restriction_sources={"ThisRegulator": ("*",)}, rule_sets=("Rules1",)),
        "sources": SourceSettings(http_from_this_machine=True),
        "plans": PlanSettings(contact="plans@uss.example", ground_hae_m=(600.0, 620.0)),
        "tests": True,
    }
    return RegisterApiSettings(**said | changes)


@contextmanager
def world(folder: Path, dss: DssSettings | None = None, **office: Any) -> Iterator[World]:
    """Serve a register; `office` is what its settings are otherwise."""
    clock = ManualClock(NOW_UTC_NS)
    register = open_register(folder / "register.sqlite")
    said = {"default_authority_id": AUTHORITY, "auto": {AUTHORITY: AutoRules()}} | office
    made = World("", register, Office(register, clock, OfficeSettings(**said)), clock)
    made.app = create_register_api(
        made.office, settings(folder, dss=dss), clock, flights=made.flights, verdicts=FakeVerdicts()
    )
    try:
        with Server(made.app) as server:
            made.url = server.url.rstrip("/")
            yield made
    finally:
        made.close()
        register.close()


def circle(
    radius_m: float = 200.0, lon: float = LON, lat: float = LAT, ceiling_m: float = 60.0
) -> dict[str, Any]:
    return {
        "outline": {"type": "circle", "longitude_deg": lon, "latitude_deg": lat, "radius_m": radius_m},
        "ceiling": {"value": ceiling_m},
    }


def scope(start_s: float = 600.0, end_s: float = 1_800.0, **place: Any) -> dict[str, Any]:
    return {
        "volumes": [{"volume": circle(**place), "start": iso(start_s), "end": iso(end_s)}],
        "serials": ["1AF49UL5CC5J6K"],
        "operator_ids": ["CHEo5kut30e0mt01-qwe"],
        "flight": {
            "operation_category": "Open",
            "operation_mode": "Vlos",
            "uas_class": "C0",
            "identification_technologies": ["ASTMNetRID"],
            "connectivity_methods": ["cellular"],
            "endurance_minutes": 30,
        },
    }


def application(**changes: Any) -> dict[str, Any]:
    return {"holder": "Ada", "contact": "ada@flights.example", "scope": scope()} | changes


def drawing(**changes: Any) -> dict[str, Any]:
    zone = {"restriction": "PROHIBITED", "volumes": [circle(radius_m=1_000.0)]}
    return {"title": "Parade", "reason": "a parade", "zone": zone} | changes


def act(served: World, path: str, body: Any = None, tag: str | None = None, **more: Any) -> httpx.Response:
    tag = served.ask("GET", path.rpartition("/")[0]).headers["etag"] if tag is None else tag
    return served.ask("POST", path, body, also={"if-match": tag} | more.pop("also", {}), **more)


def ed269(*names: str) -> bytes:
    features = [
        {
            "identifier": name,
            "country": "ZZZ",
            "name": f"Zone {name}",
            "type": "COMMON",
            "restriction": "REQ_AUTHORISATION",
            "reason": ["AIR_TRAFFIC"],
            "applicability": [{"permanent": "YES"}],
            "zoneAuthority": [{"name": "CAA", "purpose": "AUTHORIZATION"}],
            "geometry": [
                {
                    "uomDimensions": "M",
                    "lowerLimit": 0,
                    "lowerVerticalReference": "AGL",
                    "upperLimit": 120,
                    "upperVerticalReference": "AGL",
                    "horizontalProjection": {"type": "Circle", "center": [LON, LAT], "radius": 300},
                }
            ],
        }
        for name in names
    ]
    return json.dumps({"title": "zones", "features": features}).encode()
