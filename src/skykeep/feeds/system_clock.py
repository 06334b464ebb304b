"""The machine's own clock: the only place where the live watch learns what time it is."""

from __future__ import annotations

import time


class SystemClock:
    """Implements `Clock`. It never goes back: a clock that is set back stands still until it is caught up."""

    def __init__(self) -> None:
        self._last_ns = 0

    def now_utc_ns(self) -> int:
        self._last_ns = max(self._last_ns, time.time_ns())
        return self._last_ns
