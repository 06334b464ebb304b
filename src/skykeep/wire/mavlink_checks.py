"""What a MAVLink message may not say: bounds in the message's own units, and sentinels for *not known*.

A value outside its bounds is refused unless it is the field's sentinel. A place of exactly 0/0 is what an
autopilot without a fix sends. Bounds are the definition's own where it gives them; else: heights -1,000 m to
40,000 m, speeds to 350 m/s, boot times and identities as their types allow.
"""

from __future__ import annotations

from skykeep.base.errors import DecodeError
from skykeep.wire.mavlink import Message
from skykeep.wire.mavlink_tables import LAYOUT_OF

_LATITUDE, _LONGITUDE = (-900_000_000, 900_000_000), (-1_800_000_000, 1_800_000_000)
_HEIGHT_MM, _SPEED_CMPS = (-1_000_000, 40_000_000), (-35_000, 35_000)
_RELATIVE_MM = (-10_000_000, 40_000_000)
_TURN_CDEG = (0, 36_000)
_FULL_TURN_RAD = (-6.2832, 6.2832)
_RID_HEIGHT_M = (-1_000.0, 31_767.5)
_NO_U16, _NO_I16 = 65_535, 32_767

# message: {field: (least, most, sentinels of "not known")}
_BOUNDS: dict[str, dict[str, tuple[float, float, tuple[float, ...]]]] = {
    "HEARTBEAT": {"system_status": (0, 8, ())},
    "SYS_STATUS": {"load": (0, 1_000, ()), "battery_remaining": (0, 100, (-1,))},
    "GPS_RAW_INT": {
        "fix_type": (0, 8, ()),
        "lat": (*_LATITUDE, ()),
        "lon": (*_LONGITUDE, ()),
        "alt": (*_HEIGHT_MM, ()),
        "vel": (0, 35_000, (_NO_U16,)),
        "cog": (*_TURN_CDEG, (_NO_U16,)),
        "alt_ellipsoid": (*_HEIGHT_MM, ()),
        "yaw": (*_TURN_CDEG, (_NO_U16,)),
    },
    "ATTITUDE": {
        "roll": (*_FULL_TURN_RAD, ()),
        "pitch": (*_FULL_TURN_RAD, ()),
        "yaw": (*_FULL_TURN_RAD, ()),
        "rollspeed": (-100.0, 100.0, ()),
        "pitchspeed": (-100.0, 100.0, ()),
        "yawspeed": (-100.0, 100.0, ()),
    },
    "GLOBAL_POSITION_INT": {
        "lat": (*_LATITUDE, ()),
        "lon": (*_LONGITUDE, ()),
        "alt": (*_HEIGHT_MM, ()),
        "relative_alt": (*_RELATIVE_MM, ()),
        "vx": (*_SPEED_CMPS, ()),
        "vy": (*_SPEED_CMPS, ()),
        "vz": (*_SPEED_CMPS, ()),
        "hdg": (*_TURN_CDEG, (_NO_U16,)),
    },
    "VFR_HUD": {
        "airspeed": (-100.0, 350.0, ()),
        "groundspeed": (0.0, 350.0, ()),
        "heading": (-180, 360, ()),
        "alt": (-1_000.0, 40_000.0, ()),
        "climb": (-350.0, 350.0, ()),
    },
    "HOME_POSITION": {
        "latitude": (*_LATITUDE, ()),
        "longitude": (*_LONGITUDE, ()),
        "altitude": (*_HEIGHT_MM, ()),
    },
    "EXTENDED_SYS_STATE": {"vtol_state": (0, 4, ()), "landed_state": (0, 4, ())},
    "BATTERY_STATUS": {
        "temperature": (-27_315, 30_000, (_NO_I16,)),
        "battery_remaining": (0, 100, (-1,)),
    },
    "STATUSTEXT": {"severity": (0, 7, ())},
    "UTM_GLOBAL_POSITION": {
        "lat": (*_LATITUDE, ()),
        "lon": (*_LONGITUDE, ()),
        "alt": (*_HEIGHT_MM, ()),
        "relative_alt": (*_RELATIVE_MM, ()),
        "vx": (*_SPEED_CMPS, ()),
        "vy": (*_SPEED_CMPS, ()),
        "vz": (*_SPEED_CMPS, ()),
        "next_lat": (*_LATITUDE, ()),
        "next_lon": (*_LONGITUDE, ()),
        "flight_state": (0, 32, ()),
    },
    "ADSB_VEHICLE": {
        "ICAO_address": (1, 0xFFFFFF, ()),
        "lat": (*_LATITUDE, ()),
        "lon": (*_LONGITUDE, ()),
        "altitude_type": (0, 1, ()),
        "altitude": (*_HEIGHT_MM, ()),
        "heading": (*_TURN_CDEG, (_NO_U16,)),
        "hor_velocity": (0, 60_000, (_NO_U16,)),
        "ver_velocity": (-20_000, 20_000, (_NO_I16,)),
        "squawk": (0, 7_777, ()),
    },
    "OPEN_DRONE_ID_BASIC_ID": {"id_type": (0, 4, ()), "ua_type": (0, 15, ())},
    "OPEN_DRONE_ID_LOCATION": {
        "status": (0, 4, ()),
        "direction": (*_TURN_CDEG, (36_100,)),
        "speed_horizontal": (0, 25_425, (25_500,)),
        "speed_vertical": (-6_200, 6_200, (6_300,)),
        "latitude": (*_LATITUDE, ()),
        "longitude": (*_LONGITUDE, ()),
        "altitude_barometric": (*_RID_HEIGHT_M, ()),
        "altitude_geodetic": (*_RID_HEIGHT_M, ()),
        "height_reference": (0, 1, ()),
        "height": (*_RID_HEIGHT_M, ()),
        "horizontal_accuracy": (0, 12, ()),
        "vertical_accuracy": (0, 6, ()),
        "barometer_accuracy": (0, 6, ()),
        "speed_accuracy": (0, 4, ()),
        "timestamp": (0.0, 3_600.0, (65_535.0,)),
        "timestamp_accuracy": (0, 15, ()),
    },
    "OPEN_DRONE_ID_AUTHENTICATION": {
        "authentication_type": (0, 15, ()),
        "data_page": (0, 15, ()),
        "last_page_index": (0, 15, ()),
    },
    "OPEN_DRONE_ID_SYSTEM": {
        "operator_location_type": (0, 2, ()),
        "classification_type": (0, 7, ()),
        "operator_latitude": (*_LATITUDE, ()),
        "operator_longitude": (*_LONGITUDE, ()),
        "area_count": (1, 65_000, (0,)),
        "area_ceiling": (*_RID_HEIGHT_M, ()),
        "area_floor": (*_RID_HEIGHT_M, ()),
        "category_eu": (0, 15, ()),
        "class_eu": (0, 15, ()),
        "operator_altitude_geo": (*_RID_HEIGHT_M, ()),
    },
    "OPEN_DRONE_ID_MESSAGE_PACK": {"single_message_size": (25, 25, ()), "msg_pack_size": (1, 9, ())},
    "OPEN_DRONE_ID_ARM_STATUS": {"status": (0, 1, ())},
    "OPEN_DRONE_ID_SYSTEM_UPDATE": {
        "operator_latitude": (*_LATITUDE, ()),
        "operator_longitude": (*_LONGITUDE, ()),
        "operator_altitude_geo": (*_RID_HEIGHT_M, ()),
    },
}
# Messages whose place, if it is exactly 0/0, is no place.
_PLACES = {
    "GLOBAL_POSITION_INT": ("lat", "lon"),
    "HOME_POSITION": ("latitude", "longitude"),
    "UTM_GLOBAL_POSITION": ("lat", "lon"),
    "ADSB_VEHICLE": ("lat", "lon"),
    "OPEN_DRONE_ID_LOCATION": ("latitude", "longitude"),
}

_UNITS = {name: LAYOUT_OF[name].units for name in _BOUNDS}


def check_message(message: Message) -> None:
    """Raise DecodeError for the first field that cannot be, or for a place that is none."""
    fields = message.fields
    for name, (low, high, sentinels) in _BOUNDS.get(message.name, {}).items():
        value = fields[name]
        # Not `value < low or value > high`: that would let NaN through.
        if not (isinstance(value, int | float) and low <= value <= high) and value not in sentinels:
            unit = _UNITS[message.name].get(name, "")
            but = "".join(f", or {sentinel:g} for not known" for sentinel in sentinels)
            raise DecodeError(
                f"{message.name}.{name}", f"{value} {unit}".strip(), f"in {low:g}..{high:g}{but}"
            )
    place = _PLACES.get(message.name)
    if place is not None and fields[place[0]] == fields[place[1]] == 0:
        raise DecodeError(f"{message.name}.{place[0]}/{place[1]}", "0/0", "a place that the sender knows")
