"""From the alerts of the engine to the message of the console. What the operator reads the engine wrote."""

from __future__ import annotations

from skykeep.api import alert_messages as m
from skykeep.domain.response import AlarmRate, Alert
from skykeep.domain.threat import Factors, Interval


def alerts_view(alerts: tuple[Alert, ...], time_utc_ns: int, rate: AlarmRate) -> m.Alerts:
    return m.Alerts(
        time_utc_ns=time_utc_ns,
        alerts=tuple(_alert_view(alert) for alert in alerts),
        rate=m.AlarmRateView(
            in_ten_minutes=rate.in_ten_minutes,
            most_in_ten_minutes=rate.most_in_ten_minutes,
            flooded=rate.flooded,
        ),
    )


def _alert_view(alert: Alert) -> m.AlertView:
    return m.AlertView(
        id=alert.alert_id,
        state=alert.state.value,
        title=alert.title,
        track_ids=alert.track_ids,
        asset=alert.asset_id,
        priority=round(alert.priority, 3),
        raised_utc_ns=alert.raised_utc_ns,
        breach_s=interval_view(alert.breach),
        acknowledged_by=alert.acknowledged_by or None,
        grounds=alert.grounds,
        cleared_because=alert.cleared_because or None,
        members=alert.members,
        group=alert.group_id or None,
        worst_case_s=None if alert.worst_case_s is None else round(alert.worst_case_s, 1),
        factors=_factors_view(alert.factors),
        assigned_to=alert.assigned_to or None,
        shelved_by=alert.shelved_by or None,
        shelved_because=alert.shelved_because or None,
        shelved_until_utc_ns=alert.shelved_until_utc_ns,
        escalated_to=alert.escalated_to or None,
        came_back=alert.came_back,
        cleared_by=alert.cleared_by or None,
        history=tuple(
            m.AlertStepView(
                time_utc_ns=step.time_utc_ns,
                state=step.state.value,
                by=step.by or None,
                because=step.because,
            )
            for step in alert.history
        ),
    )


def _factors_view(factors: Factors | None) -> m.FactorsView | None:
    if factors is None:
        return None
    return m.FactorsView(
        unauthorised=round(factors.unauthorised, 3),
        aims_at_asset=round(factors.aims_at_asset, 3),
        breach_before_response=round(factors.breach_before_response, 3),
        consequence=round(factors.consequence, 3),
    )


def interval_view(interval: Interval | None) -> tuple[float, float, float] | None:
    """Return seconds to a tenth: nobody decides by the hundredth."""
    if interval is None:
        return None
    return round(interval.low_s, 1), round(interval.mid_s, 1), round(interval.high_s, 1)
