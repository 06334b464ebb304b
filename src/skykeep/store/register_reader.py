"""Every question that a register answers. Outside a change each is asked of the register as it stands."""

from __future__ import annotations

import zlib
from collections import OrderedDict
from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import Lock
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from skykeep.base.errors import IntegrityError
from skykeep.domain.encoding import decode_json
from skykeep.domain.permit import Permit, PermitEvent, PermitState
from skykeep.domain.register import (
    Change,
    ChangeKind,
    Delivery,
    Notice,
    Release,
    ReleaseState,
    Subscription,
)
from skykeep.domain.restriction import AirspaceRestriction, RestrictionEvent, RestrictionState
from skykeep.domain.zone import Zone, ZoneList
from skykeep.store import register_schema as schema

T = TypeVar("T")

_LISTS_KEPT = 8


class ListCache:
    """The lists read last: a list never changes, and to read one takes longer than to find it."""

    def __init__(self) -> None:
        self._lists: OrderedDict[tuple[str, int], ZoneList] = OrderedDict()
        self._lock = Lock()

    def get(self, source: str, number: int) -> ZoneList | None:
        with self._lock:
            found = self._lists.get((source, number))
            if found is not None:
                self._lists.move_to_end((source, number))
            return found

    def put(self, source: str, number: int, listed: ZoneList) -> None:
        with self._lock:
            self._lists[source, number] = listed
            while len(self._lists) > _LISTS_KEPT:
                self._lists.popitem(last=False)


