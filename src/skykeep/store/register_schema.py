"""The tables of a register, in SQLAlchemy Core, the same on SQLite and on PostgreSQL.

`change` numbers everything that happened. Each step of a permit, a restriction or a release is a row of its
`*_event` table under the number of its change, with the record as it stood after: versions are kept for ever.
`permit`, `restriction` and `release` hold each record as it stands, with what is asked for by column and
indexed. `in_force` says which zone of a restriction held from when to when. `zone` lays out what is in force
now, a row per volume, for maps and other programs: on PostgreSQL with a PostGIS geometry.

Records are the canonical JSON of `skykeep.domain.encoding`; a list of zones is deflated. Guards in the
database refuse to change or take back what was decided: they stop our own mistakes and the careless hand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

# "SkyR": `file register.db` and every SQLite tool show it.
APPLICATION_ID = 0x536B7952
FORMAT = 1
# On PostgreSQL the tables lie in a schema of their own, beside whatever else the database holds.
SCHEMA = "skykeep"

metadata = sa.MetaData()


class _Geometry(sa.types.UserDefinedType[bytes]):
    """PostGIS's type; it takes extended well-known binary, in hexadecimal."""

    cache_ok = True

    def bind_processor(self, dialect: sa.Dialect) -> Callable[[bytes | None], str | None]:  # noqa: ARG002
        return lambda data: None if data is None else data.hex()

    def get_col_spec(self, **kw: Any) -> str:  # noqa: ARG002
        return "geometry(Polygon, 4326)"


_GEOMETRY = sa.LargeBinary().with_variant(_Geometry(), "postgresql")


def _text(name: str, **options: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, **options)


def _number(name: str, **options: Any) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, **options)


def _sequence() -> sa.Column[int]:
    # Numbered by us, under the lock: a sequence of the database's own would be seen out of order.
    return sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False)


def _of_change() -> sa.Column[int]:
    return sa.Column(
        "sequence", sa.BigInteger, sa.ForeignKey("change.sequence"), primary_key=True, autoincrement=False
    )


# One row: whoever changes the register on PostgreSQL holds it until the change is kept or dropped.
register = sa.Table("register", metadata, sa.Column("format", sa.BigInteger, primary_key=True))

change = sa.Table(
    "change",
    metadata,
    _sequence(),
    _text("kind"),
    _text("subject"),
    _number("time_utc_ns"),
    _text("by"),
)

permit = sa.Table(
    "permit",
    metadata,
    _text("permit_id", primary_key=True),
    _text("state"),
    _number("version"),
    _text("owner"),
    _text("holder"),
    _text("priority"),
    _text("authority_id"),
    sa.Column("private", sa.Boolean, nullable=False),
    sa.Column("start_utc_ns", sa.BigInteger),
    sa.Column("end_utc_ns", sa.BigInteger),
    _number("changed_utc_ns"),
    _text("body"),
    # Most permits have ended: by state and end a question about now reads only those that have not.
    sa.Index("permit_by_state", "state", "end_utc_ns", "start_utc_ns"),
    sa.Index("permit_by_time", "end_utc_ns", "start_utc_ns"),
    sa.Index("permit_by_owner", "owner", "end_utc_ns"),
)

permit_event = sa.Table(
    "permit_event",
    metadata,
    _of_change(),
    _text("permit_id"),
    _number("time_utc_ns"),
    _text("action"),
    _text("by"),
    _text("state"),
    _text("event"),
    _text("body"),
    sa.Index("permit_event_by_permit", "permit_id", "sequence"),
)

restriction = sa.Table(
    "restriction",
    metadata,
    _text("restriction_id", primary_key=True),
    _text("state"),
    _number("version"),
    _text("authority_id"),
    _number("changed_utc_ns"),
    _text("body"),
    sa.Index("restriction_by_state", "state"),
)

