"""Proof of person: who gets as far as the watch, at the console, over HTTP and with a passphrase."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from api.test_register_auth import IMPOSTORS
from fake_night import PROPOSAL, FakeNight
from register_world import AUDIENCE, ISSUER, NOW_UTC_NS, bearer, pem_file, token
from skykeep.api import commands as c
from skykeep.api.codec import decode_command, to_json
from skykeep.api.orders import decision_of
from skykeep.api.proof import APPROVE, MADE_UP, MadeUpPersons, NobodyProven, ProvenPersons
from skykeep.api.response_api import PROPOSE, READ, SCOPES, create_response_api
from skykeep.api.tokens import Gatekeeper, TokenSettings
from skykeep.base.clock import ManualClock
from skykeep.base.errors import InputError, SetupError
from skykeep.domain.commands import ApproveResponse, ProposalCommand, RefuseResponse
from skykeep.store.people_file import Cost, PeopleFile

CHEAP = Cost(memory_kib=64, rounds=1, lanes=1)
SECRET = "a heron on the quay"
DIGEST = "0" * 64


def gatekeeper(folder: Path) -> Gatekeeper:
    settings = TokenSettings(issuer=ISSUER, audiences=(AUDIENCE,), key_files=(pem_file(folder),))
    return Gatekeeper(settings, {}, ManualClock(NOW_UTC_NS))


def people(folder: Path, clock: ManualClock | None = None) -> PeopleFile:
    return PeopleFile(folder / "people.json", clock or ManualClock(NOW_UTC_NS), CHEAP)


def approve(by: str = "ada", proof: str = "") -> c.Approve:
    return c.Approve(
        proposal_id="p", option_id="soft", by=by, proof=proof, terms_sha256=DIGEST, approval_id="1"
    )


# --- the console -----------------------------------------------------------------------------------------


def test_at_the_demo_whoever_sits_there_plays_every_part_and_it_is_recorded() -> None:
    found = decision_of(approve(), 7, MadeUpPersons("SIMULATION", "127.0.0.1"))
    assert isinstance(found, ApproveResponse)
    assert (found.by, found.proven_by, found.terms_sha256) == ("ada", MADE_UP, DIGEST)


@pytest.mark.parametrize(
    ("mode", "host"), [("LIVE", "127.0.0.1"), ("REPLAY", "::1"), ("SIMULATION", "0.0.0.0")]
)
def test_made_up_persons_are_of_a_simulation_on_this_machine_alone(mode: str, host: str) -> None:
    with pytest.raises(SetupError, match="made-up persons"):
        MadeUpPersons(mode, host)


ACTS: tuple[c.ProposalAct, ...] = (
    approve(),
    c.Refuse(proposal_id="p", by="ada", reason="No."),
    c.Propose(alert_id="a", by="ada"),
    c.Withdraw(proposal_id="p", by="ada", reason="No."),
    c.TakeBack(proposal_id="p", by="ada", reason="No."),
)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: type(act).__name__)
def test_nothing_is_said_of_a_proposal_without_proof(act: c.ProposalAct, tmp_path: Path) -> None:
    for proofs in (None, NobodyProven(), ProvenPersons(people(tmp_path), gatekeeper(tmp_path))):
        with pytest.raises(InputError) as refused:
            decision_of(act, 7, proofs)
        assert refused.value.field == "proof"


PROOFS: dict[str, tuple[str, str, str]] = {
    "nothing": ("ada", "", "proof"),
    "a wrong passphrase": ("ada", "a heron on the quai", "proof"),
    "somebody else's passphrase": ("ben", SECRET, "proof"),
    "the passphrase of one who was revoked": ("cem", "three grey geese", "proof"),
    "a passphrase of nobody enrolled": ("dan", SECRET, "proof"),
    "a token without the scope": ("ada", token(READ), "proof"),
    "a token of somebody else": ("ben", token(APPROVE), "by"),
    "a token of a name in another case": ("Ada", token(APPROVE), "by"),
    **{
        f"a token {story}": ("ada", headers["authorization"].split()[-1], "proof")
        for story, (status, headers) in IMPOSTORS.items()
        if status == 401 and headers.get("authorization", "").count(".") == 2
    },
}


@pytest.mark.parametrize("story", PROOFS)
def test_a_proof_that_is_none(story: str, tmp_path: Path) -> None:
    kept = people(tmp_path)
    kept.enrol("ada", SECRET, "chief")
    kept.enrol("ben", "an otter under the pier", "chief")
    kept.enrol("cem", "three grey geese", "chief")
    kept.revoke("cem", "chief")
    proofs = ProvenPersons(kept, gatekeeper(tmp_path))
    by, proof, field = PROOFS[story]
    with pytest.raises(InputError) as refused:
        decision_of(approve(by, proof), 7, proofs)
    assert refused.value.field == field
    assert not proof or proof not in str(refused.value)


def test_a_passphrase_and_a_token_prove_and_go_no_further(tmp_path: Path) -> None:
    kept = people(tmp_path)
    kept.enrol("ada", SECRET, "chief")
    proofs = ProvenPersons(kept, gatekeeper(tmp_path))
    for proof, proven_by in ((SECRET, "passphrase"), (token(APPROVE), "token")):
        act = approve("ada", proof)
        found = decision_of(act, 7, proofs)
        assert isinstance(found, ApproveResponse)
        assert found.proven_by == proven_by
        assert proof not in repr(found)
        assert proof not in repr(act)
    with pytest.raises(SetupError, match="no proof of persons"):
        ProvenPersons(None, None)


def test_a_command_over_the_socket_has_bounds() -> None:
    frame: dict[str, Any] = {"type": "approve", "proposal_id": "p", "option_id": "o", "by": "b"}
    decode_command(json.dumps(frame | {"terms_sha256": DIGEST, "approval_id": "1"}).encode(), "json")
    for wrong in (
        {"terms_sha256": "xyz"},
        {"approval_id": "x" * 101},
        {"proof": "x" * 8_001},
        {"proven_by": "token"},
    ):
        with pytest.raises(InputError):
            decode_command(json.dumps(frame | wrong).encode(), "json")


def test_what_may_fall_and_on_how_many_comes_first() -> None:
    night = FakeNight()
    night.advance_to(16)
    (proposal,) = night.present().lists.proposals.proposals
    shown = json.loads(to_json(proposal))
    assert next(iter(shown)) == "options"
    first = ["persons_expected", "persons_error", "persons_at_most", "debris", "if_nothing"]
    assert list(shown["options"][0])[:5] == first


# --- passphrases -----------------------------------------------------------------------------------------


def test_the_file_holds_no_passphrase_and_is_its_owners_alone(tmp_path: Path) -> None:
    kept = people(tmp_path)
    kept.enrol("ada", SECRET, "chief")
    file = tmp_path / "people.json"
    assert SECRET.encode() not in file.read_bytes()
    assert b"$argon2id$v=19$m=64,t=1,p=1$" in file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o640)
    with pytest.raises(SetupError, match="mode 640, must be 600"):
        people(tmp_path)
    file.chmod(0o600)
    file.write_text("half writ")
    with pytest.raises(SetupError, match="cannot be read"):
        people(tmp_path)


def test_one_person_is_not_enrolled_as_two_and_a_new_passphrase_ends_the_old(tmp_path: Path) -> None:
    kept = people(tmp_path)
    kept.enrol("ada", SECRET, "chief")
    with pytest.raises(InputError, match="somebody else's"):
        kept.enrol("ada2", SECRET, "chief")
    for weak in ("short", "x" * 257, " twelve letters", "eyJhbGciOi.twelve.letters"):
        with pytest.raises(InputError, match="passphrase"):
            kept.enrol("ben", weak, "chief")
    kept.enrol("ada", "another one altogether", "chief")
    with pytest.raises(InputError, match="a wrong passphrase"):
        kept.check("ada", SECRET)
    kept.check("ada", "another one altogether")
    assert [each.revoked_utc_ns is None for each in kept.people] == [False, True]
    with pytest.raises(InputError, match="somebody who is enrolled"):
        kept.revoke("ben", "chief")


def test_a_revocation_by_another_process_holds_at_once(tmp_path: Path) -> None:
    watch, desk = people(tmp_path), people(tmp_path)
    desk.enrol("ada", SECRET, "chief")
    watch.check("ada", SECRET)
    desk.revoke("ada", "chief")
    with pytest.raises(InputError):
        watch.check("ada", SECRET)


def test_five_wrong_ones_in_a_row_make_the_next_wait(tmp_path: Path) -> None:
    clock = ManualClock(NOW_UTC_NS)
    kept = people(tmp_path, clock)
    kept.enrol("ada", SECRET, "chief")
    kept.enrol("ben", "an otter under the pier", "chief")
    for _ in range(5):
        with pytest.raises(InputError, match="a wrong passphrase"):
            kept.check("ada", "guess upon guess")
    with pytest.raises(InputError, match="5 wrong ones in a row"):
        kept.check("ada", SECRET)
    kept.check("ben", "an otter under the pier")
    clock.set_utc_ns(NOW_UTC_NS + 30_000_000_000)
    kept.check("ada", SECRET)


# --- over HTTP -------------------------------------------------------------------------------------------


class Served:
    """The door, and what came through it."""

    def __init__(self, folder: Path) -> None:
        self.asked: list[ProposalCommand] = []
        self.night = FakeNight()
        self.night.advance_to(16)
        self.app = create_response_api(
            self.night, self.asked.append, gatekeeper(folder), ManualClock(NOW_UTC_NS)
        )

    def ask(self, method: str, path: str, headers: dict[str, str], body: object = None) -> httpx.Response:
        path = path.replace("{id}", PROPOSAL)
        bodies = {"approve": {"option_id": "soft", "terms_sha256": DIGEST, "approval_id": "1"}, "propose": {}}
        sent = bodies.get(path.rsplit("/", 1)[-1], {"reason": "No."}) if body is None else body
        return self.send(method, path, headers, sent if method == "POST" else None)

    def send(self, method: str, path: str, headers: dict[str, str], body: object = None) -> httpx.Response:
        async def tell() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
                return await client.request(method, path, headers=headers, json=body)

        return asyncio.run(tell())


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Served:
    return Served(tmp_path_factory.mktemp("door"))


def test_the_door_serves_what_the_table_of_scopes_has_and_nothing_else(door: Served) -> None:
    assert isinstance(door.app, Starlette)
    routes = {(method, route.path) for route in door.app.routes for method in route.methods or ()}  # type: ignore[attr-defined]
    assert {each for each in routes if each[0] != "HEAD"} == set(SCOPES)


@pytest.mark.parametrize("impostor", sorted(IMPOSTORS))
@pytest.mark.parametrize(("method", "path"), sorted(SCOPES))
def test_an_impostor_gets_in_nowhere(door: Served, method: str, path: str, impostor: str) -> None:
    status, headers = IMPOSTORS[impostor]
    assert door.ask(method, path, headers).status_code == status
    assert door.asked == []


@pytest.mark.parametrize(("method", "path"), sorted(SCOPES))
def test_each_scope_opens_what_the_table_says(door: Served, method: str, path: str) -> None:
    for scope in (READ, PROPOSE, APPROVE, "skykeep.permits.decide"):
        status = door.ask(method, path, bearer(scope)).status_code
        assert (status == 200) == (scope in SCOPES[method, path])
        assert status in (200, 403)
    came = len(door.asked)
    door.asked.clear()
    assert came == (0 if method == "GET" else len(SCOPES[method, path]))


def test_the_person_is_the_subject_of_the_token_and_nobody_else(door: Served) -> None:
    door.ask("POST", "/v1/proposals/{id}/approve", bearer(APPROVE, sub="deputy"))
    door.ask("POST", "/v1/proposals/{id}/refuse", bearer(APPROVE, sub="commander"))
    yes, no = door.asked
    door.asked.clear()
    assert isinstance(yes, ApproveResponse)
    assert (yes.by, yes.proven_by, yes.time_utc_ns, yes.proposal_id) == (
        "deputy",
        "token",
        NOW_UTC_NS,
        PROPOSAL,
    )
    assert isinstance(no, RefuseResponse)
    assert (no.by, no.reason) == ("commander", "No.")
    named = {"option_id": "soft", "terms_sha256": DIGEST, "approval_id": "1", "by": "commander"}
    answer = door.ask("POST", "/v1/proposals/{id}/approve", bearer(APPROVE, sub="deputy"), named)
    assert answer.status_code == 422
    assert door.asked == []


def test_what_the_watch_refuses_is_told(tmp_path: Path) -> None:
    served = Served(tmp_path)

    def refuse(_: ProposalCommand) -> None:
        raise InputError("by", "ada, operator", "a person who may approve")

    clock = ManualClock(NOW_UTC_NS)
    served.app = create_response_api(served.night, refuse, gatekeeper(tmp_path), clock)
    answer = served.ask("POST", "/v1/proposals/{id}/approve", bearer(APPROVE))
    assert answer.status_code == 422
    assert answer.json() == {
        "errors": [{"field": "by", "found": "ada, operator", "must": "a person who may approve"}]
    }
    assert served.send("GET", "/v1/proposals/none", bearer(READ)).status_code == 404
