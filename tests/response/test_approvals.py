"""Who may set an effect in motion: every path that one person, or an old or altered yes, could take."""

from __future__ import annotations

import functools
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from response.test_response_desk import PLAYBOOK, SITE, START_UTC_NS, Flight, Night, of
from skykeep.base.errors import InputError, SetupError
from skykeep.domain.commands import (
    ApproveResponse,
    ProposeResponse,
    RefuseResponse,
    WithdrawApproval,
    WithdrawProposal,
)
from skykeep.domain.place import Person
from skykeep.domain.posture import DEFAULT_LEVELS, Posture
from skykeep.domain.response import EffectOption, EffectOrder, Proposal, ProposalState
from skykeep.domain.rules import ResponseRules
from skykeep.domain.site import Quorum, Site
from skykeep.response.desk import ResponseDesk
from skykeep.response.quorum import can_be_met, quorum_of
from skykeep.response.renewal import refresh
from skykeep.response.terms import bounds_of, distance_to_way_m, out_of_bounds, terms_sha256, with_terms

ADA2 = Person(person_id="ada2", name=" ADA ", role="deputy", may_approve=True)


def with_people(*people: Person) -> Site:
    return msgspec.structs.replace(SITE, people=(*SITE.people, *people))


def yes(night: Night, by: str = "ada", **changes: Any) -> ApproveResponse:
    """A yes that counts, but for what is changed."""
    night.yeses += 1
    fields: dict[str, Any] = {
        "proposal_id": "proposal-0001",
        "option_id": "soft",
        "by": by,
        "time_utc_ns": night.time_utc_ns + 100_000_000,
        "terms_sha256": night.desk.proposals[0].terms_sha256,
        "approval_id": f"id-{night.yeses}",
        "proven_by": "token",
    }
    return ApproveResponse(**(fields | changes))


def orders(night: Night, *commands: ApproveResponse) -> list[EffectOrder]:
    return [order for command in commands for order in of(EffectOrder, list(night.desk.command(command)))]


def nothing_is_asked(night: Night) -> None:
    """It is too early for the rules to ask."""
    assert len(night.desk.proposals) == 0


# Two who may, one after the other: what is wrong with the second yes, and which field says so.
SECOND_YES: dict[str, tuple[dict[str, Any], str]] = {
    "the same person again": ({"by": "ada"}, "by"),
    "the same person under another id": ({"by": "ada2"}, "by"),
    "somebody without the role": ({"by": "op"}, "by"),
    "a stranger": ({"by": "mallory"}, "by"),
    "a name in another spelling": ({"by": "Ben"}, "by"),
    "to other terms": ({"terms_sha256": "0" * 64}, "terms_sha256"),
    "to no terms": ({"terms_sha256": ""}, "terms_sha256"),
    "an id that has come before": ({"approval_id": "id-1"}, "approval_id"),
    "no id": ({"approval_id": " "}, "approval_id"),
    "an id without end": ({"approval_id": "x" * 101}, "approval_id"),
    "nobody knows whose": ({"proven_by": ""}, "proven_by"),
    "scripted, and all is not made up": ({"proven_by": "scripted"}, "proven_by"),
    "of the demo's console, and all is not made up": ({"proven_by": "console of the demo"}, "proven_by"),
    "to another option": ({"option_id": "hard"}, "option_id"),
    "to no option": ({"option_id": "laser"}, "option_id"),
    "to another proposal": ({"proposal_id": "proposal-0002"}, "proposal_id"),
    "dated before there was one": ({"time_utc_ns": START_UTC_NS}, "time_utc_ns"),
    "dated after its hour": ({"time_utc_ns": START_UTC_NS + 10**12}, "proposal_id"),
}


@pytest.mark.parametrize("story", SECOND_YES)
def test_a_second_yes_that_is_none(story: str) -> None:
    changes, field = SECOND_YES[story]
    night = Night(Flight(), site=with_people(ADA2)).proposed()
    assert orders(night, yes(night, "ada")) == []
    with pytest.raises(InputError) as refused:
        night.desk.command(yes(night, **({"by": "ben"} | changes)))
    assert refused.value.field == field
    assert night.desk.proposals[0].state is ProposalState.PROPOSED
    assert [approval.by for approval in night.desk.proposals[0].approvals] == ["ada"]
    (order,) = orders(night, yes(night, "ben"))
    assert [(each.by, each.proven_by) for each in order.approvals] == [("ada", "token"), ("ben", "token")]
    assert {each.terms_sha256 for each in order.approvals} == {night.desk.proposals[0].terms_sha256}


