"""The register over HTTP: one application with every interface to who may fly, for a port of its own.

| under | is |
|---|---|
| `/v1` | our own API: zones, restrictions, permits, subscriptions, verdicts |
| `/geospatial_map`, `/flight_planning` | InterUSS's automated testing interfaces |
| `/rid`, `/riddp`, `/ridsp` | network Remote ID: service provider, display provider, injection of tests |

Nothing of the console is here. Whoever asks has a token (tokens.py) whose scope is in the table
(register_api_scopes.py); only `/v1/openapi.json` is for everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from skykeep.api.interuss_flight_planning import FlightPlanning
from skykeep.api.interuss_geospatial import GeospatialMap, MapSettings
from skykeep.api.interuss_plan import PlanSettings
from skykeep.api.interuss_sources import DataSources, SourceSettings
from skykeep.api.register_api_answers import Answer, Call, Endpoint, Problem
from skykeep.api.register_api_http import Desk, problems
from skykeep.api.register_api_more import SubscriptionDoor, VerdictDoor, VerdictSource
from skykeep.api.register_api_openapi import openapi_document
from skykeep.api.register_api_permits import PermitDoor
from skykeep.api.register_api_restrictions import RestrictionDoor
from skykeep.api.register_api_scopes import SCOPES, named, rights_of
from skykeep.api.register_api_zones import ZoneDoor
from skykeep.api.rid_display import DisplayProvider
from skykeep.api.rid_dss import Dss
from skykeep.api.rid_flights import FlightSource
from skykeep.api.rid_injection import AllFlights, Injection
from skykeep.api.rid_provider import ServiceProvider
from skykeep.api.tokens import Gatekeeper, TokenSettings
from skykeep.app.office import Office
from skykeep.base.clock import Clock
from skykeep.base.errors import SetupError
from skykeep.store.register import DatabaseRegister


class DssSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The DSS that is told where we provide identification; `own_url` is where `/rid` is reached."""

    url: str
    own_url: str
    token_file: Path | None = None


class RegisterApiSettings(msgspec.Struct, frozen=True, kw_only=True):
    """`tokens` has no default: without keys nobody is let in. `scope_names` gives the issuer's names for our
    scopes where they differ. `tests` opens what makes things up (injected flights, zones of a test), and
    `plans` the flight planning interface; without them those endpoints are not there.
    """

    tokens: TokenSettings
    scope_names: Mapping[str, str] = {}
    map: MapSettings = MapSettings()
    sources: SourceSettings = SourceSettings()
    plans: PlanSettings | None = None
    dss: DssSettings | None = None
    tests: bool = False


TEST_PATHS = ("/ridsp/", "/geospatial_map/geospatial_data_sources", "/flight_planning/clear_area_requests")


def create_register_api(
    office: Office,
    settings: RegisterApiSettings,
    clock: Clock,
    *,
    flights: FlightSource | None = None,
    verdicts: VerdictSource | None = None,
) -> Starlette:
    """Return the application. SetupError when nobody could be let in, or the register is in no database."""
    gatekeeper = Gatekeeper(settings.tokens, rights_of(settings.scope_names), clock)
    endpoints = _endpoints(office, settings, flights, verdicts)
    scopes = {key: named(words, settings.scope_names) for key, words in SCOPES.items()}
    desk = Desk(gatekeeper, scopes, clock.now_utc_ns)
    served = [*endpoints, _document(endpoints, scopes)]
    routes = [
        Route(endpoint.path, desk.serve(endpoint), methods=[endpoint.method], name=endpoint.name)
        for endpoint in served
    ]
    app = Starlette(routes=routes, exception_handlers={HTTPException: _not_here})
    app.state.desk = desk
    app.state.endpoints = tuple(served)
    return app


def _endpoints(
    office: Office,
    settings: RegisterApiSettings,
    flights: FlightSource | None,
    verdicts: VerdictSource | None,
) -> list[Endpoint]:
    register = office.register
    if not isinstance(register, DatabaseRegister):
        raise SetupError("the register's API needs a register in a database")
    zones = ZoneDoor(register)
    dss = None
    if settings.dss is not None:
        dss = Dss(settings.dss.url, settings.dss.own_url, settings.dss.token_file)
    injection = Injection(dss)
    sources = [source for source in (flights, injection if settings.tests else None) if source is not None]
    seen = AllFlights(*sources)
    found = [
        *zones.endpoints(),
        *RestrictionDoor(office).endpoints(),
        *PermitDoor(office).endpoints(),
        *SubscriptionDoor(office).endpoints(),
        *GeospatialMap(zones.zones_at, DataSources(settings.sources), settings.map).endpoints(),
        *ServiceProvider(seen).endpoints(),
        *DisplayProvider(seen).endpoints(),
        *injection.endpoints(),
    ]
    if verdicts is not None:
        found += VerdictDoor(verdicts).endpoints()
    if settings.plans is not None:
        found += FlightPlanning(office, settings.plans).endpoints()
    return [each for each in found if settings.tests or not each.path.startswith(TEST_PATHS)]


def _document(endpoints: Iterable[Endpoint], scopes: Mapping[tuple[str, str], frozenset[str]]) -> Endpoint:
    data = msgspec.json.encode(openapi_document(endpoints, scopes))
    handler: Callable[[Call], Answer] = lambda _: Answer(body=data, headers={"cache-control": "no-cache"})  # noqa: E731
    return Endpoint(
        method="GET",
        path="/v1/openapi.json",
        name="openapi",
        says="This document.",
        handler=handler,
    )


async def _not_here(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    problem = Problem("address", f"{request.method} {request.url.path}"[:200], "one that is served here")
    return problems(error.status_code, (problem,), error.headers)
