"""Notices through `apprise`: chat rooms, text messages, pagers, by an address such as `slack://...`.

An extra (`pip install 'skykeep[apprise]'`). Where an address names a host of its own choice, that host must
be one that may be called, as for a webhook; services have theirs built in.
"""

from __future__ import annotations

import socket
from typing import Any

from skykeep.base.clock import iso_utc
from skykeep.base.errors import LinkError, SetupError
from skykeep.domain.register import Delivery
from skykeep.feeds.allowed_hosts import Hosts


class AppriseSender:
    """Everything that apprise knows the way to."""

    def __init__(self, hosts: Hosts, name: str) -> None:
        try:
            import apprise
        except ImportError as error:
            raise SetupError(
                "notices: the way apprise needs the extra of that name: pip install 'skykeep[apprise]'"
            ) from error
        self._hosts = hosts
        self._apprise: Any = apprise
        self._asset = apprise.AppriseAsset(app_id=name, async_mode=False)

    def send(self, delivery: Delivery, now_utc_ns: int) -> None:  # noqa: ARG002
        """Tell one recipient; what apprise says of a failure is in its own log only."""
        plugin = self._apprise.Apprise.instantiate(
            delivery.subscription.address, asset=self._asset, suppress_exceptions=True
        )
        scheme = delivery.subscription.address.partition("://")[0]
        if plugin is None:
            raise LinkError(f"{scheme}: no address that apprise understands")
        if any("{host}" in template for template in plugin.templates):
            secure = bool(getattr(plugin, "secure", True))
            self._hosts.places(plugin.host, plugin.port or (443 if secure else 80), socket.SOCK_STREAM)
        title, _, rest = delivery.notice.says.partition("\n")
        body = f"{rest}\n{iso_utc(delivery.notice.time_utc_ns)}".strip()
        if not plugin.notify(body=body, title=title):
            raise LinkError(f"{scheme}: apprise could not deliver it")
