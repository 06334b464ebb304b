"""The geospatial map as InterUSS's automated testing drives it (interface 0.2.3): is there a zone that ...?

| `resulting_operational_impact` | chosen are zones that are |
|---|---|
| Block | PROHIBITED, REQ_AUTHORISATION or USPACE: no flight without a permit |
| Advise | CONDITIONAL: a flight under conditions, which its operator is told |
| BlockOrAdvise | any of those |

NO_RESTRICTION has neither. `filter_sets` are OR-ed, the members of one are AND-ed. A member that we do not
know, a source or a rule set that nobody named to us is UnsupportedFilter, never Absent: a filter that was not
applied must not look like a free sky. What is wrong in one check is that check's Error and no other's.

Asked are the zones in force by publication now, and those of the data sources that a test had us load. The
latter are kept in memory, for the map alone: nothing that a test brings is ever judged by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from skykeep import __version__
from skykeep.api.interuss_overlap import ANYWHERE, Ground, in_force_within, shares
from skykeep.api.interuss_places import Altitude, LatLngPoint, Place, Volume4DBody, limit_of, place_of
from skykeep.api.interuss_sources import DataSources
from skykeep.api.register_api_answers import Answer, Call, Endpoint
from skykeep.api.register_api_http import decoded
from skykeep.api.register_api_places import Time, utc_ns
from skykeep.base.errors import InputError
from skykeep.domain.zone import Circle, Restriction, Zone

API_NAME = "Geospatial Map Provider Automated Testing Interface"
API_VERSION = "v0.2.3"
IMPACTS: Mapping[Restriction, str] = {
    Restriction.PROHIBITED: "Block",
    Restriction.REQ_AUTHORISATION: "Block",
    Restriction.USPACE: "Block",
    Restriction.CONDITIONAL: "Advise",
}
MOST_CHECKS, MOST_FILTER_SETS, MOST_VOLUMES = 200, 50, 100

ZonesAt = Callable[[int], Iterable[Zone]]


class MapSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How the words of a test are ours: `restriction_sources` gives for its name of a source those of ours
    (`*` is every one), `rule_sets` are the sets of rules that the zones apply to.
    """

    restriction_sources: Mapping[str, tuple[str, ...]] = {}
    rule_sets: tuple[str, ...] = ()
    ground: Ground = ANYWHERE


class PositionBody(msgspec.Struct, frozen=True):
    location: LatLngPoint
    altitude: Altitude | None = None


class Ed269Filters(msgspec.Struct, frozen=True):
    u_space_class: Annotated[str, Meta(max_length=100)] | None = None
    acceptable_restrictions: tuple[Restriction, ...] | None = None


class FilterSet(msgspec.Struct, frozen=True):
    position: PositionBody | None = None
    volumes4d: Annotated[tuple[Volume4DBody, ...], Meta(max_length=MOST_VOLUMES)] | None = None
    after: Time | None = None
    before: Time | None = None
    restriction_source: str | None = None
    operation_rule_set: str | None = None
    resulting_operational_impact: Annotated[str, Meta(pattern="^(Block|Advise|BlockOrAdvise)$")] | None = None
    ed269: Ed269Filters | None = None


class Check(msgspec.Struct, frozen=True):
    filter_sets: Annotated[tuple[dict[str, msgspec.Raw], ...], Meta(max_length=MOST_FILTER_SETS)]


class QueryBody(msgspec.Struct, frozen=True):
    checks: Annotated[tuple[msgspec.Raw, ...], Meta(max_length=MOST_CHECKS)]


_CHECKS = msgspec.json.Decoder(Check)
_SETS = msgspec.json.Decoder(FilterSet)
_ED269_MEMBERS = frozenset(Ed269Filters.__struct_fields__)
_MEMBERS = frozenset(FilterSet.__struct_fields__)


class UnsupportedError(Exception):
    """A filter that we cannot apply; the sentence says which."""


