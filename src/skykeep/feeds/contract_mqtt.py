"""Messages of the sensor contract from an MQTT broker: one feed for each sensor, MQTT 5, QoS 1.

| topic | carries |
|---|---|
| `skykeep/v1/<sensor_id>/messages` | messages of the sensor, one in each payload |

The broker keeps the session for `KEEPS_S` while the connection is gone, so that a short break loses nothing.
A *retained* message is from some time before we came, and refused as that; QoS 1 may deliver twice, which the
sequence number shows. Passwords and tokens travel in the open without TLS: plain is for the loopback only,
unless the configuration says that the network is trusted.
"""

from __future__ import annotations

import ssl
from pathlib import Path

import aiomqtt
import msgspec
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from skykeep.base.errors import DecodeError, LinkError, SetupError
from skykeep.domain.feed import Taken, Translator, refusal_of
from skykeep.feeds.feed import Outlet
from skykeep.wire.contract_codec import LONGEST_MESSAGE_BYTES

KEEPS_S = 300
KEEPALIVE_S = 15
TIMEOUT_S = 10.0
LOOPBACK = ("localhost", "127.0.0.1", "::1")
# Beside the payload a packet has its topic and properties.
LARGEST_PACKET_BYTES = LONGEST_MESSAGE_BYTES + 1_024
# What a broker says when it will never have us: bad name or password, not authorised, banned.
NEVER = (0x85, 0x86, 0x87, 0x8A, 0x8C)


class Broker(msgspec.Struct, frozen=True, kw_only=True):
    """Where a broker is and who we are to it. TLS is on with `ca_file`, or with `tls` and the system's own
    authorities; `certificate_file` and `key_file` are ours.
    """

    host: str = "127.0.0.1"
    port: int = 1883
    user: str | None = None
    password: str | None = None
    tls: bool = False
    ca_file: Path | None = None
    certificate_file: Path | None = None
    key_file: Path | None = None
    plain_is_safe: bool = False

    def context(self) -> ssl.SSLContext | None:
        """Return how to encrypt, None for in the open; SetupError where that must not or cannot be."""
        if not self.tls and self.ca_file is None:
            if self.certificate_file is not None:
                raise SetupError("certificate_file without TLS: must have tls = true or a ca_file")
            if self.host not in LOOPBACK and not self.plain_is_safe:
                raise SetupError(
                    f"MQTT to {self.host} in the open, must be TLS (tls = true or ca_file) beyond the "
                    "loopback, or plain_is_safe = true where nobody else is on that network"
                )
            return None
        try:
            context = ssl.create_default_context(cafile=self.ca_file)
            if self.certificate_file is not None:
                context.load_cert_chain(self.certificate_file, self.key_file)
        except (OSError, ssl.SSLError) as error:
            raise SetupError(f"certificates for MQTT at {self.host}: {error}") from error
        return context


class ContractMqttFeed:
    """One sensor's messages from a broker."""

    def __init__(
        self,
        broker: Broker,
        sensor_id: str,
        translator: Translator,
        *,
        client_id: str = "",
        source_id: str = "",
    ) -> None:
        self.source_id = source_id or sensor_id
        self.topic = f"skykeep/v1/{sensor_id}/messages"
        self._broker = broker
        self._context = broker.context()
        self._translator = translator
        # The broker keeps a session by this name; of two clients with one name it turns the first away.
        self._client_id = client_id or f"skykeep-{self.source_id}"

    async def run(self, outlet: Outlet) -> None:
        """Listen until cancelled; LinkError when the broker is gone, SetupError when it will not have us."""
        try:
            async with self._client() as client:
                (granted,) = await client.subscribe(self.topic, qos=1)
                code = getattr(granted, "value", granted)
                if code > 2:
                    raise SetupError(f"{self._where()} refuses the topic {self.topic}: {granted}")
                outlet.said(f"listening to {self.topic} at {self._where()}")
                async for message in client.messages:
                    self._message(message, outlet)
        except aiomqtt.MqttCodeError as error:
            code = getattr(error.rc, "value", error.rc)
            if code in NEVER:
                raise SetupError(f"{self._where()} does not let us in: {error}") from error
            raise LinkError(f"{self._where()}: {error}") from error
        except aiomqtt.MqttError as error:
            raise LinkError(f"{self._where()}: {error}") from error
        raise LinkError(f"{self._where()} has closed the connection")

    def _message(self, message: aiomqtt.Message, outlet: Outlet) -> None:
        received_utc_ns = outlet.now_utc_ns()
        if not outlet.admit():
            return
        data = message.payload
        if message.retain:
            error = DecodeError(
                "retain", "a retained message", "sent without retain: it is from before we came"
            )
            outlet.put(Taken(refusals=(refusal_of(error, data),)))
            return
        outlet.put(self._translator.take(data, received_utc_ns))

    def _client(self) -> aiomqtt.Client:
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = KEEPS_S
        properties.MaximumPacketSize = LARGEST_PACKET_BYTES
        return aiomqtt.Client(
            self._broker.host,
            self._broker.port,
            username=self._broker.user,
            password=self._broker.password,
            identifier=self._client_id,
            protocol=aiomqtt.ProtocolVersion.V5,
            clean_start=False,
            timeout=TIMEOUT_S,
            keepalive=KEEPALIVE_S,
            properties=properties,
            tls_context=self._context,
        )

    def _where(self) -> str:
        return f"the MQTT broker at {self._broker.host} port {self._broker.port}"
