"""Orders of a log are looked at again: rightly given they pass, and a log made anew by a careful hand is seen
through.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest
from click.testing import CliRunner

from drawn import drawn_zone
from live_watch import ORIGIN, a_sensor
from response.test_response_desk import PLAYBOOK, RESIDENCE
from response.test_response_desk import SITE as DESK_SITE
from sample_case import ring
from skykeep.app.bare_site import bare_site
from skykeep.app.live import open_pipeline
from skykeep.app.orders_check import check_night, check_orders
from skykeep.base.clock import ManualClock, seconds_to_ns
from skykeep.cli.verify import verify
from skykeep.domain.commands import AcknowledgeAlert, ApproveResponse, ProposeResponse, Tick
from skykeep.domain.record import LogEntry
from skykeep.domain.response import ProposalState
from skykeep.domain.sensing import MeasurementKind, make_scan
from skykeep.engine.pipeline import Pipeline
from skykeep.store.log_database import LogDatabase
from skykeep.store.log_reader import LogReader
from skykeep.store.redaction import Taking, redact

NOW_NS = 1_935_540_000_000_000_000
SITE = msgspec.structs.replace(
    bare_site("test", "test", ORIGIN, (a_sensor("radar"),)),
    assets=(RESIDENCE,),
    zones=(drawn_zone(ORIGIN, "ban", (ring(0.0, 0.0, 2_500.0),), name="City-wide ban"),),
    playbooks=(PLAYBOOK,),
    people=DESK_SITE.people,
)
Change = Callable[[LogEntry], bytes | None]


def decide(pipeline: Pipeline, now_ns: int) -> bool:
    """Let people do what is next: hear it, propose (Cem), approve (Ada, Ben); return whether all is done."""
    opened = [alert for alert in pipeline.desk.alerts if alert.state == "raised"]
    for alert in opened:
        heard = AcknowledgeAlert(alert_id=alert.alert_id, by="op", time_utc_ns=now_ns)
        assert pipeline.receive(heard) is None
        asked = ProposeResponse(alert_id=alert.alert_id, by="cem", time_utc_ns=now_ns)
        assert pipeline.receive(asked) is None
    for proposal in pipeline.desk.proposals:
        if proposal.state is not ProposalState.PROPOSED:
            return True
        by = ("ada", "ben")[len(proposal.approvals)]
        yes = ApproveResponse(
            proposal_id=proposal.proposal_id,
            option_id="soft",
            by=by,
            time_utc_ns=now_ns,
            terms_sha256=proposal.terms_sha256,
            approval_id=f"yes-{by}",
            proven_by="passphrase",
        )
        assert pipeline.receive(yes) is None
    return False


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log in which a drone comes nearer, Cem proposes, Ada and Ben say yes, and one order is given."""
    path = tmp_path_factory.mktemp("orders") / "night.db"
    clock = ManualClock(NOW_NS)
    with contextlib.closing(LogDatabase.open(path)) as log:
        pipeline = open_pipeline(SITE, log, clock)
        for k in range(150):
            now_ns = NOW_NS + seconds_to_ns(0.2 * k)
            clock.set_utc_ns(now_ns)
            scan = make_scan(
                sensor_id="radar",
                sequence=k,
                kind=MeasurementKind.POSITION,
                time_utc_ns=now_ns,
                received_utc_ns=now_ns,
                measured=np.array([[1_500.0 - 26.0 * 0.2 * k, 20.0, 80.0]]),
                sigma=np.full((1, 3), 5.0),
            )
            pipeline.receive(scan)
            pipeline.receive(Tick(time_utc_ns=now_ns))
            if decide(pipeline, now_ns):
                break
    return path


def made_anew(night: Path, folder: Path, change: Change) -> Path:
    """Write the log once more, payloads changed, or left out for None: its chain is as good as new."""
    path = folder / "night.db"
    with contextlib.closing(LogReader(night)) as reader, contextlib.closing(LogDatabase.open(path)) as log:
        for entry in reader.entries():
            payload = change(entry)
            if payload is not None:
                log.append(entry.time_utc_ns, entry.role, entry.kind, payload)
    return path


def test_an_order_of_two_who_agreed_was_rightly_given_and_nothing_is_changed_by_looking(night: Path) -> None:
    before = {path.name: path.read_bytes() for path in night.parent.iterdir()}
    report = check_night(night)
    assert report.verified, report.findings
    assert [(order.order_id, order.faults) for order in report.orders] == [("order-0001", ())]
    assert {path.name: path.read_bytes() for path in night.parent.iterdir()} == before
    said = CliRunner().invoke(verify, [str(night)])
    assert said.exit_code == 0, said.output
    assert "order-0001: rightly given" in said.output


