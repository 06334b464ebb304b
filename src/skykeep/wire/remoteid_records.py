"""What Remote ID messages say: those of ASTM F3411-22a as records, None where they say "unknown".

| value that means unknown | field |
|---|---|
| 361 degrees | course |
| 255 m/s, 63 m/s | speed, vertical speed |
| latitude 0 and longitude 0 | a place |
| -1000 m | altitudes and heights |
| 65535 tenths of a second | time after the hour |
| 0 | time since 2019, time accuracy |

Sources: ASTM F3411-22a tables 5 to 11; ASD-STAN prEN 4709-002.
"""

from __future__ import annotations

import enum

import msgspec

MESSAGE_BYTES = 25
ID_BYTES = 20
TEXT_BYTES = 23
PAGE_ZERO_BYTES = 17
PAGE_BYTES = 23
LAST_PAGE = 15
FIRST_PRIVATE_KIND = 200  # 201 by the standard's table; the reference program's own vectors use 200
MESSAGES_IN_PACK = 9
EPOCH_2019_UTC_S = 1_546_300_800  # 2019-01-01T00:00:00Z, from which the standard counts


class MessageType(enum.IntEnum):
    BASIC_ID = 0
    LOCATION = 1
    AUTHENTICATION = 2
    SELF_ID = 3
    SYSTEM = 4
    OPERATOR_ID = 5
    PACK = 15


class IdType(enum.IntEnum):
    NONE = 0
    SERIAL_NUMBER = 1
    REGISTRATION = 2
    UTM_UUID = 3
    SESSION = 4


class AircraftType(enum.IntEnum):
    NONE = 0
    AEROPLANE = 1
    MULTIROTOR = 2
    GYROPLANE = 3
    HYBRID_LIFT = 4
    ORNITHOPTER = 5
    GLIDER = 6
    KITE = 7
    FREE_BALLOON = 8
    CAPTIVE_BALLOON = 9
    AIRSHIP = 10
    PARACHUTE = 11
    ROCKET = 12
    TETHERED = 13
    GROUND_OBSTACLE = 14
    OTHER = 15


class Status(enum.IntEnum):
    UNDECLARED = 0
    GROUND = 1
    AIRBORNE = 2
    EMERGENCY = 3
    REMOTE_ID_FAILURE = 4


class HeightType(enum.IntEnum):
    ABOVE_TAKEOFF = 0
    ABOVE_GROUND = 1


class OperatorLocationType(enum.IntEnum):
    TAKEOFF = 0
    LIVE = 1
    FIXED = 2


class ClassificationType(enum.IntEnum):
    UNDECLARED = 0
    EU = 1


# What each step of an accuracy holds 95 % of the errors within; infinite where it promises nothing.
_NM = 1852.0
_INF = float("inf")
HORIZONTAL_ACCURACY_M = (
    *(_INF, 10 * _NM, 4 * _NM, 2 * _NM, _NM, 0.5 * _NM, 0.3 * _NM, 0.1 * _NM, 0.05 * _NM),
    *(30.0, 10.0, 3.0, 1.0),
)
VERTICAL_ACCURACY_M = (_INF, 150.0, 45.0, 25.0, 10.0, 3.0, 1.0)
SPEED_ACCURACY_MPS = (_INF, 10.0, 3.0, 1.0, 0.3)


class BasicId(msgspec.Struct, frozen=True, kw_only=True):
    """Which aircraft this is. `uas_id` are all 20 octets, for two kinds of identity are not text."""

    version: int
    id_type: IdType
    aircraft_type: AircraftType
    uas_id: bytes

    @property
    def identity(self) -> str:
        """The serial or registration as text; a UUID or a session as hex, the latter's type octet first."""
        if self.id_type is IdType.UTM_UUID:
            return self.uas_id[:16].hex()
        if self.id_type is IdType.SESSION:
            return self.uas_id.hex()
        return text_of(self.uas_id)


class Location(msgspec.Struct, frozen=True, kw_only=True):
    """Where it is, by its own navigation. Accuracies are steps of the tables above, 0 for unknown."""

    version: int
    status: Status
    height_type: HeightType
    course_deg: float | None
    speed_mps: float | None
    vertical_speed_mps: float | None
    latitude_deg: float | None
    longitude_deg: float | None
    pressure_altitude_m: float | None
    altitude_hae_m: float | None
    height_m: float | None
    horizontal_accuracy: int
    vertical_accuracy: int
    pressure_accuracy: int
    speed_accuracy: int
    seconds_after_hour: float | None
    time_accuracy_s: float | None


class Authentication(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a signature. Only page 0 has `last_page`, `length` (octets in all) and `time_utc_s`."""

    version: int
    authentication_type: int
    page: int
    data: bytes
    last_page: int | None = None
    length: int | None = None
    time_utc_s: int | None = None


class SelfId(msgspec.Struct, frozen=True, kw_only=True):
    """What the flight is for, in the operator's words: 0 text, 1 emergency, 2 status, 200+ private."""

    version: int
    description_type: int
    octets: bytes

    @property
    def description(self) -> str:
        return text_of(self.octets)


class System(msgspec.Struct, frozen=True, kw_only=True):
    """Where the operator is, and the area of a group of aircraft."""

    version: int
    operator_location_type: OperatorLocationType
    classification_type: ClassificationType
    operator_latitude_deg: float | None
    operator_longitude_deg: float | None
    operator_altitude_hae_m: float | None
    area_count: int
    area_radius_m: float
    area_ceiling_hae_m: float | None
    area_floor_hae_m: float | None
    category_eu: int
    class_eu: int
    time_utc_s: int | None


class OperatorId(msgspec.Struct, frozen=True, kw_only=True):
    """Who operates it, as registered: 0 operator identity, 200 and above private."""

    version: int
    operator_id_type: int
    octets: bytes

    @property
    def operator_id(self) -> str:
        return text_of(self.octets)


Message = BasicId | Location | Authentication | SelfId | System | OperatorId


class MessagePack(msgspec.Struct, frozen=True, kw_only=True):
    """Up to nine messages that were sent together."""

    version: int
    messages: tuple[Message, ...]


def text_of(octets: bytes) -> str:
    """Return the text before the first zero octet; what is not printable ASCII becomes a replacement mark."""
    text = octets.split(b"\0", 1)[0].decode("ascii", "replace")
    return text if text.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in text)
