"""A SAPIENT peer made of the published bindings alone: it shares no line with our codec."""

from __future__ import annotations

import asyncio
import ssl
import struct
import uuid
from datetime import UTC, datetime
from typing import Any

from google.protobuf import json_format
from sapient_msg.bsi_flex_335_v2_0.sapient_message_pb2 import (  # type: ignore[import-untyped]
    SapientMessage,
)

PATIENCE_S = 10.0
LAT_LNG = {
    "coordinateSystem": "LOCATION_COORDINATE_SYSTEM_LAT_LNG_DEG_M",
    "datum": "LOCATION_DATUM_WGS84_E",
}
BEARING = {
    "coordinateSystem": "RANGE_BEARING_COORDINATE_SYSTEM_DEGREES_M",
    "datum": "RANGE_BEARING_DATUM_TRUE",
}


def built(node_id: str, time_utc_ns: int, content: dict[str, Any], destination_id: str = "") -> Any:
    """Return a message from protobuf's JSON form."""
    whole, rest_ns = divmod(time_utc_ns, 1_000_000_000)
    stamp = f"{datetime.fromtimestamp(whole, UTC):%Y-%m-%dT%H:%M:%S}.{rest_ns:09d}Z"
    plain = {"timestamp": stamp, "nodeId": node_id, **content}
    if destination_id:
        plain["destinationId"] = destination_id
    return json_format.ParseDict(plain, SapientMessage())


def parsed(octets: bytes) -> Any:
    return SapientMessage.FromString(octets)


def registration(*node_types: str, version: str = "BSI Flex 335 v2.0", latency_s: float = 0.25) -> Any:
    """Return a registration that has every mandatory field and little else."""
    seconds = "TIME_UNITS_SECONDS"
    place = {
        "locationUnits": "LOCATION_COORDINATE_SYSTEM_LAT_LNG_DEG_M",
        "locationDatum": "LOCATION_DATUM_WGS84_E",
    }
    mode = {
        "modeName": "Watch",
        "modeType": "MODE_TYPE_DEFAULT",
        "settleTime": {"units": seconds, "value": 1},
        "maximumLatency": {"units": "TIME_UNITS_MILLISECONDS", "value": 1000.0 * latency_s},
        "trackingType": "TRACKING_TYPE_TRACK",
        "detectionDefinition": [
            {
                "locationType": place,
                "velocityType": {
                    "enuVelocityUnits": {
                        "eastNorthRateUnits": "SPEED_UNITS_KPH",
                        "upRateUnits": "SPEED_UNITS_MS",
                    },
                    "locationDatum": "LOCATION_DATUM_WGS84_E",
                },
            }
        ],
        "task": {
            "regionDefinition": {"regionType": ["REGION_TYPE_AREA_OF_INTEREST"], "regionArea": [place]},
            "command": [
                {
                    "units": "any",
                    "completionTime": {"units": seconds, "value": 5},
                    "type": "COMMAND_TYPE_LOOK_AT",
                }
            ],
        },
    }
    return {
        "registration": {
            "nodeDefinition": [{"nodeType": kind} for kind in node_types or ("NODE_TYPE_RADAR",)],
            "icdVersion": version,
            "shortName": "R1",
            "capabilities": [{"category": "Radar", "type": "Range", "value": "5000", "units": "m"}],
            "statusDefinition": {"statusInterval": {"units": seconds, "value": 5}},
            "modeDefinition": [mode, {**mode, "modeName": "Stare", "modeType": "MODE_TYPE_PERMANENT"}],
            "configData": [{"manufacturer": "Made Up", "model": "One"}],
        }
    }


def status(**more: Any) -> dict[str, Any]:
    return {
        "statusReport": {
            "reportId": "01GGYFBAV4EEPB1398MKQ47E6E",
            "system": "SYSTEM_OK",
            "info": "INFO_NEW",
            "mode": "Watch",
            **more,
        }
    }


def detection(**more: Any) -> dict[str, Any]:
    return {
        "detectionReport": {
            "reportId": "01GGYFBAXGDG7AGAHRZ6XSNY12",
            "objectId": "01GGYFBAXH4VYRQYEX7S3XGK3H",
            **more,
        }
    }


class Peer:
    """One connection, spoken in the bindings' own messages."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def connect(cls, port: int, context: ssl.SSLContext | None = None) -> Peer:
        name = None if context is None else "localhost"
        return cls(
            *await asyncio.wait_for(
                asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname=name), PATIENCE_S
            )
        )

    async def send(self, message: Any) -> None:
        await self.send_octets(message.SerializeToString())

    async def send_octets(self, octets: bytes) -> None:
        self.writer.write(struct.pack("<I", len(octets)) + octets)
        await asyncio.wait_for(self.writer.drain(), PATIENCE_S)

    async def receive(self) -> Any:
        async with asyncio.timeout(PATIENCE_S):
            (length,) = struct.unpack("<I", await self.reader.readexactly(4))
            return parsed(await self.reader.readexactly(length))

    async def receive_kind(self, content: str) -> Any:
        """Return the next message of that content; at most 50 others are passed over."""
        for _ in range(50):
            message = await self.receive()
            if message.WhichOneof("content") == content:
                return message
        raise AssertionError(f"no {content} among 50 messages")

    async def is_closed(self) -> bool:
        """Return whether the other side closes, once what it still sends is read."""
        async with asyncio.timeout(PATIENCE_S):
            while await self.reader.read(65_536):
                pass
        return True

    async def close(self) -> None:
        self.writer.close()
        try:
            await asyncio.wait_for(self.writer.wait_closed(), PATIENCE_S)
        except OSError:
            return


def some_uuid() -> str:
    return str(uuid.uuid4())