class Reader:
    """RegisterReader: `ask` gives a connection for one question."""

    def __init__(
        self, ask: Callable[[], AbstractContextManager[sa.Connection]], cache: ListCache | None
    ) -> None:
        self._ask = ask
        # None inside a change: what it wrote may yet be dropped.
        self._cache = cache

    def permit(self, permit_id: str) -> Permit | None:
        table = schema.permit
        return self._one(sa.select(table.c.body).where(table.c.permit_id == permit_id), Permit)

    def permits(
        self,
        states: frozenset[PermitState] | None = None,
        owner: str | None = None,
        from_utc_ns: int | None = None,
        until_utc_ns: int | None = None,
    ) -> tuple[Permit, ...]:
        columns = schema.permit.c
        asked = sa.select(columns.body).order_by(columns.permit_id)
        if states is not None:
            asked = asked.where(columns.state.in_(sorted(states)))
        if owner is not None:
            asked = asked.where(columns.owner == owner)
        if from_utc_ns is not None:
            asked = asked.where(columns.end_utc_ns >= from_utc_ns)
        if until_utc_ns is not None:
            asked = asked.where(columns.start_utc_ns <= until_utc_ns)
        return self._all(asked, Permit)

    def permit_events(self, permit_id: str) -> tuple[PermitEvent, ...]:
        columns = schema.permit_event.c
        asked = sa.select(columns.event).where(columns.permit_id == permit_id)
        return self._all(asked.order_by(columns.sequence), PermitEvent)

    def permit_versions(self, permit_id: str) -> tuple[Permit, ...]:
        """Return the permit as it stood after each of its events."""
        columns = schema.permit_event.c
        asked = sa.select(columns.body).where(columns.permit_id == permit_id)
        return self._all(asked.order_by(columns.sequence), Permit)

    def restriction(self, restriction_id: str) -> AirspaceRestriction | None:
        columns = schema.restriction.c
        asked = sa.select(columns.body).where(columns.restriction_id == restriction_id)
        return self._one(asked, AirspaceRestriction)

    def restrictions(
        self, states: frozenset[RestrictionState] | None = None
    ) -> tuple[AirspaceRestriction, ...]:
        columns = schema.restriction.c
        asked = sa.select(columns.body).order_by(columns.restriction_id)
        if states is not None:
            asked = asked.where(columns.state.in_(sorted(states)))
        return self._all(asked, AirspaceRestriction)

    def restriction_events(self, restriction_id: str) -> tuple[RestrictionEvent, ...]:
        columns = schema.restriction_event.c
        asked = sa.select(columns.event).where(columns.restriction_id == restriction_id)
        return self._all(asked.order_by(columns.sequence), RestrictionEvent)

    def restriction_versions(self, restriction_id: str) -> tuple[AirspaceRestriction, ...]:
        """Return the restriction as it stood after each of its events."""
        columns = schema.restriction_event.c
        asked = sa.select(columns.body).where(columns.restriction_id == restriction_id)
        return self._all(asked.order_by(columns.sequence), AirspaceRestriction)

    def release(self, source: str, number: int | None = None) -> Release | None:
        columns = schema.release.c
        which = columns.state == ReleaseState.IN_FORCE.value if number is None else columns.number == number
        asked = sa.select(schema.release).where(columns.source == source, which)
        with self._ask() as connection:
            row = connection.execute(asked).mappings().first()
        return None if row is None else self._release(row)

    def releases(self, source: str | None = None, with_lists: bool = True) -> tuple[Release, ...]:
        columns = schema.release.c
        wanted = [c for c in schema.release.columns if with_lists or c is not columns.listed]
        asked = sa.select(*wanted).order_by(columns.source, columns.number)
        if source is not None:
            asked = asked.where(columns.source == source)
        with self._ask() as connection:
            rows = connection.execute(asked).mappings().all()
        return tuple(self._release(row) for row in rows)

    def zones_at(self, time_utc_ns: int) -> tuple[Zone, ...]:
        columns = schema.release.c
        published = (
            sa.select(columns.source, columns.number)
            .where(
                columns.state.in_([ReleaseState.IN_FORCE.value, ReleaseState.PAST.value]),
                columns.from_utc_ns <= time_utc_ns,
                sa.or_(columns.until_utc_ns.is_(None), columns.until_utc_ns > time_utc_ns),
            )
            .order_by(columns.source)
        )
        put_up = schema.in_force.c
        restricted = (
            sa.select(put_up.zone)
            .where(
                put_up.from_utc_ns <= time_utc_ns,
                sa.or_(put_up.until_utc_ns.is_(None), put_up.until_utc_ns > time_utc_ns),
                sa.or_(put_up.lapses_utc_ns.is_(None), put_up.lapses_utc_ns >= time_utc_ns),
            )
            .order_by(put_up.restriction_id, put_up.sequence)
        )
        zones: list[Zone] = []
        with self._ask() as connection:
            for source, number in connection.execute(published).all():
                zones.extend(self._listed(connection, source, number).zones)
            bodies = connection.execute(restricted).scalars().all()
        zones.extend(_read(body, Zone) for body in bodies)
        return tuple(zones)

    def changes_after(self, sequence: int, most: int = 1_000) -> tuple[Change, ...]:
        table = schema.change
        asked = sa.select(table).where(table.c.sequence > sequence).order_by(table.c.sequence).limit(most)
        with self._ask() as connection:
            rows = connection.execute(asked).all()
        return tuple(
            Change(sequence=number, kind=ChangeKind(kind), subject=subject, time_utc_ns=time_utc_ns, by=by)
            for number, kind, subject, time_utc_ns, by in rows
        )

    def subscriptions(self, owner: str | None = None) -> tuple[Subscription, ...]:
        columns = schema.subscription.c
        asked = sa.select(columns.body).order_by(columns.subscription_id)
        if owner is not None:
            asked = asked.where(columns.owner == owner)
        return self._all(asked, Subscription)

    def deliveries(self, most: int = 100) -> tuple[Delivery, ...]:
        """Return what has still to be told, oldest first; where there is more, of every subscriber the
        oldest, so that one who cannot be reached keeps nobody else waiting.
        """
        waiting = schema.delivery.c
        turn = sa.func.row_number().over(partition_by=waiting.subscription_id, order_by=waiting.sequence)
        ranked = (
            sa.select(waiting.sequence, waiting.subscription_id, waiting.tries, turn.label("turn"))
            .where(waiting.delivered_utc_ns.is_(None))
            .subquery()
        )
        first = sa.select(ranked).order_by(ranked.c.turn, ranked.c.sequence).limit(most).subquery()
        asked = (
            sa.select(schema.notice.c.body, schema.subscription.c.body, first.c.tries)
            .join_from(first, schema.notice, schema.notice.c.sequence == first.c.sequence)
            .join(schema.subscription, schema.subscription.c.subscription_id == first.c.subscription_id)
            .order_by(first.c.sequence, first.c.subscription_id)
        )
        with self._ask() as connection:
            rows = connection.execute(asked).all()
        return tuple(
            Delivery(notice=_read(notice, Notice), subscription=_read(wants, Subscription), tries=tries)
            for notice, wants, tries in rows
        )

    def _one(self, asked: sa.Select[Any], wanted: type[T]) -> T | None:
        with self._ask() as connection:
            body = connection.execute(asked).scalar()
        return None if body is None else _read(body, wanted)

    def _all(self, asked: sa.Select[Any], wanted: type[T]) -> tuple[T, ...]:
        with self._ask() as connection:
            bodies = connection.execute(asked).scalars().all()
        return tuple(_read(body, wanted) for body in bodies)

    def _release(self, row: sa.RowMapping) -> Release:
        known: dict[str, Any] = {name: row[name] for name in _RELEASE_FIELDS}
        listed = ZoneList(format=row["format"], zones=())
        if "listed" in row:
            listed = self._inflated(row["source"], row["number"], row["listed"])
        return Release(state=ReleaseState(row["state"]), listed=listed, **known)

    def _listed(self, connection: sa.Connection, source: str, number: int) -> ZoneList:
        if self._cache is not None and (found := self._cache.get(source, number)) is not None:
            return found
        columns = schema.release.c
        asked = sa.select(columns.listed).where(columns.source == source, columns.number == number)
        return self._inflated(source, number, connection.execute(asked).scalar_one())

    def _inflated(self, source: str, number: int, deflated: bytes) -> ZoneList:
        if self._cache is not None and (found := self._cache.get(source, number)) is not None:
            return found
        try:
            listed = _read(zlib.decompress(deflated), ZoneList)
        except zlib.error as error:
            raise IntegrityError(f"release {number} of {source!r} cannot be read back: {error}") from error
        if self._cache is not None:
            self._cache.put(source, number, listed)
        return listed


_RELEASE_FIELDS = (
    "source",
    "number",
    "from_utc_ns",
    "until_utc_ns",
    "issued_utc_ns",
    "sha256",
    "zones",
    "by",
    "because",
)


def _read(body: str | bytes, wanted: type[T]) -> T:
    try:
        return decode_json(body.encode() if isinstance(body, str) else body, wanted)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise IntegrityError(f"a {wanted.__name__} of the register cannot be read back: {error}") from error
