"""MAVLink messages: where each field lies, what its unit is, and the octet that its CRC ends with.

In `_MESSAGES` each message is a line `id name crc_extra` and then its fields in the order of the public
definition, as `type:name` or `type:name:unit`; behind the bar are extension fields. On the wire the fields
before the bar stand in order of falling size of their type (a stable sort), little-endian, and the
extensions behind them as they are listed. An array is `type*n`; `char*n` is text that ends at its first NUL.
MAVLink 1 carries no extensions. MAVLink 2 leaves out zero octets at the end of the payload.
Source: the public MAVLink definitions minimal.xml, standard.xml and common.xml.
"""

from __future__ import annotations

import struct

import msgspec

from skykeep.wire.mavlink_more_tables import MORE_MESSAGES, OTHER_EXTRAS

Value = int | float | str | tuple[int, ...] | tuple[float, ...]

# type in the tables: (letter of struct, octets, name in the definition, which its CRC extra is made of)
TYPES = {
    "u8": ("B", 1, "uint8_t"),
    "i8": ("b", 1, "int8_t"),
    "u16": ("H", 2, "uint16_t"),
    "i16": ("h", 2, "int16_t"),
    "u32": ("I", 4, "uint32_t"),
    "i32": ("i", 4, "int32_t"),
    "u64": ("Q", 8, "uint64_t"),
    "i64": ("q", 8, "int64_t"),
    "f32": ("f", 4, "float"),
    "char": ("c", 1, "char"),
}

