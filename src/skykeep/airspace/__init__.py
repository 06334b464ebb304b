"""Zones, restrictions and permits: may it be here now, and by which document?"""

from __future__ import annotations

from skykeep.airspace.judge import Airspace as Airspace