def test_what_was_refused_cannot_be_sent_again_when_it_would_fit() -> None:
    night = Night(Flight()).proposed()
    too_early = yes(night, "ada", terms_sha256="0" * 64)
    with pytest.raises(InputError):
        night.desk.command(too_early)
    fits = msgspec.structs.replace(too_early, terms_sha256=night.desk.proposals[0].terms_sha256)
    with pytest.raises(InputError, match="which has come before"):
        night.desk.command(fits)


def test_a_yes_that_was_taken_back_cannot_be_replayed() -> None:
    night = Night(Flight()).proposed()
    first = yes(night, "ada")
    night.desk.command(first)
    night.does(WithdrawApproval, proposal_id="proposal-0001", reason="A boat came in.", by="ada")
    assert night.desk.proposals[0].outcome == "ada took back their yes: A boat came in."
    with pytest.raises(InputError, match="which has come before"):
        night.desk.command(first)
    assert orders(night, yes(night, "ben")) == []
    with pytest.raises(InputError, match="cem, who has not approved it"):
        night.does(WithdrawApproval, proposal_id="proposal-0001", reason="Why not.", by="cem")
    assert len(orders(night, yes(night, "ada"))) == 1, "people may change their mind again"


def test_scripted_people_count_where_all_is_made_up() -> None:
    night = Night(Flight())
    night.desk = ResponseDesk(SITE, simulated=True)
    night.proposed()
    assert len(orders(night, *(yes(night, by, proven_by="scripted") for by in ("ada", "ben")))) == 1


def test_nobody_approves_what_they_proposed() -> None:
    night = Night(Flight(east_m=4000.0), site=with_people(ADA2)).acknowledged()
    nothing_is_asked(night)
    for flight in night.flights:
        flight.east_m = 2400.0
    night.look()
    if not night.desk.proposals:
        night.does(ProposeResponse, alert_id="alert-0001", by="ada")
    proposal = night.desk.proposals[0]
    assert (proposal.proposed_by, proposal.because) == ("ada", "Ada, commander, asks for a decision.")
    for by in ("ada", "ada2"):
        with pytest.raises(InputError, match="who proposed it, must be another person"):
            night.desk.command(yes(night, by))
    with pytest.raises(InputError, match="is open"):
        night.does(ProposeResponse, alert_id="alert-0001", by="ben")
    assert len(orders(night, yes(night, "ben"), yes(night, "cem"))) == 1


def test_who_asks_must_leave_enough_others() -> None:
    two = tuple(person for person in SITE.people if person.person_id != "cem")
    night = Night(Flight(east_m=2500.0, east_mps=-8.0), site=msgspec.structs.replace(SITE, people=two))
    night.acknowledged()
    nothing_is_asked(night)
    with pytest.raises(InputError, match="without whom too few could agree"):
        night.does(ProposeResponse, alert_id="alert-0001", by="ada")
    with pytest.raises(InputError, match="must be an alert that is open"):
        night.does(ProposeResponse, alert_id="alert-0009", by="op")
    night.does(ProposeResponse, alert_id="alert-0001", by="op")
    assert night.desk.proposals[0].proposed_by == "op"
    night.does(WithdrawProposal, proposal_id="proposal-0001", reason="A mistake.", by="op")
    assert night.desk.proposals[0].state is ProposalState.WITHDRAWN


def test_a_proposal_that_is_withdrawn_or_refused_is_over() -> None:
    for make, says in ((WithdrawProposal, "Withdrawn by ben: No."), (RefuseResponse, "Refused by ben: No.")):
        night = Night(Flight()).proposed()
        night.desk.command(yes(night, "ada"))
        with pytest.raises(InputError, match="a reason in words"):
            night.does(make, proposal_id="proposal-0001", reason="  ", by="ben")
        with pytest.raises(InputError, match="a person who may approve"):
            night.does(make, proposal_id="proposal-0001", reason="No.", by="op")
        (proposal,) = of(Proposal, night.does(make, proposal_id="proposal-0001", reason="No.", by="ben"))
        assert proposal.outcome == says
        with pytest.raises(InputError, match=f"which is {proposal.state}"):
            night.desk.command(yes(night, "cem"))


