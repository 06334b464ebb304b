"""How much a source may send: a token bucket, asked before anything is decoded."""

from __future__ import annotations

from skykeep.base.clock import NS_PER_S


class Allowance:
    """`rate_per_s` messages a second in the long run, `burst` of them at once."""

    def __init__(self, rate_per_s: float, burst: int, now_utc_ns: int) -> None:
        if not (rate_per_s > 0.0 and burst >= 1):
            raise ValueError(f"rate_per_s {rate_per_s} and burst {burst} must be positive")
        self._rate_per_ns = rate_per_s / NS_PER_S
        self._burst = float(burst)
        self._tokens = float(burst)
        self._at_ns = now_utc_ns

    def available(self, now_utc_ns: int) -> int:
        """Return how many messages may come now. A clock that was set back earns nothing."""
        earned = max(now_utc_ns - self._at_ns, 0) * self._rate_per_ns
        self._tokens = min(self._tokens + earned, self._burst)
        self._at_ns = now_utc_ns
        return int(self._tokens)

    def spend(self, messages: int, now_utc_ns: int) -> bool:
        """Take that many if they are there; return whether they were."""
        if messages > self.available(now_utc_ns):
            return False
        self._tokens -= messages
        return True

    def wait_s(self, now_utc_ns: int) -> float:
        """Return how long until the next message may come."""
        self.available(now_utc_ns)
        return max(0.0, 1.0 - self._tokens) / self._rate_per_ns / NS_PER_S
