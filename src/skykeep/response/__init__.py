"""Alerts, playbooks, approvals, effects in simulation only, and the debris footprint."""
