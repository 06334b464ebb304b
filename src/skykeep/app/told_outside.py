"""What of an alert and of a proposal is told outside: all but what says who is there.

The consequence of a breach follows who is there, and with it the priority: whoever knows the other factors
has it by division. So outside the factors are not given, and the priority is what it would be with each place
as its site's file has it. What would come down at the asset counts the persons there, and is left out.
"""

from __future__ import annotations

import re

from msgspec import structs

from skykeep.domain.response import Alert, AlertStep, Proposal
from skykeep.domain.site import Site
from skykeep.response.words import without_presence

_PRODUCT = re.compile(r"Priority \d\.\d+: .*, consequence .*")
_GREW = re.compile(r"(Its priority grew) from [\d.]+ to \d\.\d+")
_WORSE, _BEFORE = ", where a breach is worse than at ", "; before, at "


def alert_outside(alert: Alert, site: Site) -> Alert:
    """Return an alert without its factors and whatever sentence gives them, its priority with each place as
    the site has it.
    """
    return structs.replace(
        alert,
        priority=_priority(alert, site),
        factors=None,
        grounds=_sentences(alert.grounds),
        notes=_sentences(alert.notes),
        cleared_because=_said(alert.cleared_because),
        history=tuple(_step(each) for each in alert.history),
    )


def proposal_outside(proposal: Proposal) -> Proposal:
    """Return a proposal without who is there, and without what comes down on them if nothing is done."""
    return structs.replace(proposal, if_nothing=without_presence(proposal.if_nothing), if_nothing_debris=None)


def _priority(alert: Alert, site: Site) -> float:
    if alert.factors is None:
        return alert.priority
    factors = alert.factors
    by_file = next((each.consequence for each in site.assets if each.asset_id == alert.asset_id), 1.0)
    product = factors.unauthorised * factors.aims_at_asset * factors.breach_before_response * by_file
    return min(product, 1.0)


def _step(step: AlertStep) -> AlertStep:
    return structs.replace(step, because=_said(step.because))


def _sentences(said: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_said(each) for each in said if not _PRODUCT.fullmatch(each))


def _said(sentence: str) -> str:
    return _GREW.sub(r"\1", sentence).replace(_WORSE, _BEFORE)
