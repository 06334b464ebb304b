"""The OpenAPI document of the register's API, made of the endpoints themselves and the table of scopes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from skykeep import __version__
from skykeep.api.register_api_answers import JSON, Endpoint, Problem

_REFERENCE = "#/components/schemas/{name}"
_SAYS = {
    200: "As asked.",
    201: "Made.",
    202: "Kept; it waits for a person's yes.",
    204: "Done.",
    304: "As you have it.",
    400: "A parameter of the address is wrong.",
    401: "No token, or none that is believed.",
    403: "The token has not the scope, or the asker not the right.",
    404: "There is no such thing, or none that you may know of.",
    408: "The body did not come whole in time.",
    409: "Not in this state, or in conflict with what is there.",
    412: "The version in If-Match is not the one that stands.",
    413: "Too much at once.",
    415: "A body of another type.",
    422: "Something in the body is wrong.",
    428: "If-Match is missing.",
    503: "What is behind cannot be reached.",
}


class Errors(msgspec.Struct, frozen=True):
    errors: tuple[Problem, ...]


def openapi_document(
    endpoints: Iterable[Endpoint], scopes: Mapping[tuple[str, str], frozenset[str]]
) -> dict[str, Any]:
    """Return the whole document (OpenAPI 3.1)."""
    endpoints = tuple(endpoints)
    types = [Errors, *dict.fromkeys(kind for each in endpoints for kind in (each.takes, each.gives) if kind)]
    types = [kind for kind in types if kind is not bytes]
    schemas, components = msgspec.json.schema_components(types, ref_template=_REFERENCE)
    schema_of = dict(zip(types, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        operation = _operation(endpoint, schema_of, sorted(scopes[endpoint.key]))
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Skykeep register of who may fly",
            "version": __version__,
            "description": "Zones, restrictions, permits, and the interfaces that others drive them by.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            "schemas": components,
        },
    }


def _operation(endpoint: Endpoint, schema_of: Mapping[Any, Any], scopes: list[str]) -> dict[str, Any]:
    in_path = re.findall(r"{(\w+)}", endpoint.path)
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.says,
        "parameters": [*map(_path_parameter, in_path), *_query_and_headers(endpoint)],
        "responses": _responses(endpoint, schema_of, bool(scopes), bool(in_path)),
    }
    if scopes:
        operation["security"] = [{"token": []}]
        operation["description"] = f"Scope: {' or '.join(scopes)}."
    if endpoint.takes is bytes:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    elif endpoint.takes is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {JSON: {"schema": schema_of[endpoint.takes]}},
        }
    return operation


def _path_parameter(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    }


def _query_and_headers(endpoint: Endpoint) -> list[dict[str, Any]]:
    found = [
        {
            "name": parameter.name,
            "in": "query",
            "required": parameter.required,
            "description": parameter.says,
            "schema": dict(parameter.schema),
        }
        for parameter in endpoint.parameters
    ]
    text = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"}
    if endpoint.versioned:
        says = "The ETag of what you read."
        found.append(
            {"name": "If-Match", "in": "header", "required": True, "description": says, "schema": text}
        )
    if endpoint.once:
        says = "A name for this request: sent again under it, it is done once."
        found.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "description": says,
                "schema": text,
            }
        )
    return found


def _responses(
    endpoint: Endpoint, schema_of: Mapping[Any, Any], is_guarded: bool, has_path: bool
) -> dict[str, Any]:
    statuses = {400, 503, *endpoint.answers}
    statuses |= {401, 403} if is_guarded else set()
    statuses |= {404} if has_path else set()
    statuses |= {408, 413, 415, 422} if endpoint.takes is not None else set()
    statuses |= {400, 422} if endpoint.parameters else set()
    # The office has its say on whatever is sent.
    statuses |= {409, 422} if endpoint.method != "GET" else set()
    responses: dict[str, Any] = {}
    errors = {JSON: {"schema": schema_of[Errors]}}
    for status in sorted(statuses - {endpoint.status}):
        responses[str(status)] = {"description": _SAYS[status]}
        if status >= 400:
            responses[str(status)]["content"] = errors
    good: dict[str, Any] = {"description": _SAYS[endpoint.status]}
    if endpoint.status != 204:
        schema = schema_of[endpoint.gives] if endpoint.gives is not None else {}
        good["content"] = {endpoint.media_type: {"schema": schema}}
    return {str(endpoint.status): good, **responses}
