"""Alerts, playbooks, approvals, effects in simulation only, and the debris footprint."""

from skykeep.response.desk import ResponseDesk, ResponseEvent

__all__ = ["ResponseDesk", "ResponseEvent"]
