"""What may be reached from outside: the sensors' addresses, the report page, the pages on which leave
to fly is asked for, and nothing of the console.

It is an application of its own, for a port of its own: the console stays where only the watch can reach it.
"""

from __future__ import annotations

from fastapi import FastAPI

from skykeep.api.apply_desk import ApplyDesk, apply_router
from skykeep.api.report_desk import ReportDesk, report_router
from skykeep.api.sensor_api import Tokens, sensor_router
from skykeep.feeds.contract_door import Door


def create_intake(
    door: Door, tokens: Tokens, desk: ReportDesk | None = None, applying: ApplyDesk | None = None
) -> FastAPI:
    """Return the application: the sensors of a door, and the pages where there is a desk for them."""
    app = FastAPI(title="Skykeep intake", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(sensor_router(door, tokens))
    if desk is not None:
        app.include_router(report_router(desk))
    if applying is not None:
        app.include_router(apply_router(applying))
    return app
