"""What may be written to a register, inside a change: each call a few rows, kept together or not at all."""

from __future__ import annotations

import zlib
from typing import Any

import sqlalchemy as sa

from skykeep.base.errors import InputError
from skykeep.domain.permit import Permit, PermitEvent
from skykeep.domain.register import ChangeKind, Release, ReleaseState
from skykeep.domain.restriction import AirspaceRestriction, RestrictionEvent, RestrictionState
from skykeep.domain.zone import Zone
from skykeep.store import register_schema as schema
from skykeep.store.register_layout import zone_rows
from skykeep.store.register_notices import NoticeWriter
from skykeep.store.register_rows import as_bytes, as_text

# A row of `zone` has 19 columns, and SQLite takes 32,766 values in one statement.
_ROWS_AT_ONCE = 500
_IN_FORCE_IN = (RestrictionState.DRAFT, RestrictionState.SIGNED, RestrictionState.PUBLISHED)


class Writer(NoticeWriter):
    """RegisterWriter on the connection of one change."""

    def put_permit(self, permit: Permit, event: PermitEvent) -> None:
        _agree(permit.permit_id == event.permit_id, "a permit's event names another permit")
        _agree(permit.state is event.after, "a permit's event leads to another state")
        before = self.permit(permit.permit_id)
        _agree(event.before is (before.state if before else None), "a permit's event starts elsewhere")
        body = as_text(permit)
        sequence = self._number(ChangeKind.PERMIT, permit.permit_id, event.time_utc_ns, event.by)
        start_utc_ns, end_utc_ns = permit.span_utc_ns or (None, None)
        self.replace(
            schema.permit,
            permit_id=permit.permit_id,
            state=permit.state.value,
            version=permit.version,
            owner=permit.owner,
            holder=permit.holder,
            priority=permit.priority.value,
            authority_id=permit.authority_id,
            private=permit.private,
            start_utc_ns=start_utc_ns,
            end_utc_ns=end_utc_ns,
            changed_utc_ns=permit.changed_utc_ns,
            body=body,
        )
        self.insert(
            schema.permit_event,
            sequence=sequence,
            permit_id=permit.permit_id,
            time_utc_ns=event.time_utc_ns,
            action=event.action.value,
            by=event.by,
            state=event.after.value,
            event=as_text(event),
            body=body,
        )

    def put_restriction(self, restriction: AirspaceRestriction, event: RestrictionEvent) -> None:
        restriction_id = restriction.restriction_id
        _agree(restriction_id == event.restriction_id, "a restriction's event names another restriction")
        _agree(restriction.state is event.after, "a restriction's event leads to another state")
        before = self.restriction(restriction_id)
        _agree(event.before is (before.state if before else None), "a restriction's event starts elsewhere")
        body = as_text(restriction)
        sequence = self._number(ChangeKind.RESTRICTION, restriction_id, event.time_utc_ns, event.by)
        self.replace(
            schema.restriction,
            restriction_id=restriction_id,
            state=restriction.state.value,
            version=restriction.version,
            authority_id=restriction.authority_id,
            changed_utc_ns=restriction.changed_utc_ns,
            body=body,
        )
        self.insert(
            schema.restriction_event,
            sequence=sequence,
            restriction_id=restriction_id,
            time_utc_ns=event.time_utc_ns,
            action=event.action.value,
            by=event.by,
            state=event.after.value,
            event=as_text(event),
            body=body,
        )
        self._bring_into_force(sequence, restriction, event.time_utc_ns)

    def _bring_into_force(self, sequence: int, restriction: AirspaceRestriction, now_utc_ns: int) -> None:
        """Keep from when which zone of a restriction holds, where this step made a difference."""
        columns = schema.in_force.c
        open_now = sa.and_(
            columns.restriction_id == restriction.restriction_id, columns.until_utc_ns.is_(None)
        )
        held = self.connection.execute(sa.select(schema.in_force).where(open_now)).mappings().first()
        zone = zone_in_force(restriction)
        text = None if zone is None else as_text(zone)
        lapses = restriction.lapses_utc_ns
        if (None if held is None else (held["zone"], held["lapses_utc_ns"])) == (
            None if text is None else (text, lapses)
        ):
            return
        from_utc_ns = now_utc_ns
        if held is not None:
            # A clock that was set back must not end a stretch before its begin.
            from_utc_ns = max(now_utc_ns, held["from_utc_ns"])
            self.connection.execute(schema.in_force.update().where(open_now).values(until_utc_ns=from_utc_ns))
        if text is not None:
            self.insert(
                schema.in_force,
                sequence=sequence,
                restriction_id=restriction.restriction_id,
                from_utc_ns=from_utc_ns,
                lapses_utc_ns=lapses,
                zone=text,
            )
        self._lay_out(ChangeKind.RESTRICTION, restriction.restriction_id, () if zone is None else (zone,))

    def put_release(self, release: Release) -> None:
        body = as_bytes(release.listed)
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
        known = self.connection.execute(sa.select(columns.sha256).where(this)).scalar()
        if known is None:
            self.insert(
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
            self.connection.execute(schema.release.update().where(this).values(stands))
        self.insert(
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
        from_utc_ns = self.connection.execute(sa.select(columns.from_utc_ns).where(before)).scalar()
        if from_utc_ns is None:
            return
        if release.from_utc_ns < from_utc_ns:
            raise InputError(
                "from_utc_ns",
                str(release.from_utc_ns),
                f"at or after that of the one in force, {from_utc_ns}",
            )
        ended = {"state": ReleaseState.PAST.value, "until_utc_ns": release.from_utc_ns}
        self.connection.execute(schema.release.update().where(before).values(ended))

    def _number(self, kind: ChangeKind, subject: str, time_utc_ns: int, by: str) -> int:
        sequence = self.next_number(schema.change)
        self.insert(
            schema.change,
            sequence=sequence,
            kind=kind.value,
            subject=subject,
            time_utc_ns=time_utc_ns,
            by=by,
        )
        return sequence

    def _lay_out(self, kind: ChangeKind, subject: str, zones: tuple[Zone, ...]) -> None:
        table = schema.zone
        self.connection.execute(table.delete().where(table.c.kind == kind.value, table.c.subject == subject))
        rows = zone_rows(kind.value, subject, zones)
        for first in range(0, len(rows), _ROWS_AT_ONCE):
            self.connection.execute(table.insert().values(rows[first : first + _ROWS_AT_ONCE]))


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