restriction_event = sa.Table(
    "restriction_event",
    metadata,
    _of_change(),
    _text("restriction_id"),
    _number("time_utc_ns"),
    _text("action"),
    _text("by"),
    _text("state"),
    _text("event"),
    _text("body"),
    sa.Index("restriction_event_by_restriction", "restriction_id", "sequence"),
)

in_force = sa.Table(
    "in_force",
    metadata,
    _of_change(),
    _text("restriction_id"),
    _number("from_utc_ns"),
    sa.Column("until_utc_ns", sa.BigInteger),
    # When it lapses unless a second one signs; the step that says so may be taken later.
    sa.Column("lapses_utc_ns", sa.BigInteger),
    _text("zone"),
    sa.Index("in_force_by_time", "until_utc_ns", "from_utc_ns"),
    sa.Index("in_force_by_restriction", "restriction_id", "until_utc_ns"),
)

release = sa.Table(
    "release",
    metadata,
    _text("source", primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    _text("state"),
    _number("from_utc_ns"),
    sa.Column("until_utc_ns", sa.BigInteger),
    sa.Column("issued_utc_ns", sa.BigInteger),
    _text("sha256"),
    _number("zones"),
    _text("by"),
    _text("because"),
    _text("format"),
    sa.Column("listed", sa.LargeBinary, nullable=False),
    sa.Index("release_by_time", "state", "from_utc_ns"),
)

release_event = sa.Table(
    "release_event",
    metadata,
    _of_change(),
    _text("source"),
    _number("number"),
    _number("time_utc_ns"),
    _text("state"),
    _text("by"),
    _text("because"),
    sa.Index("release_event_by_source", "source", "number"),
)

zone = sa.Table(
    "zone",
    metadata,
    _text("kind", primary_key=True),
    _text("subject", primary_key=True),
    sa.Column("place", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("volume", sa.BigInteger, primary_key=True, autoincrement=False),
    _text("zone_id"),
    _text("name"),
    _text("restriction"),
    _number("strictness"),
    _text("document"),
    sa.Column("floor_m", sa.Double),
    sa.Column("floor_reference", sa.Text),
    sa.Column("ceiling_m", sa.Double),
    sa.Column("ceiling_reference", sa.Text),
    sa.Column("west_deg", sa.Double),
    sa.Column("south_deg", sa.Double),
    sa.Column("east_deg", sa.Double),
    sa.Column("north_deg", sa.Double),
    _text("edges"),
    sa.Column("geom", _GEOMETRY),
    sa.Index("zone_by_id", "zone_id"),
    sa.Index("zone_by_box", "west_deg", "east_deg", "south_deg", "north_deg"),
)

notice = sa.Table(
    "notice",
    metadata,
    _sequence(),
    _text("notice_id", unique=True),
    _text("body"),
)

subscription = sa.Table(
    "subscription",
    metadata,
    _text("subscription_id", primary_key=True),
    _text("owner"),
    _text("body"),
    sa.Index("subscription_by_owner", "owner"),
)

delivery = sa.Table(
    "delivery",
    metadata,
    sa.Column(
        "sequence", sa.BigInteger, sa.ForeignKey("notice.sequence"), primary_key=True, autoincrement=False
    ),
    _text("subscription_id", primary_key=True),
    _number("tries"),
    _text("because"),
    sa.Column("tried_utc_ns", sa.BigInteger),
    sa.Column("delivered_utc_ns", sa.BigInteger),
    sa.Index("delivery_waiting", "delivered_utc_ns", "sequence"),
    sa.Index("delivery_by_subscription", "subscription_id", "delivered_utc_ns"),
)

NUMBERED = ("change", "notice")
APPEND_ONLY = ("change", "notice", "permit_event", "restriction_event", "release_event")
# What may be changed of rows that otherwise stay as they were written.
MAY_CHANGE = {
    "release": ("state", "from_utc_ns", "until_utc_ns", "by", "because"),
    "in_force": ("until_utc_ns", "lapses_utc_ns"),
}
NEVER_DELETED = ("register", "permit", "restriction", "release", "in_force")