class GeospatialMap:
    """Answers queries about the zones; `zones_at` gives those in force by publication at a time."""

    def __init__(self, zones_at: ZonesAt, sources: DataSources, settings: MapSettings) -> None:
        self._zones_at = zones_at
        self._sources = sources
        self._settings = settings

    def status(self, _: Call) -> Answer:
        """Return that we are ready."""
        return Answer(
            body={
                "status": "Ready",
                "api_name": API_NAME,
                "api_version": API_VERSION,
                "system_version": __version__,
            }
        )

    def query(self, call: Call) -> Answer:
        """Return one result for each check."""
        body: QueryBody = call.body
        zones = (*self._zones_at(call.now_utc_ns), *self._sources.zones())
        return Answer(body={"results": [self._result(bytes(check), zones) for check in body.checks]})

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return what can be asked for."""
        return (
            Endpoint(
                method="GET",
                path="/geospatial_map/status",
                name="geospatial_map_status",
                says="Whether tests may begin.",
                handler=self.status,
            ),
            Endpoint(
                method="POST",
                path="/geospatial_map/map/queries",
                name="query_geospatial_map",
                says="Whether there are zones of some kind somewhere.",
                handler=self.query,
                takes=QueryBody,
            ),
            *self._sources.endpoints(),
        )

    def _result(self, data: bytes, zones: tuple[Zone, ...]) -> dict[str, str]:
        try:
            check: Check = decoded(_CHECKS, data, "check")
            sets = [
                self._filter(members, f"filter_sets[{index}]")
                for index, members in enumerate(check.filter_sets)
            ]
        except UnsupportedError as error:
            return {"features_selection_outcome": "UnsupportedFilter", "message": str(error)}
        except InputError as error:
            return {"features_selection_outcome": "Error", "message": str(error)}
        chosen = next((zone for zone in zones if any(chooses(zone) for chooses in sets)), None)
        if chosen is None:
            return {"features_selection_outcome": "Absent"}
        return {"features_selection_outcome": "Present", "message": f"{chosen.name} ({chosen.zone_id})"[:200]}

    def _filter(self, members: Mapping[str, msgspec.Raw], field: str) -> Callable[[Zone], bool]:
        """Return what says yes to the zones that one filter set chooses."""
        unknown = sorted(name for name in members if name not in _MEMBERS)
        if unknown:
            raise UnsupportedError(f"{field}: {', '.join(unknown)[:200]} is no filter that is known here")
        if "ed269" in members:
            ed269 = msgspec.json.decode(members["ed269"])
            strange = sorted(set(ed269) - _ED269_MEMBERS) if isinstance(ed269, dict) else []
            if strange:
                raise UnsupportedError(f"{field}.ed269: {', '.join(strange)[:200]} is not known here")
        wanted: FilterSet = decoded(_SETS, msgspec.json.encode(members), field)
        tests = [*self._by_source(wanted, field), *self._by_place(wanted, field), *_by_kind(wanted)]
        return lambda zone: all(test(zone) for test in tests)

    def _by_source(self, wanted: FilterSet, field: str) -> Iterable[Callable[[Zone], bool]]:
        settings = self._settings
        rules = wanted.operation_rule_set
        if rules is not None and rules not in settings.rule_sets:
            known = ", ".join(settings.rule_sets) or "none"
            raise UnsupportedError(f"{field}.operation_rule_set: {rules[:80]} is not known; known: {known}")
        source = wanted.restriction_source
        if source is None:
            return
        named = settings.restriction_sources.get(source)
        if named is None:
            known = ", ".join(settings.restriction_sources) or "none"
            raise UnsupportedError(f"{field}.restriction_source: {source[:80]} is not known; known: {known}")
        if "*" not in named:
            yield lambda zone: zone.source in named

    def _by_place(self, wanted: FilterSet, field: str) -> Iterable[Callable[[Zone], bool]]:
        ground = self._settings.ground
        if wanted.position is not None:
            spot = _spot(wanted.position)
            yield lambda zone: shares(zone, spot, ground)
        if wanted.volumes4d is not None:
            places = [
                place_of(volume, f"{field}.volumes4d[{index}]")
                for index, volume in enumerate(wanted.volumes4d)
            ]
            yield lambda zone: any(shares(zone, place, ground) for place in places)
        after, before = _time(wanted.after, f"{field}.after"), _time(wanted.before, f"{field}.before")
        if after is not None:
            yield lambda zone: in_force_within(zone, after, None)
        if before is not None:
            yield lambda zone: in_force_within(zone, None, before)


def _by_kind(wanted: FilterSet) -> Iterable[Callable[[Zone], bool]]:
    impact = wanted.resulting_operational_impact
    if impact is not None:
        impacts = ("Block", "Advise") if impact == "BlockOrAdvise" else (impact,)
        yield lambda zone: IMPACTS.get(zone.restriction) in impacts
    if wanted.ed269 is None:
        return
    u_space_class = wanted.ed269.u_space_class
    if u_space_class is not None:
        yield lambda zone: zone.u_space_class == u_space_class
    acceptable = wanted.ed269.acceptable_restrictions
    if acceptable:
        yield lambda zone: zone.restriction in acceptable


def _spot(body: PositionBody) -> Place:
    """Return a position as the least place: a millimetre round it, at its height, at any time."""
    limit = limit_of(body.altitude)
    spot = Circle(longitude_deg=body.location.lng, latitude_deg=body.location.lat, radius_m=0.001)
    return Place(outline=spot, floor=limit, ceiling=limit, start_utc_ns=None, end_utc_ns=None)


def _time(time: datetime | None, field: str) -> int | None:
    return None if time is None else utc_ns(time, field)
