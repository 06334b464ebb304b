"""What ED-318 and ED-269 ask of a document, written from their field lists: for CI, without the schemas."""

from __future__ import annotations

import re
from typing import Any

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?Z")
_DAYS = {"MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN", "ANY"}
_EVENTS = {"BMCT", "SR", "SS", "EECT"}
_REASONS = {"AIR_TRAFFIC", "SENSITIVE", "PRIVACY", "POPULATION", "NATURE", "NOISE", "EMERGENCY", "OTHER"}
_PURPOSES = {"AUTHORIZATION", "NOTIFICATION", "INFORMATION"}
_PROPERTIES = {
    "identifier",
    "country",
    "name",
    "type",
    "variant",
    "restrictionConditions",
    "region",
    "reason",
    "otherReasonInfo",
    "regulationExemption",
    "message",
    "zoneAuthority",
    "limitedApplicability",
    "dataSource",
    "extendedProperties",
}


def check_ed318(document: Any) -> None:
    assert document["type"] == "FeatureCollection"
    assert len(document.get("name", "")) <= 200
    metadata = document["metadata"]
    for key in ("issued", "validFrom", "validTo"):
        assert key not in metadata or _INSTANT.fullmatch(metadata[key])
    _check_texts(metadata.get("provider", []))
    for feature in document["features"]:
        assert feature["type"] == "Feature"
        said = feature["properties"]
        assert set(said) <= _PROPERTIES
        assert 1 <= len(said["identifier"]) <= 7
        assert len(said["country"]) == 3
        assert said["type"] in {"USPACE", "PROHIBITED", "REQ_AUTHORIZATION", "CONDITIONAL", "NO_RESTRICTION"}
        assert said["variant"] in {"COMMON", "CUSTOMIZED"}
        assert isinstance(said.get("restrictionConditions", ""), str)
        assert isinstance(said.get("region", 0), int)
        assert len(said.get("reason", [])) <= 9
        assert set(said.get("reason", [])) <= _REASONS | {"DAR"}
        assert said.get("regulationExemption", "NO") in {"YES", "NO"}
        for key in ("name", "otherReasonInfo", "message"):
            _check_texts(said.get(key, []))
        assert said["zoneAuthority"]
        for authority in said["zoneAuthority"]:
            assert authority["purpose"] in _PURPOSES
            assert "@" in authority.get("email", "@")
            for key in ("name", "service", "contactName"):
                _check_texts(authority.get(key, []))
        for period in said.get("limitedApplicability", []):
            assert set(period) <= {"startDateTime", "endDateTime", "schedule"}
            assert period
            _check_period(period, events=True)
        geometry = feature["geometry"]
        pieces = geometry["geometries"] if geometry["type"] == "GeometryCollection" else [geometry]
        assert pieces
        for piece in pieces:
            _check_layer(piece.get("layer", {}))
            if piece["type"] == "Point":
                assert len(piece["coordinates"]) == 2
                assert piece["extent"]["subType"] == "Circle"
                assert piece["extent"]["radius"] > 0
            else:
                _check_polygon(piece)


def check_ed269(document: Any) -> None:
    assert isinstance(document["title"], str)
    for said in document["features"]:
        assert 1 <= len(said["identifier"]) <= 7
        assert len(said["name"]) <= 200
        assert said["type"] in {"COMMON", "CUSTOMIZED"}
        assert said["restriction"] in {"PROHIBITED", "REQ_AUTHORISATION", "CONDITIONAL", "NO_RESTRICTION"}
        assert set(said["reason"]) <= _REASONS | {"FOREIGN_TERRITORY"}
        assert 0 <= said.get("region", 0) <= 65_535
        for key in ("otherReasonInfo", "uSpaceClass", "message"):
            assert isinstance(said.get(key, ""), str)
        assert said["applicability"]
        for period in said["applicability"]:
            assert set(period) <= {"permanent", "startDateTime", "endDateTime", "schedule"}
            assert period["permanent"] in {"YES", "NO"}
            _check_period(period, events=False)
        assert isinstance(said["zoneAuthority"], list)
        assert said["geometry"]
        for volume in said["geometry"]:
            assert volume["uomDimensions"] in {"M", "FT"}
            for side in ("lower", "upper"):
                assert (f"{side}Limit" in volume) == (f"{side}VerticalReference" in volume)
                assert volume.get(f"{side}VerticalReference", "AGL") in {"AGL", "AMSL"}
            projection = volume["horizontalProjection"]
            if projection["type"] == "Circle":
                assert len(projection["center"]) == 2
                assert projection["radius"] > 0
            else:
                _check_polygon(projection)


def _check_texts(texts: Any) -> None:
    for one in texts:
        assert set(one) == {"text", "lang"}
        assert len(one["text"]) <= 200
        assert 0 < len(one["lang"]) <= 5


def _check_period(period: Any, *, events: bool) -> None:
    for key in ("startDateTime", "endDateTime"):
        assert key not in period or _INSTANT.fullmatch(period[key])
    for entry in period.get("schedule", []):
        assert entry["day"]
        assert set(entry["day"]) <= _DAYS
        for side in ("start", "end"):
            assert f"{side}Time" not in entry or _TIME.fullmatch(entry[f"{side}Time"])
            assert f"{side}Event" not in entry or (events and entry[f"{side}Event"] in _EVENTS)


def _check_layer(layer: Any) -> None:
    assert set(layer) <= {"upper", "upperReference", "lower", "lowerReference", "uom"}
    assert layer.get("uom", "m") in {"m", "ft"}
    for side in ("upper", "lower"):
        assert (side in layer) == (f"{side}Reference" in layer)
        assert layer.get(f"{side}Reference", "AGL") in {"AGL", "AMSL", "WGS84"}


def _check_polygon(said: Any) -> None:
    assert said["type"] == "Polygon"
    assert said["coordinates"]
    for ring in said["coordinates"]:
        assert len(ring) >= 4
        assert ring[0] == ring[-1]
        assert all(len(corner) == 2 for corner in ring)
