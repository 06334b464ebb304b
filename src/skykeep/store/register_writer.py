"""What may be written to a register, inside a change: each call a few rows, kept together or not at all."""

from __future__ import annotations

import zlib
from contextlib import nullcontext
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from skykeep.base.errors import InputError
from skykeep.domain.encoding import decode_json, encode_json
from skykeep.domain.permit import Permit, PermitEvent
from skykeep.domain.register import ChangeKind, Notice, Release, ReleaseState, Subscription
from skykeep.domain.restriction import AirspaceRestriction, RestrictionEvent, RestrictionState
from skykeep.domain.zone import Zone
from skykeep.store import register_schema as schema
from skykeep.store.register_layout import zone_rows
from skykeep.store.register_reader import Reader

T = TypeVar("T")

# A row of `zone` has 19 columns, and SQLite takes 32,766 values in one statement.
_ROWS_AT_ONCE = 500
_IN_FORCE_IN = (RestrictionState.DRAFT, RestrictionState.SIGNED, RestrictionState.PUBLISHED)


class Writer(Reader):
    """RegisterWriter on the connection of one change."""

    def __init__(self, connection: sa.Connection) -> None:
        super().__init__(lambda: nullcontext(connection), None)
        self._connection = connection

    def put_permit(self, permit: Permit, event: PermitEvent) -> None:
        _agree(permit.permit_id == event.permit_id, "a permit's event names another permit")
        _agree(permit.state is event.after, "a permit's event leads to another state")
        before = self.permit(permit.permit_id)
        _agree(event.before is (before.state if before else None), "a permit's event starts elsewhere")
        body = _text(permit)
        sequence = self._number(ChangeKind.PERMIT, permit.permit_id, event.time_utc_ns, event.by)
        timed = permit.scope.volumes
        self._replace(
            schema.permit,
            permit_id=permit.permit_id,
            state=permit.state.value,
            version=permit.version,
            owner=permit.owner,
            holder=permit.holder,
            priority=permit.priority.value,
            authority_id=permit.authority_id,
            private=permit.private,
            start_utc_ns=permit.scope.start_utc_ns if timed else None,
            end_utc_ns=permit.scope.end_utc_ns if timed else None,
            changed_utc_ns=permit.changed_utc_ns,
            body=body,
        )
        self._insert(
            schema.permit_event,
            sequence=sequence,
            permit_id=permit.permit_id,
            time_utc_ns=event.time_utc_ns,
            action=event.action.value,
            by=event.by,
            state=event.after.value,
            event=_text(event),
            body=body,
        )

    def put_restriction(self, restriction: AirspaceRestriction, event: RestrictionEvent) -> None:
        restriction_id = restriction.restriction_id
        _agree(restriction_id == event.restriction_id, "a restriction's event names another restriction")
        _agree(restriction.state is event.after, "a restriction's event leads to another state")
        before = self.restriction(restriction_id)
        _agree(event.before is (before.state if before else None), "a restriction's event starts elsewhere")
        body = _text(restriction)
        sequence = self._number(ChangeKind.RESTRICTION, restriction_id, event.time_utc_ns, event.by)
        self._replace(
            schema.restriction,
            restriction_id=restriction_id,
            state=restriction.state.value,
            version=restriction.version,
            authority_id=restriction.authority_id,
            changed_utc_ns=restriction.changed_utc_ns,
            body=body,
        )
        self._insert(
            schema.restriction_event,
            sequence=sequence,
            restriction_id=restriction_id,
            time_utc_ns=event.time_utc_ns,
            action=event.action.value,
            by=event.by,
            state=event.after.value,
            event=_text(event),
            body=body,
        )
        self._bring_into_force(sequence, restriction, event.time_utc_ns)

    def _bring_into_force(self, sequence: int, restriction: AirspaceRestriction, now_utc_ns: int) -> None:
        """Keep from when which zone of a restriction holds, where this step made a difference."""
        columns = schema.in_force.c
        open_now = sa.and_(
            columns.restriction_id == restriction.restriction_id, columns.until_utc_ns.is_(None)
        )
        held = self._connection.execute(sa.select(schema.in_force).where(open_now)).mappings().first()
        zone = zone_in_force(restriction)
        text = None if zone is None else _text(zone)
        lapses = restriction.lapses_utc_ns if restriction.emergency else None
        if (None if held is None else (held["zone"], held["lapses_utc_ns"])) == (
            None if text is None else (text, lapses)
        ):
            return
        from_utc_ns = now_utc_ns
        if held is not None:
            # A clock that was set back must not end a stretch before its begin.
            from_utc_ns = max(now_utc_ns, held["from_utc_ns"])
            self._connection.execute(
                schema.in_force.update().where(open_now).values(until_utc_ns=from_utc_ns)
            )
        if text is not None:
            self._insert(
                schema.in_force,
                sequence=sequence,
                restriction_id=restriction.restriction_id,
                from_utc_ns=from_utc_ns,
                lapses_utc_ns=lapses,
                zone=text,
            )
        self._lay_out(ChangeKind.RESTRICTION, restriction.restriction_id, () if zone is None else (zone,))

    def put_release(self, release: Release) -> None:
        body = encode_json(release.listed)
        _check_kept(release.listed, body)
        columns = schema.release.c
        this = sa.and_(columns.source == release.source, columns.number == release.number)
        sequence = self._number(ChangeKind.RELEASE, release.source, release.from_utc_ns, release.by)
        if release.state is ReleaseState.IN_FORCE:
            self._end_release_before(release)
        stands: dict[str, Any] = {
            "state": release.state.value,
            "from_utc_ns": release.from_utc_ns,
            "until_utc_ns": release.until_utc_ns,
            "by": release.by,
            "because": release.because,
        }
        known = self._connection.execute(sa.select(columns.sha256).where(this)).scalar()
        if known is None:
            self._insert(
                schema.release,
                source=release.source,
                number=release.number,
                issued_utc_ns=release.issued_utc_ns,
                sha256=release.sha256,
                zones=release.zones,
                format=release.listed.format,
                listed=zlib.compress(body, 3),
                **stands,
            )
        else:
            _agree(known == release.sha256, "a release's list has changed")
            self._connection.execute(schema.release.update().where(this).values(stands))
        self._insert(
            schema.release_event,
            sequence=sequence,
            source=release.source,
            number=release.number,
            time_utc_ns=release.from_utc_ns,
            state=release.state.value,
            by=release.by,
            because=release.because,
        )
        if release.state is ReleaseState.IN_FORCE:
            self._lay_out(ChangeKind.RELEASE, release.source, release.listed.zones)

    def _end_release_before(self, release: Release) -> None:
        columns = schema.release.c
        before = sa.and_(
            columns.source == release.source,
            columns.state == ReleaseState.IN_FORCE.value,
            columns.number != release.number,
        )
        from_utc_ns = self._connection.execute(sa.select(columns.from_utc_ns).where(before)).scalar()
        if from_utc_ns is None:
            return
        if release.from_utc_ns < from_utc_ns:
            raise InputError(
                "from_utc_ns",
                str(release.from_utc_ns),
                f"at or after that of the one in force, {from_utc_ns}",
            )
        ended = {"state": ReleaseState.PAST.value, "until_utc_ns": release.from_utc_ns}
        self._connection.execute(schema.release.update().where(before).values(ended))

    def put_subscription(self, subscription: Subscription) -> None:
        self._replace(
            schema.subscription,
            subscription_id=subscription.subscription_id,
            owner=subscription.owner,
            body=_text(subscription),
        )

    def drop_subscription(self, subscription_id: str) -> None:
        waiting = schema.delivery.c
        self._connection.execute(
            schema.delivery.delete().where(
                waiting.subscription_id == subscription_id, waiting.delivered_utc_ns.is_(None)
            )
        )
        table = schema.subscription
        self._connection.execute(table.delete().where(table.c.subscription_id == subscription_id))

    def post(self, notice: Notice) -> None:
        """Keep a notice until every subscriber of its kind was told. The same notice again is no other."""
        columns = schema.notice.c
        body = _text(notice)
        known = self._connection.execute(
            sa.select(columns.body).where(columns.notice_id == notice.notice_id)
        ).scalar()
        if known is not None:
            if known != body:
                raise InputError("notice_id", repr(notice.notice_id), "new, or the very same notice")
            return
        sequence = self._next(schema.notice)
        self._insert(schema.notice, sequence=sequence, notice_id=notice.notice_id, body=body)
        told = [
            {
                "sequence": sequence,
                "subscription_id": subscription.subscription_id,
                "tries": 0,
                "because": "",
            }
            for subscription in self.subscriptions()
            if (not subscription.kinds or notice.kind in subscription.kinds)
            and (subscription.sees_private or not notice.private)
        ]
        if told:
            self._connection.execute(schema.delivery.insert(), told)

    def delivered(self, notice_id: str, subscription_id: str, time_utc_ns: int) -> None:
        self._tried(notice_id, subscription_id, "", time_utc_ns, delivered_utc_ns=time_utc_ns)

    def failed(self, notice_id: str, subscription_id: str, because: str, time_utc_ns: int) -> None:
        self._tried(notice_id, subscription_id, because, time_utc_ns)

    def _tried(
        self, notice_id: str, subscription_id: str, because: str, time_utc_ns: int, **also: int
    ) -> None:
        columns = schema.delivery.c
        which = sa.select(schema.notice.c.sequence).where(schema.notice.c.notice_id == notice_id)
        self._connection.execute(
            schema.delivery.update()
            .where(
                columns.sequence == which.scalar_subquery(),
                columns.subscription_id == subscription_id,
                columns.delivered_utc_ns.is_(None),
            )
            .values(tries=columns.tries + 1, because=because, tried_utc_ns=time_utc_ns, **also)
        )

    def _number(self, kind: ChangeKind, subject: str, time_utc_ns: int, by: str) -> int:
        sequence = self._next(schema.change)
        self._insert(
            schema.change,
            sequence=sequence,
            kind=kind.value,
            subject=subject,
            time_utc_ns=time_utc_ns,
            by=by,
        )
        return sequence

    def _next(self, table: sa.Table) -> int:
        last = self._connection.execute(sa.select(sa.func.max(table.c.sequence))).scalar()
        return (last or 0) + 1

    def _lay_out(self, kind: ChangeKind, subject: str, zones: tuple[Zone, ...]) -> None:
        table = schema.zone
        self._connection.execute(table.delete().where(table.c.kind == kind.value, table.c.subject == subject))
        rows = zone_rows(kind.value, subject, zones)
        for first in range(0, len(rows), _ROWS_AT_ONCE):
            self._connection.execute(table.insert().values(rows[first : first + _ROWS_AT_ONCE]))

    def _insert(self, table: sa.Table, **values: Any) -> None:
        self._connection.execute(table.insert(), values)

    def _replace(self, table: sa.Table, **values: Any) -> None:
        same = [column == values[column.name] for column in table.primary_key.columns]
        updated = self._connection.execute(table.update().where(*same).values(values))
        if updated.rowcount == 0:
            self._insert(table, **values)


def zone_in_force(restriction: AirspaceRestriction) -> Zone | None:
    """Return the zone of a restriction that is in force as it stands; None for none.

    While an amendment still lacks a signature it is the one published before.
    """
    if restriction.state not in _IN_FORCE_IN:
        return None
    if restriction.published is not None:
        return restriction.published
    return restriction.zone if restriction.state is RestrictionState.PUBLISHED else None


def _agree(agrees: bool, otherwise: str) -> None:
    if not agrees:
        raise ValueError(otherwise)


def _text(record: msgspec.Struct) -> str:
    body = encode_json(record)
    _check_kept(record, body)
    return body.decode()


def _check_kept(record: msgspec.Struct, body: bytes) -> None:
    """Refuse what would not come back as it is: a number that is not finite, a field of a wrong type."""
    try:
        same = decode_json(body, type(record)) == record
    except msgspec.DecodeError as error:
        raise InputError(type(record).__name__, str(error), "a record that can be read back") from error
    if not same:
        raise InputError(type(record).__name__, "a value that JSON changes", "a record that can be read back")
