"""Retention: what rules no longer let be kept is gone from the raw bytes, on record, and nothing else."""

from __future__ import annotations

import base64
import contextlib
import re
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from skykeep.app import retention_duty
from skykeep.app.bare_site import bare_site
from skykeep.app.case_desk import begins_with
from skykeep.app.orders_check import check_night
from skykeep.app.replay import Recording
from skykeep.app.retention import due, enforce
from skykeep.app.retention_duty import RetentionDuty
from skykeep.app.retention_text import RetentionText, rules_of
from skykeep.base.clock import seconds_to_ns
from skykeep.base.errors import IntegrityError, SetupError
from skykeep.domain.casework import AttachNight
from skykeep.domain.encoding import decode_json, encode_json
from skykeep.domain.feed import SourceEvent
from skykeep.domain.incident import Item, ItemKey, ItemKind, OpenIncident
from skykeep.domain.permit import Flight, Permit, PermitPriority, PermitState, Scope
from skykeep.domain.record import EntryRole, Redaction
from skykeep.domain.retention import PersonalDatum, RetentionReport, RetentionRule
from skykeep.domain.sensing import Claim, ClaimKind, Report
from skykeep.domain.site import Site
from skykeep.engine.outputs import RunHeader
from skykeep.evidence.checkpoint import Signer
from skykeep.evidence.redacted_entry import readable_payload
from skykeep.evidence.simulation_key import SIMULATION_KEY
from skykeep.geo.frames import LocalFrame
from skykeep.store.case_folder import CaseFolder
from skykeep.store.keys_file import add_keys
from skykeep.store.log_check import check_path
from skykeep.store.log_database import LogDatabase
from skykeep.store.log_reader import LogReader

T0 = 1_935_540_000_000_000_000
SITE = bare_site("site", "Site", LocalFrame(latitude_deg=0.0, longitude_deg=0.0, height_hae_m=0.0))
HEADER = RunHeader(mode="LIVE", scenario="Site", seed=0, simulated=False, version="1", terrain_sha256="")
PILOTS = RetentionRule(
    rule_id="pilots",
    datum=PersonalDatum.PILOT_POSITION,
    keep_h=24.0,
    reason="Nobody needs to know where a lawful pilot stood",
)
CALLERS = RetentionRule(
    rule_id="callers", datum=PersonalDatum.REPORT_TEXT, keep_h=24.0, reason="They were promised it"
)
# Numbers and words that stand nowhere else, as the log spells them.
LAWFUL, SUSPECT, LATE = b"1234.567891", b"2345.678912", b"3456.789123"
CALLER = "My name is Perpetua, I saw a light"


def at(hours: float) -> int:
    return T0 + seconds_to_ns(hours * 3_600.0)


def claim(sequence: int, claimed_id: str, east_m: bytes, hours: float) -> Claim:
    return Claim(
        sensor_id="rid",
        sequence=sequence,
        kind=ClaimKind.REMOTE_ID,
        claimed_id=claimed_id,
        time_utc_ns=at(hours),
        received_utc_ns=at(hours),
        position_enu_m=(0.0, 0.0, 50.0),
        velocity_enu_mps=None,
        sigma_m=(5.0, 5.0),
        operator_id=f"operator of {claimed_id}",
        operator_position_enu_m=(float(east_m), 1.0, 0.0),
    )


def write_night(folder: Path, site: Site = SITE, signer: Signer | None = None) -> Path:
    """Keep a night: a lawful flight at 0 h and at 30 h, a suspect one at 1 h, and a caller at 5 h."""
    with LogDatabase.open(folder / "night.db", signer=signer) as log:
        log.append(T0, EntryRole.INPUT, "run", encode_json(HEADER))
        log.append(T0, EntryRole.INPUT, "site", encode_json(site))
        for record in (claim(1, "LAWFUL", LAWFUL, 0.0), claim(2, "SUSPECT", SUSPECT, 1.0)):
            log.append(record.received_utc_ns, EntryRole.INPUT, "claim", encode_json(record))
        said = b'{"track_id":7,"class":"multirotor","claimed_id":"","claims":[["SUSPECT","displaced"]]}'
        log.append(at(1.0), EntryRole.OUTPUT, "identification", said)
        for kind, words in (
            ("threat", b'{"track_id":3,"grounds":["LAWFUL is its own name"]}'),
            ("alert", b'{"alert_id":"a","track_ids":[7],"grounds":["SUSPECT it says"],"notes":[]}'),
        ):
            log.append(at(1.0), EntryRole.OUTPUT, kind, words)
        report = Report(
            sensor_id="people",
            sequence=1,
            heard_utc_ns=at(5.0),
            received_utc_ns=at(5.0),
            position_enu_m=(0.0, 0.0, 0.0),
            text=CALLER,
        )
        log.append(at(5.0), EntryRole.INPUT, "report", encode_json(report))
        late = claim(3, "LAWFUL", LATE, 30.0)
        log.append(late.received_utc_ns, EntryRole.INPUT, "claim", encode_json(late))
    return folder / "night.db"


