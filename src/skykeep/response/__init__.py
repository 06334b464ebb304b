"""Alerts, playbooks, approvals, effects in simulation only, and the debris footprint."""

from skykeep.response.desk import ResponseDesk, ResponseEvent
from skykeep.response.duty import Duty

__all__ = ["Duty", "ResponseDesk", "ResponseEvent"]
