"""Proposals as the console is sent them: where it would fall, and on how many, before anything else."""

from __future__ import annotations

from skykeep.api import messages as m
from skykeep.api.views import ring_lon_lat
from skykeep.domain.response import DebrisContour, DebrisFootprint, EffectOption, Proposal
from skykeep.geo.frames import LocalFrame
from skykeep.response.quorum import missing_roles


def proposals_view(proposals: tuple[Proposal, ...], origin: LocalFrame) -> m.Proposals:
    """Return all proposals."""
    return m.Proposals(proposals=tuple(_proposal_view(proposal, origin) for proposal in proposals))


def _proposal_view(proposal: Proposal, origin: LocalFrame) -> m.ProposalView:
    return m.ProposalView(
        id=proposal.proposal_id,
        alert_id=proposal.alert_id,
        state=proposal.state.value,
        expires_utc_ns=proposal.expires_utc_ns,
        if_nothing=proposal.if_nothing,
        if_nothing_debris=_if_nothing_view(proposal.if_nothing_debris, origin),
        chosen_option=proposal.chosen_option_id or None,
        outcome=proposal.outcome or None,
        options=tuple(_option_view(option, proposal.if_nothing, origin) for option in proposal.options),
        approvals=tuple(
            m.ApprovalView(
                by=approval.by,
                role=approval.role,
                time_utc_ns=approval.time_utc_ns,
                option_id=approval.option_id,
                proven_by=approval.proven_by,
            )
            for approval in proposal.approvals
        ),
        approvals_needed=proposal.approvals_needed,
        roles_needed=proposal.roles_needed,
        roles_missing=missing_roles(proposal.approvals, proposal.roles_needed),
        proposed_by=proposal.proposed_by,
        because=proposal.because,
        authority=proposal.authority,
        legal_basis=proposal.legal_basis,
        posture=proposal.posture,
        terms_sha256=proposal.terms_sha256,
    )


def _option_view(option: EffectOption, if_nothing: str, origin: LocalFrame) -> m.OptionView:
    bounds = option.bounds
    unknown = "" if bounds is not None else f"{' '.join(option.debris.rests_on)} "
    return m.OptionView(
        id=option.option_id,
        name=option.name,
        layer=option.layer.value,
        says=f"{unknown}{option.says}",
        success_percent=round(100 * option.success_probability, 1),
        delay_s=option.delay_s,
        persons_expected=None if bounds is None else round(option.debris.persons_expected, 4),
        persons_error=None if bounds is None else round(option.debris.persons_error, 4),
        persons_at_most=None if bounds is None else round(bounds.persons_at_most, 4),
        debris=tuple(_debris_view(contour, origin) for contour in option.debris.contours),
        rests_on=option.debris.rests_on if bounds is not None else (),
        if_nothing=if_nothing,
        results=tuple((name, round(100 * probability, 1)) for name, probability in option.results),
    )


def _if_nothing_view(debris: DebrisFootprint | None, origin: LocalFrame) -> m.IfNothingView | None:
    if debris is None:
        return None
    return m.IfNothingView(
        persons_expected=round(debris.persons_expected, 4),
        persons_error=round(debris.persons_error, 4),
        debris=tuple(_debris_view(contour, origin) for contour in debris.contours),
        rests_on=debris.rests_on,
    )


def _debris_view(contour: DebrisContour, origin: LocalFrame) -> m.DebrisView:
    assert contour.percent in (50, 95, 99)
    return m.DebrisView(percent=contour.percent, polygon=ring_lon_lat(origin, contour.ring_enu_m))  # type: ignore[arg-type]
