"""Lists of zones in and out of the register: what came of a new one, a person's yes or no to one that waits,
and the zones in force at any time as a file.
"""

from __future__ import annotations

from collections import Counter

import msgspec

from skykeep.airspace.releases import Difference, Weighed, compare, digest_of, weigh
from skykeep.base.errors import InputError
from skykeep.domain.encoding import encode_json
from skykeep.domain.register import ChangeKind, Notice, Release, ReleaseState
from skykeep.domain.zone import Contradiction, Deviation, ZoneList
from skykeep.store.register import DatabaseRegister
from skykeep.store.register_reader import Reader
from skykeep.store.register_writer import Writer
from skykeep.wire.zone_files import write_zones


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a list: its number and state, or `number` None where it is no new release; what is
    different from the one in force; and everything that its file said amiss.
    """

    source: str
    format: str
    number: int | None
    state: ReleaseState | None
    because: str
    zones: int
    difference: Difference
    gravities: dict[str, int]
    deviations: tuple[Deviation, ...]
    contradictions: tuple[Contradiction, ...]
    left_out: tuple[str, ...]

    waits: bool = False


def take_in(
    register: DatabaseRegister,
    listed: ZoneList,
    source: str,
    by: str,
    time_utc_ns: int,
    accepted_because: str = "",
) -> ImportReport:
    """Bring a list into force at a time, or let it wait; `accepted_because` is a person's yes, given
    beforehand to what would wait otherwise.
    """
    _check(source, by)

    def work(writer: Writer) -> ImportReport:
        known = writer.releases(source, with_lists=False)
        weighed = weigh(listed, writer.release(source), known)
        if weighed.state is None:
            digest = digest_of(listed)
            waits = any(each.state is ReleaseState.HELD and each.sha256 == digest for each in known)
            return msgspec.structs.replace(_report(source, listed, weighed, None), waits=waits)
        state, because = weighed.state, weighed.because
        if state is ReleaseState.HELD and accepted_because:
            state, because = ReleaseState.IN_FORCE, _decided(because, "let in", by, accepted_because)
        release = Release(
            source=source,
            number=max((r.number for r in known), default=0) + 1,
            state=state,
            from_utc_ns=time_utc_ns,
            until_utc_ns=None,
            issued_utc_ns=listed.issued_utc_ns,
            sha256=digest_of(listed),
            zones=len(listed.zones),
            by=by,
            because=because,
            listed=listed,
        )
        writer.put_release(release)
        writer.post(_notice(release))
        return _report(source, listed, weighed, release)

    return register.change(work)


def accept(
    register: DatabaseRegister, source: str, number: int | None, by: str, because: str, time_utc_ns: int
) -> Release:
    """Bring a release that waits into force; without a number the only one."""
    return _decide(register, source, number, by, because, time_utc_ns, ReleaseState.IN_FORCE, "let in")


def refuse(
    register: DatabaseRegister, source: str, number: int | None, by: str, because: str, time_utc_ns: int
) -> Release:
    """Refuse a release that waits; without a number the only one."""
    return _decide(register, source, number, by, because, time_utc_ns, ReleaseState.REFUSED, "refused")


def changed_by(reader: Reader, release: Release) -> Difference:
    """Return what a release changes, or would, as against the one in force."""
    in_force = reader.release(release.source)
    return compare(() if in_force is None else in_force.listed.zones, release.listed.zones)


def list_at(reader: Reader, time_utc_ns: int, source: str | None = None) -> ZoneList:
    """Return what was in force at a time as one list; of one source, with what its file said of itself."""
    if source is None:
        return ZoneList(format="skykeep", zones=reader.zones_at(time_utc_ns))
    known = reader.releases(source, with_lists=False)
    if not known:
        sources = sorted({r.source for r in reader.releases(with_lists=False)})
        raise InputError(
            "source", repr(source), f"one of {', '.join(sources) or 'none: nothing is kept yet'}"
        )
    for each in known:
        applied = each.state in (ReleaseState.IN_FORCE, ReleaseState.PAST) and each.from_utc_ns <= time_utc_ns
        if applied and (each.until_utc_ns is None or time_utc_ns < each.until_utc_ns):
            release = reader.release(source, each.number)
            assert release is not None
            return release.listed
    return ZoneList(format="skykeep", zones=())


def export_zones(
    reader: Reader, format: str, time_utc_ns: int, source: str | None = None
) -> tuple[bytes, tuple[Deviation, ...], int]:
    """Return the zones in force at a time as a file, what it cannot carry, and how many they are."""
    listed = list_at(reader, time_utc_ns, source)
    data, left = write_zones(listed, format)
    return data, left, len(listed.zones)


def report_of(reader: Reader, source: str, number: int | None = None) -> ImportReport:
    """Return what was said of a release when it came: without a number of the one in force."""
    release = reader.release(source, number)
    if release is None:
        which = "in force" if number is None else f"number {number}"
        raise InputError("release", f"none {which} from {source!r}", "one that is kept")
    weighed = Weighed(state=release.state, because=release.because, difference=changed_by(reader, release))
    return _report(source, release.listed, weighed, release)


def _decide(
    register: DatabaseRegister,
    source: str,
    number: int | None,
    by: str,
    because: str,
    time_utc_ns: int,
    state: ReleaseState,
    verb: str,
) -> Release:
    _check(source, by)
    if not because.strip():
        raise InputError("because", "nothing", "a reason")

    def work(writer: Writer) -> Release:
        held = [r.number for r in writer.releases(source, False) if r.state is ReleaseState.HELD]
        if number not in held and (number is not None or len(held) != 1):
            waits = ", ".join(map(str, held)) or "those that wait: none does"
            raise InputError("release", f"{'no number' if number is None else number}", f"one of {waits}")
        waiting = writer.release(source, held[0] if number is None else number)
        assert waiting is not None
        decided = msgspec.structs.replace(
            waiting,
            state=state,
            from_utc_ns=time_utc_ns,
            by=by,
            because=_decided(waiting.because, verb, by, because),
        )
        writer.put_release(decided)
        writer.post(_notice(decided))
        return decided

    return register.change(work)


def _check(source: str, by: str) -> None:
    for field, said in (("source", source), ("by", by)):
        if not said.strip() or not said.isprintable():
            raise InputError(field, repr(said), "a name")


def _decided(because: str, verb: str, by: str, why: str) -> str:
    return f"{because} {verb.capitalize()} by {by}: {why.strip()}"


def _notice(release: Release) -> Notice:
    says = {
        ReleaseState.IN_FORCE: "is in force",
        ReleaseState.HELD: "waits for a person",
        ReleaseState.REFUSED: "was refused",
    }[release.state]
    body = {
        "source": release.source,
        "number": release.number,
        "state": release.state.value,
        "zones": release.zones,
        "by": release.by,
        "because": release.because,
    }
    return Notice(
        notice_id=f"release/{release.source}/{release.number}/{release.state.value}",
        kind=f"{ChangeKind.RELEASE.value}.{release.state.value}",
        subject=release.source,
        says=f"Release {release.number} of {release.source} {says}: {release.zones} zones. {release.because}",
        body=encode_json(body).decode(),
        time_utc_ns=release.from_utc_ns,
    )


def _report(source: str, listed: ZoneList, weighed: Weighed, release: Release | None) -> ImportReport:
    return ImportReport(
        source=source,
        format=listed.format,
        number=None if release is None else release.number,
        state=None if release is None else release.state,
        because=weighed.because if release is None else release.because,
        zones=len(listed.zones),
        difference=weighed.difference,
        gravities=dict(sorted(Counter(d.gravity.value for d in listed.deviations).items())),
        deviations=listed.deviations,
        contradictions=listed.contradictions,
        left_out=tuple(name for name, _ in listed.left_out),
        waits=release is not None and release.state is ReleaseState.HELD,
    )