def an_approval_altered(entry: LogEntry) -> bytes:
    """Ben said yes to other terms than he is said to have."""
    if entry.kind != "approve_response" or b'"ben"' not in entry.payload:
        return entry.payload
    return json.dumps(json.loads(entry.payload) | {"terms_sha256": "0" * 64}).encode()


def an_approval_left_out(entry: LogEntry) -> bytes | None:
    is_it = entry.kind == "approve_response" and b'"ben"' in entry.payload
    return None if is_it else entry.payload


def an_approval_of_his_own(entry: LogEntry) -> bytes:
    """It was Cem, who had proposed it, wherever the log has Ben."""
    if entry.kind in ("approve_response", "proposal", "effect_order"):
        return entry.payload.replace(b'"ben"', b'"cem"')
    return entry.payload


def an_order_on_another_track(entry: LogEntry) -> bytes:
    if entry.kind != "effect_order":
        return entry.payload
    return json.dumps(json.loads(entry.payload) | {"track_id": 999}).encode()


FORGED: dict[str, tuple[Change, str]] = {
    "an approval was altered": (an_approval_altered, "No yes of ben to its terms stood when it was given."),
    "an approval was left out": (an_approval_left_out, "No yes of ben to its terms stood when it was given."),
    "an approver had proposed it": (an_approval_of_his_own, "cem said yes to their own proposal."),
    "the order is on another track": (an_order_on_another_track, "It is on track 999, its proposal on track"),
}


@pytest.mark.parametrize("story", FORGED)
def test_a_log_made_anew_is_seen_through_by_its_orders(night: Path, tmp_path: Path, story: str) -> None:
    change, fault = FORGED[story]
    path = made_anew(night, tmp_path, change)
    assert check_night(path, orders=False).verified, "the chain alone has nothing against it"

    report = check_night(path)
    assert not report.verified
    assert any(fault in finding.sentence for finding in report.findings), report.findings
    (order,) = report.orders
    assert {(finding.field, finding.entry) for finding in report.findings} == {("order", order.entry)}
    with contextlib.closing(LogReader(path)) as reader:
        assert [entry.kind for entry in reader.entries(order.entry, order.entry)] == ["effect_order"]

    said = CliRunner().invoke(verify, [str(path)])
    assert said.exit_code == 1
    assert "order-0001: NOT RIGHTLY given" in said.output
    assert f"(entry {order.entry}) was not rightly given. " in said.output
    told = json.loads(CliRunner().invoke(verify, [str(path), "--json"]).output)
    assert told["orders"][0]["faults"]


def test_a_log_that_was_killed_is_looked_at_in_a_copy(night: Path, tmp_path: Path) -> None:
    with contextlib.closing(LogReader(night)) as reader, LogDatabase.open(tmp_path / "night.db") as log:
        for entry in reader.entries():
            log.append(entry.time_utc_ns, entry.role, entry.kind, entry.payload)
        log.flush()
        killed = tmp_path / "killed"
        killed.mkdir()
        for name in ("night.db", "night.db-wal"):
            (killed / name).write_bytes((tmp_path / name).read_bytes())
    before = {path.name: path.read_bytes() for path in killed.iterdir()}
    report = check_night(killed)
    assert (report.verified, report.sealed, len(report.orders)) == (True, False, 1)
    assert {path.name: path.read_bytes() for path in killed.iterdir()} == before


def test_a_log_whose_story_cannot_be_told_again_is_wrong_and_not_a_crash(night: Path, tmp_path: Path) -> None:
    def nonsense(entry: LogEntry) -> bytes:
        return b'{"by":7}' if entry.kind == "acknowledge_alert" else entry.payload

    report = check_night(made_anew(night, tmp_path, nonsense))
    assert not report.verified
    assert [finding.field for finding in report.findings] == ["order"]
    assert "cannot be made again" in report.findings[0].sentence


def test_a_log_without_an_order_takes_no_replay(night: Path, tmp_path: Path) -> None:
    def only_scans(entry: LogEntry) -> bytes | None:
        return entry.payload if entry.kind == "scan" else None

    # It does not even begin with a site: a replay would say so.
    path = made_anew(night, tmp_path, only_scans)
    assert list(check_orders(path)) == []
    assert check_night(path).verified


def test_orders_after_a_redaction_are_not_looked_at_and_it_says_so(night: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(night.parent, tmp_path / "copy")) / "night.db"
    with contextlib.closing(LogReader(copy)) as reader:
        (yes, *_) = [entry.sequence for entry in reader.entries(kind="approve_response")]
    redact(copy, [Taking(sequence=yes)], by="somebody", because="he says so", now_utc_ns=1)

    report = check_night(copy)

    assert (report.findings, report.intact, report.complete, report.orders) == ((), True, False, ())
    assert f"orders after that were not looked at: entry {yes} was redacted by somebody" in report.notes[-1]
    assert f"entry {yes} redacted by somebody: he says so." in report.lacking