_MESSAGES = """
0 HEARTBEAT 50
    u8:type u8:autopilot u8:base_mode u32:custom_mode u8:system_status u8:mavlink_version
1 SYS_STATUS 124
    u32:onboard_control_sensors_present u32:onboard_control_sensors_enabled
    u32:onboard_control_sensors_health u16:load:d% u16:voltage_battery:mV i16:current_battery:cA
    i8:battery_remaining:% u16:drop_rate_comm:c% u16:errors_comm u16:errors_count1 u16:errors_count2
    u16:errors_count3 u16:errors_count4 | u32:onboard_control_sensors_present_extended
    u32:onboard_control_sensors_enabled_extended u32:onboard_control_sensors_health_extended
2 SYSTEM_TIME 137
    u64:time_unix_usec:us u32:time_boot_ms:ms
24 GPS_RAW_INT 24
    u64:time_usec:us u8:fix_type i32:lat:degE7 i32:lon:degE7 i32:alt:mm u16:eph u16:epv u16:vel:cm/s
    u16:cog:cdeg u8:satellites_visible | i32:alt_ellipsoid:mm u32:h_acc:mm u32:v_acc:mm
    u32:vel_acc:mm/s u32:hdg_acc:degE5 u16:yaw:cdeg
30 ATTITUDE 39
    u32:time_boot_ms:ms f32:roll:rad f32:pitch:rad f32:yaw:rad f32:rollspeed:rad/s
    f32:pitchspeed:rad/s f32:yawspeed:rad/s
33 GLOBAL_POSITION_INT 104
    u32:time_boot_ms:ms i32:lat:degE7 i32:lon:degE7 i32:alt:mm i32:relative_alt:mm i16:vx:cm/s
    i16:vy:cm/s i16:vz:cm/s u16:hdg:cdeg
74 VFR_HUD 20
    f32:airspeed:m/s f32:groundspeed:m/s i16:heading:deg u16:throttle:% f32:alt:m f32:climb:m/s
147 BATTERY_STATUS 154
    u8:id u8:battery_function u8:type i16:temperature:cdegC u16*10:voltages:mV
    i16:current_battery:cA i32:current_consumed:mAh i32:energy_consumed:hJ i8:battery_remaining:% |
    i32:time_remaining:s u8:charge_state u16*4:voltages_ext:mV u8:mode u32:fault_bitmask
148 AUTOPILOT_VERSION 178
    u64:capabilities u32:flight_sw_version u32:middleware_sw_version u32:os_sw_version
    u32:board_version u8*8:flight_custom_version u8*8:middleware_custom_version
    u8*8:os_custom_version u16:vendor_id u16:product_id u64:uid | u8*18:uid2
242 HOME_POSITION 104
    i32:latitude:degE7 i32:longitude:degE7 i32:altitude:mm f32:x:m f32:y:m f32:z:m f32*4:q
    f32:approach_x:m f32:approach_y:m f32:approach_z:m | u64:time_usec:us
245 EXTENDED_SYS_STATE 130
    u8:vtol_state u8:landed_state
246 ADSB_VEHICLE 184
    u32:ICAO_address i32:lat:degE7 i32:lon:degE7 u8:altitude_type i32:altitude:mm u16:heading:cdeg
    u16:hor_velocity:cm/s i16:ver_velocity:cm/s char*9:callsign u8:emitter_type u8:tslc:s u16:flags
    u16:squawk
253 STATUSTEXT 83
    u8:severity char*50:text | u16:id u8:chunk_seq
340 UTM_GLOBAL_POSITION 99
    u64:time:us u8*18:uas_id i32:lat:degE7 i32:lon:degE7 i32:alt:mm i32:relative_alt:mm i16:vx:cm/s
    i16:vy:cm/s i16:vz:cm/s u16:h_acc:mm u16:v_acc:mm u16:vel_acc:cm/s i32:next_lat:degE7
    i32:next_lon:degE7 i32:next_alt:mm u16:update_rate:cs u8:flight_state u8:flags
12900 OPEN_DRONE_ID_BASIC_ID 114
    u8:target_system u8:target_component u8*20:id_or_mac u8:id_type u8:ua_type u8*20:uas_id
12901 OPEN_DRONE_ID_LOCATION 254
    u8:target_system u8:target_component u8*20:id_or_mac u8:status u16:direction:cdeg
    u16:speed_horizontal:cm/s i16:speed_vertical:cm/s i32:latitude:degE7 i32:longitude:degE7
    f32:altitude_barometric:m f32:altitude_geodetic:m u8:height_reference f32:height:m
    u8:horizontal_accuracy u8:vertical_accuracy u8:barometer_accuracy u8:speed_accuracy
    f32:timestamp:s u8:timestamp_accuracy
12902 OPEN_DRONE_ID_AUTHENTICATION 140
    u8:target_system u8:target_component u8*20:id_or_mac u8:authentication_type u8:data_page
    u8:last_page_index u8:length:bytes u32:timestamp:s u8*23:authentication_data
12903 OPEN_DRONE_ID_SELF_ID 249
    u8:target_system u8:target_component u8*20:id_or_mac u8:description_type char*23:description
12904 OPEN_DRONE_ID_SYSTEM 77
    u8:target_system u8:target_component u8*20:id_or_mac u8:operator_location_type
    u8:classification_type i32:operator_latitude:degE7 i32:operator_longitude:degE7 u16:area_count
    u16:area_radius:m f32:area_ceiling:m f32:area_floor:m u8:category_eu u8:class_eu
    f32:operator_altitude_geo:m u32:timestamp:s
12905 OPEN_DRONE_ID_OPERATOR_ID 49
    u8:target_system u8:target_component u8*20:id_or_mac u8:operator_id_type char*20:operator_id
12915 OPEN_DRONE_ID_MESSAGE_PACK 94
    u8:target_system u8:target_component u8*20:id_or_mac u8:single_message_size:bytes
    u8:msg_pack_size u8*225:messages
12918 OPEN_DRONE_ID_ARM_STATUS 139
    u8:status char*50:error
12919 OPEN_DRONE_ID_SYSTEM_UPDATE 7
    u8:target_system u8:target_component i32:operator_latitude:degE7 i32:operator_longitude:degE7
    f32:operator_altitude_geo:m u32:timestamp:s
"""


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One field: `count` is 0 for a single value, else how many stand side by side."""

    name: str
    type: str
    count: int
    unit: str
    extension: bool

    @property
    def letters(self) -> str:
        letter = TYPES[self.type][0]
        if not self.count:
            return letter
        return f"{self.count}s" if self.type == "char" else f"{self.count}{letter}"


class Layout:
    """How one message lies on the wire. `fields` are in wire order; `base_octets` are without extensions."""

    def __init__(self, name: str, message_id: int, crc_extra: int, fields: tuple[Field, ...]) -> None:
        self.name = name
        self.message_id = message_id
        self.crc_extra = crc_extra
        self.fields = fields
        self.names = tuple(field.name for field in fields)
        self.units = {field.name: field.unit for field in fields if field.unit}
        self._struct = struct.Struct("<" + "".join(field.letters for field in fields))
        self.octets = self._struct.size
        base = "".join(field.letters for field in fields if not field.extension)
        self.base_octets = struct.calcsize("<" + base)
        self._plain = not any(field.count for field in fields)

    def read(self, payload: bytes) -> dict[str, Value]:
        """Return the values of a payload of any length: missing octets are zero, further ones left alone."""
        values = self._struct.unpack(payload.ljust(self.octets, b"\0")[: self.octets])
        if self._plain:
            return dict(zip(self.names, values, strict=True))
        found: dict[str, Value] = {}
        at = 0
        for field in self.fields:
            if not field.count:
                found[field.name] = values[at]
                at += 1
            elif field.type == "char":
                found[field.name] = values[at].partition(b"\0")[0].decode("utf-8", "backslashreplace")
                at += 1
            else:
                found[field.name] = values[at : at + field.count]
                at += field.count
        return found


def _field(text: str, extension: bool) -> Field:
    kind, name, unit = (*text.split(":"), "")[:3]
    type_name, _, count = kind.partition("*")
    return Field(name=name, type=type_name, count=int(count or 0), unit=unit, extension=extension)


def _layouts(text: str) -> dict[int, Layout]:
    layouts: dict[int, Layout] = {}
    for line in text.strip().replace("\n    ", " ").splitlines():
        number, name, extra, *rest = line.split()
        bar = rest.index("|") if "|" in rest else len(rest)
        base = [_field(one, False) for one in rest[:bar]]
        base.sort(key=lambda field: -TYPES[field.type][1])
        fields = (*base, *(_field(one, True) for one in rest[bar + 1 :]))
        layouts[int(number)] = Layout(name, int(number), int(extra), fields)
    return layouts


LAYOUTS = _layouts(_MESSAGES) | _layouts(MORE_MESSAGES)
LAYOUT_OF = {layout.name: layout for layout in LAYOUTS.values()}
CRC_EXTRAS = {number: layout.crc_extra for number, layout in LAYOUTS.items()} | {
    int(number): int(extra) for number, _, extra in (pair.partition(":") for pair in OTHER_EXTRAS.split())
}