LEVELS = (*DEFAULT_LEVELS[:2], msgspec.structs.replace(DEFAULT_LEVELS[2], more_approvals=1))
STRICT = msgspec.structs.replace(
    PLAYBOOK, quorums=(Quorum(from_level=1, approvals_needed=2, roles=("commander",)),), legal_basis="Act 4"
)


@pytest.mark.parametrize(
    ("level", "needed", "roles"), [(0, 2, ()), (1, 2, ("commander",)), (2, 3, ("commander",))]
)
def test_the_quorum_is_that_of_the_posture(level: int, needed: int, roles: tuple[str, ...]) -> None:
    quorum = quorum_of(STRICT, level, LEVELS)
    assert (quorum.approvals_needed, quorum.roles) == (needed, roles)


def test_two_without_the_role_are_not_enough_and_a_third_with_it_is() -> None:
    playbook = msgspec.structs.replace(
        STRICT, quorums=(Quorum(from_level=0, approvals_needed=2, roles=("commander",)),)
    )
    night = Night(Flight(), site=msgspec.structs.replace(SITE, playbooks=(playbook,))).proposed()
    assert night.desk.proposals[0].legal_basis == "Act 4"
    assert orders(night, yes(night, "ben"), yes(night, "cem")) == []
    assert len(orders(night, yes(night, "ada"))) == 1


def test_a_posture_that_rises_asks_for_more_and_one_that_falls_for_no_less() -> None:
    site = msgspec.structs.replace(SITE, playbooks=(STRICT,), postures=LEVELS)
    night = Night(Flight(), site=site).proposed()
    book, cases = night.desk._proposals, night.desk._alerts.cases
    night.desk.command(yes(night, "ada"))
    high = Posture(level=2, name="high", because="The parade.", since_utc_ns=0)
    book.look(night.time_utc_ns, {"residence": STRICT}, cases, high)
    (proposal,) = night.desk.proposals
    assert (proposal.approvals_needed, proposal.roles_needed, proposal.approvals) == (3, ("commander",), ())
    assert proposal.outcome == "Approvals lapsed: the posture rose to high."
    book.look(night.time_utc_ns, {"residence": STRICT}, cases)
    assert night.desk.proposals[0].approvals_needed == 3
    assert orders(night, yes(night, "ben"), yes(night, "cem")) == []
    assert len(orders(night, yes(night, "ada"))) == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"quorums": (Quorum(from_level=1, approvals_needed=1),)}, "1 approvals needed, must be at least 2"),
        ({"quorums": (Quorum(from_level=1, approvals_needed=4),)}, "at posture 1 4 must agree"),
        ({"quorums": (Quorum(from_level=0, approvals_needed=2, roles=("judge",)),)}, "judge among them"),
    ],
)
def test_a_quorum_that_is_too_small_or_out_of_reach_stops_the_start(
    changes: dict[str, object], says: str
) -> None:
    playbook = msgspec.structs.replace(PLAYBOOK, **changes)
    with pytest.raises(SetupError, match=says):
        ResponseDesk(msgspec.structs.replace(SITE, playbooks=(playbook,)))


def test_one_person_under_two_ids_makes_no_quorum() -> None:
    people = (SITE.people[0], ADA2)
    assert not can_be_met(Quorum(from_level=0, approvals_needed=2), people)
    with pytest.raises(SetupError, match="different persons"):
        ResponseDesk(msgspec.structs.replace(SITE, people=people))
    with pytest.raises(SetupError, match="goes by 'machine'"):
        ResponseDesk(with_people(Person(person_id="Machine", name="M", role="r")))