def open_incident(folder: Path, *keys: tuple[ItemKind, str], hours: float = 1.0, site: Site = SITE) -> None:
    """Keep an incident that holds these things of the night."""
    with CaseFolder.open(folder / "case") as case:
        case.receive(
            AttachNight(
                name="Site",
                begins_with=begins_with(HEADER, site, T0),
                mode="LIVE",
                simulated=False,
                start_utc_ns=T0,
                entries=0,
                checkpoint="",
                by="machine",
                time_utc_ns=T0,
            )
        )
        items = tuple(
            Item(key=ItemKey(kind=kind, item_id=item_id, night_id="N-1"), time_utc_ns=at(hours), says=item_id)
            for kind, item_id in keys
        )
        case.receive(
            OpenIncident(title="A drone", reason="It came", by="op", time_utc_ns=at(1.0), items=items)
        )


def raw(folder: Path) -> bytes:
    """Return every byte of every file of a night but its case."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())


def test_a_lawful_pilot_is_gone_after_a_day_and_one_in_an_incident_stays(tmp_path: Path) -> None:
    log = write_night(tmp_path)
    open_incident(tmp_path, (ItemKind.TRACK, "7"))
    assert all(word in raw(tmp_path) for word in (LAWFUL, SUSPECT, LATE))

    report = enforce(tmp_path, (PILOTS,), at(31.0), by="ada")

    assert [(d.rule_id, d.sequence, d.path) for d in report.due] == [("pilots", 3, "operator_position_enu_m")]
    assert report.kept_for_incidents == 1
    found = raw(tmp_path)
    assert LAWFUL not in found
    assert SUSPECT in found, "it is in an incident"
    assert LATE in found, "it is an hour old"
    assert b"operator of LAWFUL" in found, "the rule is not about it"
    checked = check_path(log)
    assert checked.intact
    (act,) = (decode_json(e.payload, Redaction) for e in LogReader(log).entries(kind="redacted"))
    assert (act.sequence, act.by, act.rule, act.because) == (3, "ada", "pilots", PILOTS.reason)


def test_a_night_that_was_signed_is_signed_anew(tmp_path: Path) -> None:
    write_night(tmp_path, signer=SIMULATION_KEY)
    add_keys(tmp_path, SIMULATION_KEY.verifier)

    enforce(tmp_path, (PILOTS,), at(31.0))

    report = check_night(tmp_path, orders=False)
    assert report.intact, report.findings
    assert LAWFUL not in raw(tmp_path)


def test_a_second_time_nothing_is_due(tmp_path: Path) -> None:
    write_night(tmp_path)
    enforce(tmp_path, (PILOTS,), at(31.0))
    before = raw(tmp_path)

    again = enforce(tmp_path, (PILOTS,), at(31.0))

    assert again.due == ()
    assert raw(tmp_path) == before


def test_showing_changes_nothing(tmp_path: Path) -> None:
    write_night(tmp_path)
    before = raw(tmp_path)

    assert len(due(tmp_path, (PILOTS,), at(100.0)).due) == 3
    assert due(tmp_path, (PILOTS,), at(24.0) - 1).due == ()
    assert raw(tmp_path) == before


KEPT: dict[str, tuple[tuple[tuple[ItemKind, str], ...], float, bool]] = {
    "no incident": ((), 1.0, False),
    "an incident that holds the report": (((ItemKind.REPORT, "people 1"),), 20.0, True),
    "an incident half an hour before": (((ItemKind.TRACK, "9"),), 4.5, True),
    "an incident hours before": (((ItemKind.TRACK, "9"),), 1.0, False),
}


@pytest.mark.parametrize("story", KEPT)
def test_a_caller_is_kept_where_an_incident_needs_them(tmp_path: Path, story: str) -> None:
    keys, hours, kept = KEPT[story]
    write_night(tmp_path)
    if keys:
        open_incident(tmp_path, *keys, hours=hours)

    enforce(tmp_path, (CALLERS,), at(40.0))

    assert (CALLER.encode() in raw(tmp_path)) is kept


def test_a_rule_may_ask_for_what_is_in_incidents_too(tmp_path: Path) -> None:
    write_night(tmp_path)
    open_incident(tmp_path, (ItemKind.TRACK, "7"))

    enforce(tmp_path, (replace(PILOTS, except_incidents=False),), at(31.0))

    assert SUSPECT not in raw(tmp_path)


def test_every_kind_of_datum_can_be_forgotten(tmp_path: Path) -> None:
    write_night(tmp_path)
    rules = tuple(
        RetentionRule(rule_id=datum.value, datum=datum, keep_h=1.0, reason="Enough")
        for datum in PersonalDatum
    )

    enforce(tmp_path, rules, at(100.0))

    found = raw(tmp_path)
    for word in (LAWFUL, SUSPECT, LATE, b"operator of", b'"SUSPECT"', b"Perpetua"):
        assert word not in found
    assert check_path(tmp_path / "night.db").intact


def test_sentences_that_name_somebody_go_too_but_for_those_of_an_incident(tmp_path: Path) -> None:
    write_night(tmp_path)
    open_incident(tmp_path, (ItemKind.TRACK, "7"))
    names = RetentionRule(
        rule_id="names", datum=PersonalDatum.CLAIMED_ID, keep_h=24.0, reason="Lawful flights are let be"
    )

    enforce(tmp_path, (names,), at(31.0))

    assert b"LAWFUL is its own name" not in raw(tmp_path)
    assert b"SUSPECT it says" in raw(tmp_path)


REFUSED = b"operator FIN-PERPETUA at 1234.567891"


@pytest.mark.parametrize("datum", [each for each in PersonalDatum if each is not PersonalDatum.PERMIT_HOLDER])
def test_a_refused_message_goes_with_whatever_it_may_hold(tmp_path: Path, datum: PersonalDatum) -> None:
    event = SourceEvent(
        source_id="rid", time_utc_ns=T0, kind="refused", says="latitude: 91, must be less", data=REFUSED
    )
    with LogDatabase.open(tmp_path / "night.db") as log:
        log.append(T0, EntryRole.INPUT, "run", encode_json(HEADER))
        log.append(T0, EntryRole.INPUT, "site", encode_json(SITE))
        log.append(T0, EntryRole.INPUT, "source_event", encode_json(event))
    open_incident(tmp_path, (ItemKind.TRACK, "7"))
    assert REFUSED in decoded(raw(tmp_path))
    rule = RetentionRule(rule_id="a", datum=datum, keep_h=24.0, reason="Enough")

    assert due(tmp_path, (rule,), at(24.0) - 1).due == ()
    report = enforce(tmp_path, (rule, replace(rule, rule_id="b", keep_h=48.0)), at(24.0))

    assert [(d.rule_id, d.sequence, d.path) for d in report.due] == [("a", 3, "data")]
    assert REFUSED not in decoded(raw(tmp_path))
    (left,) = LogReader(tmp_path / "night.db").entries(kind="source_event")
    assert decode_json(readable_payload(left) or b"", SourceEvent) == replace(event, data=b"")
    assert check_path(tmp_path / "night.db").intact


def decoded(found: bytes) -> bytes:
    """Return bytes, and what stands in base64 among them."""
    runs = re.findall(rb"[A-Za-z0-9+/]{16,}={0,2}", found)
    return found + b"".join(base64.b64decode(run[: len(run) // 4 * 4]) for run in runs)


HOLDER = Permit(
    permit_id="P-1",
    state=PermitState.APPROVED,
    version=1,
    holder="Perpetua Aerials",
    priority=PermitPriority.COMMERCIAL,
    owner="perpetua",
    contact="perpetua@example.org",
    scope=Scope(
        volumes=(),
        serials=("PERPETUA-SERIAL",),
        operator_ids=("FIN-PERPETUA",),
        pilots=("Perpetua herself",),
        flight=Flight(pilot_position=(9.876543, 2.0)),
    ),
)
PERMIT_WORDS = {
    PersonalDatum.PERMIT_HOLDER: (b"Perpetua Aerials", b"perpetua@example.org", b'"owner":"perpetua"'),
    PersonalDatum.PILOT_ID: (b"FIN-PERPETUA", b"Perpetua herself"),
    PersonalDatum.CLAIMED_ID: (b"PERPETUA-SERIAL",),
    PersonalDatum.PILOT_POSITION: (b"[9.876543,2.0]",),
}


@pytest.mark.parametrize("datum", PERMIT_WORDS)
def test_permits_that_the_log_began_with_go_and_the_site_can_still_be_read(
    tmp_path: Path, datum: PersonalDatum
) -> None:
    site = replace(SITE, permits=(HOLDER,))
    log = write_night(tmp_path, site)
    rule = RetentionRule(rule_id="a", datum=datum, keep_h=24.0, reason="Enough")
    assert all(word in raw(tmp_path) for words in PERMIT_WORDS.values() for word in words)

    enforce(tmp_path, (rule,), at(25.0))

    for each, words in PERMIT_WORDS.items():
        assert [word in raw(tmp_path) for word in words] == [each is not datum] * len(words), each
    recording = Recording(log)
    assert not recording.site_is_whole
    assert recording.site_as_told.permits[0].permit_id == "P-1"
    assert check_path(log).intact


def test_a_night_with_incidents_keeps_its_permits_and_is_known_again_once_they_are_gone(
    tmp_path: Path,
) -> None:
    monday = tmp_path / "monday"
    site = replace(SITE, permits=(HOLDER,))
    write_night(monday, site)
    open_incident(monday, (ItemKind.TRACK, "7"), site=site)
    rule = RetentionRule(rule_id="a", datum=PersonalDatum.PERMIT_HOLDER, keep_h=24.0, reason="Enough")

    assert 2 not in [found.sequence for found in enforce(monday, (rule,), at(25.0)).due]
    assert b"Perpetua Aerials" in raw(monday)
    assert enforce(monday, (replace(rule, except_incidents=False),), at(25.0)).due
    assert b"Perpetua Aerials" not in raw(monday)

    assert enforce(monday, (PILOTS,), at(31.0)).kept_for_incidents == 2
    assert SUSPECT in raw(monday)
    assert LAWFUL not in raw(monday)
    said: list[str] = []
    RetentionDuty((replace(PILOTS, except_incidents=False),), "site", tmp_path, Clock(), said.append).look()
    assert said == ["Retention: 2 data taken out of monday."]


def test_a_log_that_is_being_written_is_left_alone(tmp_path: Path) -> None:
    write_night(tmp_path)
    with LogDatabase.open(tmp_path / "night.db"), pytest.raises(SetupError, match="is being written"):
        enforce(tmp_path, (PILOTS,), at(31.0))


class Clock:
    hours = 31.0

    def now_utc_ns(self) -> int:
        return at(self.hours)


def test_a_watch_keeps_the_rules_for_the_closed_nights_of_its_site_beside_it(tmp_path: Path) -> None:
    for name in ("monday", "today", "elsewhere"):
        write_night(tmp_path / name, replace(SITE, site_id="other") if name == "elsewhere" else SITE)
    said: list[str] = []
    duty = RetentionDuty((PILOTS,), "site", tmp_path, Clock(), said.append)

    with LogDatabase.open(tmp_path / "today" / "night.db"):
        duty.look()

    assert said == ["Retention: 2 data taken out of monday."]
    assert LAWFUL not in raw(tmp_path / "monday")
    assert LAWFUL in raw(tmp_path / "today")
    assert LAWFUL in raw(tmp_path / "elsewhere")


def test_a_night_is_read_again_only_when_something_falls_due_or_its_case_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_night(tmp_path / "monday")
    clock, read = Clock(), list[float]()

    def counted(*arguments: Any, **more: Any) -> RetentionReport:
        read.append((arguments[2] - T0) / seconds_to_ns(3_600.0))
        return enforce(*arguments, **more)

    monkeypatch.setattr(retention_duty, "enforce", counted)
    duty = RetentionDuty((PILOTS,), "site", tmp_path, clock, lambda _: None)
    for hours in (20.0, 21.0, 24.0, 24.5, 26.0, 40.0, 54.0, 54.5, 60.0, 1_000.0):
        clock.hours = hours
        duty.look()
    assert read == [20.0, 24.0, 26.0, 54.0]
    open_incident(tmp_path / "monday")
    duty.look()
    assert read[4:] == [1_000.0]


def test_a_damaged_night_is_told_and_the_others_are_seen_to(tmp_path: Path) -> None:
    for name in ("monday", "tuesday"):
        write_night(tmp_path / name)
    whole = (tmp_path / "monday/night.db").read_bytes()
    (tmp_path / "monday/night.db").write_bytes(whole.replace(b"LAWFUL", b"AWFUL!", 1))
    said: list[str] = []

    duty = RetentionDuty((PILOTS,), "site", tmp_path, Clock(), said.append)
    duty.start()
    while not any("tuesday" in line for line in said):
        duty._thread.join(0.05)
    duty.stop()

    assert said[0].startswith("Retention: monday was left as it is: ")
    assert LAWFUL not in raw(tmp_path / "tuesday")


def miscut(log: Path, sequence: int) -> None:
    """Change how an entry is cut, as a bad disk would: the lengths no longer fit."""
    with contextlib.closing(sqlite3.connect(log)) as rows:
        guards = rows.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in guards:
            rows.execute(f'DROP TRIGGER "{name}"')
        rows.execute(
            "UPDATE entry SET segments = CAST(x'00000000ff' || segments AS BLOB) WHERE sequence = ?",
            (sequence,),
        )
        rows.commit()


# Of the night above: a claim, and what was identified.
@pytest.mark.parametrize("sequence", [3, 5])
def test_an_entry_that_is_damaged_is_named(tmp_path: Path, sequence: int) -> None:
    log = write_night(tmp_path)
    open_incident(tmp_path, (ItemKind.TRACK, "7"))
    miscut(log, sequence)

    with pytest.raises(IntegrityError, match=f"entry {sequence} is damaged") as caught:
        due(tmp_path, (PILOTS,), at(31.0))
    assert caught.value.entry == sequence


def test_no_night_ends_a_watch_s_retention_and_each_reason_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("monday", "tuesday", "wednesday"):
        write_night(tmp_path / name)
    miscut(tmp_path / "monday/night.db", 3)

    def faulty(night: Path, *arguments: Any, **more: Any) -> RetentionReport:
        if night.parent.name == "tuesday":
            raise ZeroDivisionError("a fault of ours")
        return enforce(night, *arguments, **more)

    monkeypatch.setattr(retention_duty, "enforce", faulty)
    monkeypatch.setattr(retention_duty, "EVERY_S", 0.01)
    said: list[str] = []
    duty = RetentionDuty((PILOTS,), "site", tmp_path, Clock(), said.append)
    duty.start()
    while len(said) < 3:
        duty._thread.join(0.05)
    write_night(tmp_path / "yesterday")
    while len(said) < 4:
        duty._thread.join(0.05)
    assert duty._thread.is_alive()
    duty.stop()

    assert said[0].startswith("Retention: monday was left as it is: entry 3 is damaged: ")
    assert said[1:] == [
        "Retention: tuesday was left as it is: a fault in Skykeep itself, ZeroDivisionError: a fault of ours",
        "Retention: 2 data taken out of wednesday.",
        "Retention: 2 data taken out of yesterday.",
    ]
    assert LAWFUL not in raw(tmp_path / "wednesday") + raw(tmp_path / "yesterday")
    assert LAWFUL in raw(tmp_path / "monday")


def test_rules_have_names_of_their_own() -> None:
    text = RetentionText(id="a", datum=PersonalDatum.PILOT_ID, keep_h=1.0, reason="Enough")

    with pytest.raises(SetupError, match="retention has 'a' twice"):
        rules_of((text, text))
