"""A request that is sent twice is done once: by its Idempotency-Key, its sender and its address.

The key of a request that was refused is free again, for then nothing was done. Answers are kept in memory for
a day: what was answered before a restart is not known after it.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable

import msgspec

from skykeep.api.register_api_answers import Answer, RefusedError
from skykeep.base.clock import NS_PER_S

KEPT_NS = 86_400 * NS_PER_S
MOST_KEPT = 10_000
LONGEST_KEY = 200
_KEY = re.compile(f"[!-~]{{1,{LONGEST_KEY}}}")


class _Kept(msgspec.Struct):
    """What was sent, when, and what was answered: None while it is being done."""

    digest: bytes
    time_utc_ns: int
    answer: Answer | None = None


class Once:
    """Remembers what was answered."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str, str], _Kept] = OrderedDict()
        self._lock = threading.Lock()

    def answer(
        self, sender: str, address: str, key: str, data: bytes, now_utc_ns: int, act: Callable[[], Answer]
    ) -> Answer:
        """Return what `act` answers, or answered when this was sent first."""
        if not _KEY.fullmatch(key):
            must = f"1 to {LONGEST_KEY} printable ASCII characters without spaces"
            raise RefusedError(400, "idempotency-key", key[:60], must)
        name, digest = (sender, address, key), hashlib.sha256(data).digest()
        with self._lock:
            self._forget(now_utc_ns)
            known = self._kept.get(name)
            if known is not None and known.digest != digest:
                raise RefusedError(409, "idempotency-key", "that of another request", "one of its own")
            if known is not None and known.answer is None:
                raise RefusedError(409, "idempotency-key", "a request that is being done", "waited for")
            if known is not None and known.answer is not None:
                return known.answer
            kept = self._kept[name] = _Kept(digest=digest, time_utc_ns=now_utc_ns)
        try:
            kept.answer = act()
        except BaseException:
            with self._lock:
                self._kept.pop(name, None)
            raise
        return kept.answer

    def _forget(self, now_utc_ns: int) -> None:
        while self._kept:
            name, oldest = next(iter(self._kept.items()))
            if now_utc_ns - oldest.time_utc_ns <= KEPT_NS and len(self._kept) < MOST_KEPT:
                return
            del self._kept[name]