def test_every_part_of_the_terms_is_in_their_digest() -> None:
    proposal = Night(Flight()).proposed().desk.proposals[0]
    assert proposal.terms_sha256 == terms_sha256(proposal)
    soft, hard = proposal.options
    assert soft.bounds is not None
    nearer = msgspec.structs.replace(soft.bounds, persons_at_most=9.0)
    others: list[dict[str, Any]] = [
        {"proposal_id": "p"}, {"alert_id": "a"}, {"track_id": 2}, {"asset_id": "stadium"},
        {"proposed_by": "x"},
        {"proposed_utc_ns": 1}, {"expires_utc_ns": 1}, {"posture": "high"}, {"authority": "x"},
        {"legal_basis": "x"},
        {"approvals_needed": 3}, {"roles_needed": ("commander",)}, {"options": (soft,)},
        {"options": (hard, soft)},
        *(
            {"options": (msgspec.structs.replace(soft, **{name: value}), hard)}
            for name, value in (
                ("option_id", "x"), ("name", "x"), ("says", "x"), ("layer", hard.layer), ("delay_s", 9.0),
                ("success_probability", 0.1), ("results", (("fell", 1.0),)), ("bounds", None),
                ("bounds", nearer),
            )
        ),
    ]  # fmt: skip
    digests = {terms_sha256(msgspec.structs.replace(proposal, **other)) for other in others}
    assert len(digests) == len(others)
    assert proposal.terms_sha256 not in digests
    same = msgspec.structs.replace(proposal, if_nothing="x", outcome="x", state=ProposalState.REFUSED)
    assert with_terms(same).terms_sha256 == proposal.terms_sha256


def test_the_way_is_a_line_with_round_ends() -> None:
    way = ((0.0, 0.0), (100.0, 0.0))
    for point, away_m in (((50.0, 30.0), 30.0), ((-3.0, 4.0), 5.0), ((103.0, -4.0), 5.0), ((10.0, 0.0), 0.0)):
        assert distance_to_way_m(point, way) == pytest.approx(away_m)
    assert distance_to_way_m((3.0, 4.0), ((0.0, 0.0), (0.0, 0.0))) == 5.0


@functools.cache
def an_option() -> EffectOption:
    return Night(Flight()).proposed().desk.proposals[0].options[0]


@given(st.floats(0.0, 1.0), st.floats(-200.0, 200.0), st.floats(0.0, 3.0))
def test_out_of_bounds_is_off_the_way_or_more_persons(along: float, aside_m: float, persons: float) -> None:
    """It flies north at 20 m/s for 45 s: 900 m, give or take 100 m; 0.5 persons may become 1."""
    option = an_option()
    rules = ResponseRules(lapse_moved_m=100.0)
    first = msgspec.structs.replace(
        option.debris, time_utc_ns=0, impact_enu_m=(0.0, 0.0), persons_expected=0.5
    )
    bounds = bounds_of(first, (0.0, 20.0, 0.0), 45_000_000_000, rules)
    option = msgspec.structs.replace(option, bounds=bounds)
    now = msgspec.structs.replace(first, impact_enu_m=(aside_m, 900.0 * along), persons_expected=persons)
    assert (out_of_bounds(option, now) == "") == (abs(aside_m) <= 100.0 and persons <= 1.0)


def test_a_track_that_turns_off_makes_every_yes_void() -> None:
    night = Night(Flight()).proposed()
    night.desk.command(yes(night, "ada"))
    old = night.desk.proposals[0].terms_sha256
    night.flights[0].north_m += 600.0
    night.look(3)
    (proposal,) = night.desk.proposals
    assert proposal.outcome.startswith("Approvals lapsed: the footprint of “Break the link” lies 6")
    with pytest.raises(InputError, match="of other terms"):
        night.desk.command(yes(night, "ben", terms_sha256=old))
    assert orders(night, yes(night, "ada"), yes(night, "ben"))


def test_what_may_fall_anywhere_is_not_struck() -> None:
    night = Night(Flight()).proposed()
    case = night.desk._alerts.cases["alert-0001"]
    case.sighting.state[:] = np.nan
    affair = night.desk._proposals._affairs["proposal-0001"]
    refresh(affair, night.time_utc_ns, SITE, night.desk._proposals._words, ResponseRules(), None)
    hard = affair.proposal.options[1]
    assert hard.bounds is None
    assert hard.debris.rests_on[0].startswith("Where it would fall could not be reckoned")
    with pytest.raises(InputError, match="nobody strikes what may fall anywhere"):
        night.desk.command(yes(night, "ada", option_id="hard"))
    assert orders(night, yes(night, "ada"), yes(night, "ben")), "it may be made to land or to return"
