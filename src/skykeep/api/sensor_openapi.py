"""The OpenAPI document of the sensor contract: the schema of the records, and what the server answers."""

from __future__ import annotations

from typing import Any

from skykeep.wire.contract_codec import schema_components

_COMPONENTS = "#/components/schemas/{name}"

_ANSWERS = {
    "200": "Every message was taken.",
    "401": "No token, or not this sensor's.",
    "408": "The body did not come whole in time.",
    "413": "The body is too long.",
    "415": "The body is neither JSON nor NDJSON.",
    "422": "At least one message was refused; the others were taken.",
    "429": "At least one message found no room and may be sent again.",
    "503": "This sensor's feed does not run.",
}

_ANSWER: dict[str, Any] = {
    "type": "object",
    "required": ["taken", "refused", "try_again"],
    "additionalProperties": False,
    "properties": {
        "taken": {"type": "integer", "minimum": 0, "description": "How many messages were taken."},
        "refused": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["line", "field", "found", "must"],
                "additionalProperties": False,
                "properties": {
                    "line": {"type": "integer", "description": "From 1; 0 for the request as a whole."},
                    "field": {"type": "string", "description": "The path, as detections[0].bearing_deg."},
                    "found": {"type": "string"},
                    "must": {"type": "string"},
                },
            },
        },
        "try_again": {
            "type": "array",
            "items": {"type": "integer", "minimum": 1},
            "description": "The lines that found no room.",
        },
    },
}


def openapi_document() -> dict[str, Any]:
    """Return the whole document (OpenAPI 3.1)."""
    message, records = schema_components(_COMPONENTS)
    answer = {"application/json": {"schema": {"$ref": _COMPONENTS.format(name="Answer")}}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Skykeep sensor contract",
            "version": "1",
            "description": "How a sensor that speaks no standard of its own brings what it detected.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {
            "/v1/sensors/{sensor_id}/messages": {
                "post": {
                    "operationId": "bring_messages",
                    "summary": "Bring one message as JSON, or many as NDJSON, one in each line.",
                    "security": [{"token": []}],
                    "parameters": [
                        {
                            "name": "sensor_id",
                            "in": "path",
                            "required": True,
                            "schema": {"type": "string", "minLength": 1, "maxLength": 64},
                        }
                    ],
                    "requestBody": {
                        "required": True,
                        "content": {
                            "application/json": {"schema": {"$ref": _COMPONENTS.format(name="Message")}},
                            "application/x-ndjson": {"schema": {"type": "string"}},
                        },
                    },
                    "responses": {
                        status: {"description": says, "content": answer} for status, says in _ANSWERS.items()
                    },
                }
            }
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Message": message, "Answer": _ANSWER, **records},
        },
    }
