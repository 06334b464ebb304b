"""Which scopes open which endpoint: the one table. An endpoint that is not in it is not served.

Any one of an endpoint's scopes is enough; none at all is open to everybody. A scope gives the right of its
row to whoever shows it, and the office asks for rights: a scope opens the door, the right does the deed.
"""

from __future__ import annotations

from collections.abc import Mapping

from skykeep.domain.actor import Right

READ = "skykeep.register.read"
APPLY = "skykeep.permits.apply"
DECIDE = "skykeep.permits.decide"
RESTRICT = "skykeep.restrictions.write"
IMPORT = "skykeep.zones.import"
SEE_PRIVATE = "skykeep.private.read"
MAP_QUERY = "interuss.geospatial_map.query"
MAP_TEST = "interuss.geospatial_map.direct_automated_test"
PLAN = "interuss.flight_planning.plan"
PLAN_TEST = "interuss.flight_planning.direct_automated_test"
RID_DISPLAY = "rid.display_provider"
RID_PROVIDER = "rid.service_provider"
RID_INJECT = "rid.inject_test_data"
RID_OBSERVE = "dss.read.identification_service_areas"

RIGHTS: Mapping[str, Right] = {
    READ: Right.READ,
    APPLY: Right.APPLY,
    DECIDE: Right.DECIDE,
    RESTRICT: Right.RESTRICT,
    IMPORT: Right.IMPORT,
    SEE_PRIVATE: Right.SEE_PRIVATE,
    PLAN: Right.APPLY,
}

_ANYBODY_KNOWN = (READ, APPLY, DECIDE, RESTRICT, IMPORT, SEE_PRIVATE)

SCOPES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("GET", "/v1/openapi.json"): (),
    ("GET", "/v1/zones"): _ANYBODY_KNOWN,
    ("POST", "/v1/zones/query"): _ANYBODY_KNOWN,
    ("GET", "/v1/zones/export"): _ANYBODY_KNOWN,
    ("GET", "/v1/feed.ed318"): _ANYBODY_KNOWN,
    ("POST", "/v1/zones/import"): (IMPORT,),
    ("GET", "/v1/zones/releases"): (IMPORT, READ),
    ("POST", "/v1/zones/releases/{source}/{number}/accept"): (IMPORT,),
    ("POST", "/v1/zones/releases/{source}/{number}/refuse"): (IMPORT,),
    ("GET", "/v1/restrictions"): (READ, RESTRICT),
    ("POST", "/v1/restrictions"): (RESTRICT,),
    ("POST", "/v1/restrictions/ring"): (RESTRICT,),
    ("GET", "/v1/restrictions/{id}"): (READ, RESTRICT),
    ("POST", "/v1/restrictions/{id}/sign"): (RESTRICT,),
    ("POST", "/v1/restrictions/{id}/amend"): (RESTRICT,),
    ("POST", "/v1/restrictions/{id}/cancel"): (RESTRICT,),
    ("GET", "/v1/permits"): (READ, APPLY, DECIDE),
    ("POST", "/v1/permits"): (APPLY,),
    ("POST", "/v1/permits/check"): (APPLY, DECIDE),
    ("POST", "/v1/permits/quick"): (DECIDE,),
    ("GET", "/v1/permits/{id}"): (READ, APPLY, DECIDE),
    ("POST", "/v1/permits/{id}/submit"): (APPLY,),
    ("POST", "/v1/permits/{id}/amend"): (APPLY,),
    ("POST", "/v1/permits/{id}/accept_offer"): (APPLY,),
    ("POST", "/v1/permits/{id}/withdraw"): (APPLY,),
    ("POST", "/v1/permits/{id}/activate"): (APPLY, DECIDE),
    ("POST", "/v1/permits/{id}/close"): (APPLY, DECIDE),
    ("POST", "/v1/permits/{id}/decide"): (DECIDE,),
    ("POST", "/v1/permits/{id}/suspend"): (DECIDE,),
    ("POST", "/v1/permits/{id}/resume"): (DECIDE,),
    ("POST", "/v1/permits/{id}/revoke"): (DECIDE,),
    ("GET", "/v1/subscriptions"): _ANYBODY_KNOWN,
    ("POST", "/v1/subscriptions"): _ANYBODY_KNOWN,
    ("DELETE", "/v1/subscriptions/{id}"): _ANYBODY_KNOWN,
    ("GET", "/v1/verdicts/{track}"): (READ, DECIDE),
    ("GET", "/geospatial_map/status"): (MAP_TEST,),
    ("POST", "/geospatial_map/map/queries"): (MAP_QUERY,),
    ("GET", "/geospatial_map/geospatial_data_sources"): (MAP_TEST,),
    ("PUT", "/geospatial_map/geospatial_data_sources/{id}"): (MAP_TEST,),
    ("GET", "/geospatial_map/geospatial_data_sources/{id}"): (MAP_TEST,),
    ("DELETE", "/geospatial_map/geospatial_data_sources/{id}"): (MAP_TEST,),
    ("GET", "/flight_planning/status"): (PLAN_TEST,),
    ("POST", "/flight_planning/clear_area_requests"): (PLAN_TEST,),
    ("PUT", "/flight_planning/flight_plans/{id}"): (PLAN,),
    ("DELETE", "/flight_planning/flight_plans/{id}"): (PLAN,),
    ("GET", "/flight_planning/user_notifications"): (PLAN, PLAN_TEST),
    ("GET", "/rid/uss/flights"): (RID_DISPLAY,),
    ("GET", "/rid/uss/flights/{id}/details"): (RID_DISPLAY,),
    ("POST", "/rid/uss/identification_service_areas/{id}"): (RID_PROVIDER,),
    ("GET", "/riddp/display_data"): (RID_OBSERVE,),
    ("GET", "/riddp/display_data/{id}"): (RID_OBSERVE,),
    ("PUT", "/ridsp/tests/{test_id}"): (RID_INJECT,),
    ("DELETE", "/ridsp/tests/{test_id}/{version}"): (RID_INJECT,),
    ("GET", "/ridsp/user_notifications"): (RID_INJECT,),
}


def named(scopes: tuple[str, ...], names: Mapping[str, str]) -> frozenset[str]:
    """Return scopes by the names that an issuer has for them."""
    return frozenset(names.get(scope, scope) for scope in scopes)


def rights_of(names: Mapping[str, str]) -> dict[str, Right]:
    """Return what each scope, by the issuer's name for it, gives a right to."""
    return {names.get(scope, scope): right for scope, right in RIGHTS.items()}
