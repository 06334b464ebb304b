"""What drones are documented to do by themselves when the link or the position is lost.

One row per setting of an autopilot: how long it waits, and the state it then enters with a position, without
one, and when only the position is lost while somebody still steers. The states are ours (`Conduct`); a smart
return is a return, a hold a hover, an emergency landing a landing. Sources, read in their public papers:
ArduPilot Copter, radio failsafe page (FS_THR_ENABLE, FS_OPTIONS; 0.5 s) and EKF failsafe page (land);
PX4, safety page and parameter reference (NAV_RCL_ACT, COM_RC_LOSS_T 0.5 s; NAV_DLL_ACT, COM_DL_LOSS_T 10 s,
which a mission counts by; without a position it descends); DJI, Mobile SDK (hover, land, go home) and the
manuals of some aircraft (3, 6 or 11 s before a return; without satellites it holds its height, drifts, hovers
for a while and lands); iNav, failsafe page (DROP, SET-THR, RTH, NONE; where the position is missing a return
is an emergency landing; its guard time of 0.5 s is an assumption). None of it is a device model: the rows
are what the makers say, and an aircraft may be set otherwise or have no failsafe at all. What share of
intruders carries on is therefore an input of a scenario.

Nothing is taken back when the link returns: whoever entered a failsafe stays in it.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Loss(enum.StrEnum):
    """What a soft effect takes away."""

    LINK = "link"
    NAVIGATION = "navigation"
    BOTH = "both"


class Conduct(enum.StrEnum):
    """What it does then. A *drift* holds height and is carried by the wind; a *drop* stops its motors."""

    RETURN = "return"
    LAND = "land"
    HOVER = "hover"
    DRIFT = "drift"
    DROP = "drop"
    CONTINUE = "continue"


@dataclass(frozen=True)
class Failsafe:
    """One setting: seconds until it acts, and how in each of the three cases."""

    delay_s: float
    link_lost: Conduct
    both_lost: Conduct
    navigation_lost: Conduct

    def conduct(self, loss: Loss) -> Conduct:
        if loss is Loss.LINK:
            return self.link_lost
        return self.both_lost if loss is Loss.BOTH else self.navigation_lost


_RETURN, _LAND, _HOVER = Conduct.RETURN, Conduct.LAND, Conduct.HOVER
_DRIFT, _DROP, _CONTINUE = Conduct.DRIFT, Conduct.DROP, Conduct.CONTINUE

FAILSAFES: dict[str, Failsafe] = {
    # By what they do, where a scenario does not say which autopilot it is.
    "return": Failsafe(0.5, _RETURN, _LAND, _LAND),
    "land": Failsafe(0.5, _LAND, _LAND, _LAND),
    "hover": Failsafe(0.5, _HOVER, _DRIFT, _DRIFT),
    "continue": Failsafe(0.0, _CONTINUE, _CONTINUE, _CONTINUE),
    # FS_THR_ENABLE 0, 1, 3, 4, 5; any other value lands. In AUTO with bit 0 of FS_OPTIONS it goes on.
    "ardupilot-0": Failsafe(0.5, _CONTINUE, _CONTINUE, _LAND),
    "ardupilot-1": Failsafe(0.5, _RETURN, _LAND, _LAND),
    "ardupilot-3": Failsafe(0.5, _LAND, _LAND, _LAND),
    "ardupilot-4": Failsafe(0.5, _RETURN, _LAND, _LAND),
    "ardupilot-5": Failsafe(0.5, _RETURN, _LAND, _LAND),
    "ardupilot-other": Failsafe(0.5, _LAND, _LAND, _LAND),
    "ardupilot-auto-continues": Failsafe(0.5, _CONTINUE, _CONTINUE, _LAND),
    # NAV_RCL_ACT 1, 2, 3, 5, 6; then NAV_DLL_ACT 0 (the default) and 2 of a mission flown without a stick.
    "px4-hold": Failsafe(0.5, _HOVER, _LAND, _LAND),
    "px4-return": Failsafe(0.5, _RETURN, _LAND, _LAND),
    "px4-land": Failsafe(0.5, _LAND, _LAND, _LAND),
    "px4-terminate": Failsafe(0.5, _DROP, _DROP, _LAND),
    "px4-disarm": Failsafe(0.5, _DROP, _DROP, _LAND),
    "px4-mission": Failsafe(10.0, _CONTINUE, _LAND, _LAND),
    "px4-mission-return": Failsafe(10.0, _RETURN, _LAND, _LAND),
    "dji-return": Failsafe(3.0, _RETURN, _DRIFT, _DRIFT),
    "dji-return-late": Failsafe(11.0, _RETURN, _DRIFT, _DRIFT),
    "dji-hover": Failsafe(3.0, _HOVER, _DRIFT, _DRIFT),
    "dji-land": Failsafe(3.0, _LAND, _LAND, _DRIFT),
    "dji-dock-return": Failsafe(6.0, _RETURN, _DRIFT, _DRIFT),
    "dji-dock-continue": Failsafe(6.0, _CONTINUE, _DRIFT, _DRIFT),
    "inav-drop": Failsafe(0.5, _DROP, _DROP, _LAND),
    "inav-set-throttle": Failsafe(0.5, _LAND, _LAND, _LAND),
    "inav-rth": Failsafe(0.5, _RETURN, _LAND, _LAND),
    "inav-none": Failsafe(0.5, _CONTINUE, _CONTINUE, _LAND),
}


def failsafe_of(name: str) -> Failsafe:
    """Return a setting by name; one that nobody has heard of flies on: never assume that it gives up."""
    return FAILSAFES.get(name, FAILSAFES["continue"])


def ardupilot(fs_thr_enable: int) -> Failsafe:
    """Return what ArduPilot Copter makes of a value of FS_THR_ENABLE."""
    return FAILSAFES.get(f"ardupilot-{fs_thr_enable}", FAILSAFES["ardupilot-other"])
