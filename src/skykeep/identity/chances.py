"""How likely what was seen of a claim is, were the claim true; and how many looks may be taken at it.

Whoever looks again and again at a true claim will one day see something odd. So each way of testing has an
allotment of false accusations for the whole life of one claim's stream (`ALLOTMENT`; together under 1 %), and
its k-th look spends 1 / (k (k + 1)) of it: these sum to 1 over all looks that there can ever be, so by the
union bound (Bonferroni) the chance that a true claim is ever accused stays within the allotment, however
dependent the looks are. The p-value that is told is the least of p k (k + 1) so far, which is valid at every
moment. A look is taken when `NEW_DATA` further items have come, not at every tick.
"""

from __future__ import annotations

import math

from skykeep.domain.identity import ClaimCheckKind

# A true claim is accused, ever, in at most these shares of streams: 0.9 % together. Duplicates and registers
# are no matter of chance.
ALLOTMENT = {
    ClaimCheckKind.PLACE: 0.005,
    ClaimCheckKind.SENDER: 0.001,
    ClaimCheckKind.STRENGTH: 0.001,
    ClaimCheckKind.MOTION: 0.001,
    ClaimCheckKind.OPERATOR: 0.001,
}
FIRST_LOOK = 6
NEW_DATA = 6


class Looks:
    """The looks taken at one claim in one way, and the least of their adjusted p-values."""

    def __init__(self) -> None:
        self.taken = 0
        self.p_value = 1.0
        self._next = FIRST_LOOK

    def is_due(self, items: int) -> bool:
        """Return whether enough has come since the last look."""
        return items >= self._next

    def take(self, items: int, p_value: float) -> None:
        """Spend a look on `p_value`, which is of the first `items` items."""
        self.taken += 1
        self._next = items + NEW_DATA
        self.p_value = min(self.p_value, p_value * self.taken * (self.taken + 1))


def at_least(hits: int, trials: int, chance: float) -> float:
    """Return the chance of `hits` or more in so many independent trials, each with that chance."""
    if hits <= 0:
        return 1.0
    log_odds = math.log(chance) - math.log1p(-chance)
    log_term = trials * math.log1p(-chance)
    below = 0.0
    total = 0.0
    for k in range(trials + 1):
        if k >= hits:
            total += math.exp(log_term)
        else:
            below += math.exp(log_term)
        log_term += log_odds + math.log((trials - k) / (k + 1)) if k < trials else 0.0
    # The smaller part is the more exact.
    return min(total, 1.0) if total <= below else max(1.0 - below, 0.0)


def upper_tail(z: float) -> float:
    """Return the chance that a standard normal exceeds `z`."""
    return 0.5 * math.erfc(z / math.sqrt(2.0))
