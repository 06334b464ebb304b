"""Notices through `apprise`: chat rooms, text messages, pagers, by an address such as `slack://...`.

An extra (`pip install 'skykeep[apprise]'`). Where an address names a host of its own choice, that host must
be one that may be called, as for a webhook; services have theirs built in. Whatever apprise then calls is
looked at as it connects, and redirections are not followed. Its ways by MQTT and XMPP connect in threads of
their own, where that cannot be done, and are refused.
"""

from __future__ import annotations

import socket
from typing import Any

from skykeep.base.clock import iso_utc
from skykeep.base.errors import LinkError, SetupError
from skykeep.domain.register import Delivery
from skykeep.feeds.allowed_hosts import Hosts
from skykeep.feeds.call_guard import only_to

_IN_THREADS = frozenset(("mqtt", "mqtts", "xmpp", "xmpps"))


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
        scheme = delivery.subscription.address.partition("://")[0]
        if scheme.strip().lower() in _IN_THREADS:
            raise LinkError(f"{scheme}: connects in threads of its own, where that cannot be looked at")
        plugin = self._apprise.Apprise.instantiate(
            delivery.subscription.address, asset=self._asset, suppress_exceptions=True
        )
        if plugin is None:
            raise LinkError(f"{scheme}: no address that apprise understands")
        if any("{host}" in template for template in plugin.templates):
            secure = bool(getattr(plugin, "secure", True))
            self._hosts.places(plugin.host, plugin.port or (443 if secure else 80), socket.SOCK_STREAM)
        plugin.redirects = False  # here, since the address itself may ask for them
        title, _, rest = delivery.notice.says.partition("\n")
        body = f"{rest}\n{iso_utc(delivery.notice.time_utc_ns)}".strip()
        with only_to(self._hosts):
            told = plugin.notify(body=body, title=title)
        if not told:
            raise LinkError(f"{scheme}: apprise could not deliver it")
