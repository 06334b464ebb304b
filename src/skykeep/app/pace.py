"""How fast a recorded or simulated night goes by on the wall: play, pause, speed. The night itself never
knows.
"""

from __future__ import annotations

import threading
import time

from skykeep.base.clock import NS_PER_S

SLOWEST, FASTEST = 0.25, 32.0
CATCH_UP_S = 0.25


class Pace:
    """Holds back the thread that runs the night so that it keeps step with the wall clock at `speed`.

    Thread-safe: the console changes it while the night waits in it.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self._condition = threading.Condition()
        self._speed = speed
        self._playing = True
        self._stopped = False
        self._credit_ns = 0.0
        self._last_s = time.monotonic()

    @property
    def speed(self) -> float:
        return self._speed

    @property
    def playing(self) -> bool:
        return self._playing

    @property
    def stopped(self) -> bool:
        return self._stopped

    def play(self) -> None:
        self._set(playing=True)

    def pause(self) -> None:
        self._set(playing=False)

    def set_speed(self, factor: float) -> None:
        """Go `factor` times as fast as the wall clock; held within 0.25 to 32."""
        self._set(speed=min(max(factor, SLOWEST), FASTEST))

    def stop(self) -> None:
        """Let everybody who waits go: the night is being closed."""
        with self._condition:
            self._stopped = True
            self._condition.notify_all()

    def wait(self, duration_ns: int, patience_s: float = 0.05) -> bool:
        """Wait out `duration_ns` of the night, at most `patience_s` of the wall; return whether it has
        passed.

        A caller that gets False may look after other things and calls again with the same duration.
        """
        with self._condition:
            self._earn()
            if self._spend(duration_ns):
                return True
            missing_s = (duration_ns - self._credit_ns) / self._speed / NS_PER_S
            self._condition.wait(min(patience_s, missing_s) if self._playing else patience_s)
            self._earn()
            return self._spend(duration_ns)

    def _spend(self, duration_ns: int) -> bool:
        if not self._stopped and self._credit_ns < duration_ns - 1:  # a nanosecond of rounding
            return False
        self._credit_ns = max(0.0, self._credit_ns - duration_ns)
        return True

    def _earn(self) -> None:
        now_s = time.monotonic()
        if self._playing:
            # A machine that falls behind catches up a quarter of a second at most.
            most_ns = CATCH_UP_S * max(self._speed, 1.0) * NS_PER_S
            self._credit_ns = min(self._credit_ns + (now_s - self._last_s) * self._speed * NS_PER_S, most_ns)
        self._last_s = now_s

    def _set(self, *, playing: bool | None = None, speed: float | None = None) -> None:
        with self._condition:
            self._earn()
            self._playing = self._playing if playing is None else playing
            self._speed = self._speed if speed is None else speed
            self._condition.notify_all()
