"""The contract over MQTT, with a real broker on the loopback."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
import pytest
import trustme
from paho.mqtt.enums import CallbackAPIVersion

from contract_house import FRAME, LONGEST_WAIT_S, KeepingOutlet, sensor, watching
from skykeep.base.errors import LinkError, SetupError
from skykeep.domain.sensing import MeasurementKind, Scan
from skykeep.feeds import contract_mqtt
from skykeep.feeds.contract_mqtt import Broker, ContractMqttFeed
from skykeep.wire.contract_inputs import ContractInputs

HOW_TO_GET_MOSQUITTO = (
    "not run: no MQTT broker. Debian: `apt-get install mosquitto`; then run the tests again"
)
TOPIC = "skykeep/v1/ears-1/messages"


class Mosquitto:
    """A broker of the test's own, on a port that was free."""

    def __init__(self, program: str, folder: Path, settings: str = "allow_anonymous true\n") -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._program, self._folder = program, folder
        (folder / "mosquitto.conf").write_text(
            f"listener {self.port} 127.0.0.1\nuser root\npersistence false\n{settings}"
        )
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            [self._program, "-c", self._folder / "mosquitto.conf"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end_s = time.monotonic() + LONGEST_WAIT_S
        while True:  # it says nowhere when it is ready, but it takes a connection then
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                assert time.monotonic() < end_s, "mosquitto does not start"
                assert self._process.poll() is None, "mosquitto has ended"
            else:
                return

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(LONGEST_WAIT_S)
            self._process = None

    def publish(self, *payloads: bytes, retain: bool = False, **given: Any) -> None:
        """Publish with QoS 1 and wait until the broker has each."""
        client = mqtt.Client(CallbackAPIVersion.VERSION2)
        if "user" in given:
            client.username_pw_set(given["user"], given["password"])
        if "ca" in given:
            client.tls_set(given["ca"])
        client.connect("localhost" if "ca" in given else "127.0.0.1", self.port)
        client.loop_start()
        for payload in payloads:
            client.publish(TOPIC, payload, qos=1, retain=retain).wait_for_publish(LONGEST_WAIT_S)
        client.disconnect()
        client.loop_stop()


@pytest.fixture(scope="session")
def mosquitto_path() -> str:
    path = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if path is None:
        pytest.skip(HOW_TO_GET_MOSQUITTO)
    return path


@pytest.fixture
def start(mosquitto_path: str, tmp_path: Path) -> Iterator[Callable[..., Mosquitto]]:
    started: list[Mosquitto] = []

    def start(settings: str = "allow_anonymous true\n") -> Mosquitto:
        started.append(Mosquitto(mosquitto_path, tmp_path, settings))
        return started[-1]

    yield start
    for broker in started:
        broker.stop()


def look(sequence: int) -> bytes:
    return json.dumps(
        {
            "type": "detections",
            "sensor_id": "ears-1",
            "sequence": sequence,
            "time_utc": "2031-05-03T02:14:06Z",
            "detections": [{"kind": "bearing", "bearing_deg": 41.0, "bearing_sigma_deg": 6.0}],
        }
    ).encode()


def feed(port: int, **broker: Any) -> ContractMqttFeed:
    inputs = ContractInputs(sensor("ears-1", measures=MeasurementKind.AZIMUTH), FRAME)
    return ContractMqttFeed(Broker(port=port, **broker), "ears-1", inputs)


def sequences(outlet: KeepingOutlet) -> list[int]:
    return [record.sequence for record in outlet.records if isinstance(record, Scan)]


def test_two_thousand_messages_come_and_each_once(start: Callable[..., Mosquitto]) -> None:
    broker, outlet = start(), KeepingOutlet()
    with watching([(feed(broker.port), outlet)]):
        outlet.wait_for(sentences=1)
        broker.publish(*(look(n) for n in range(2_000)))
        outlet.wait_for(records=2_000)

    assert sequences(outlet) == list(range(2_000))
    assert outlet.refusals == []
    assert outlet.sentences == [f"listening to {TOPIC} at the MQTT broker at 127.0.0.1 port {broker.port}"]


def test_what_is_retained_or_sent_twice_is_refused(start: Callable[..., Mosquitto]) -> None:
    broker, outlet = start(), KeepingOutlet()
    broker.publish(look(1), retain=True)
    with watching([(feed(broker.port), outlet)]):
        outlet.wait_for(refusals=1)
        broker.publish(look(2), look(2), b"no message", look(3))
        outlet.wait_for(records=2, refusals=3)

    assert [refusal.field for refusal in outlet.refusals] == ["retain", "sequence", "message"]
    assert len(outlet.records) == 2


def test_what_finds_no_room_is_counted(start: Callable[..., Mosquitto]) -> None:
    broker, outlet = start(), KeepingOutlet(room=1)
    with watching([(feed(broker.port), outlet)]):
        outlet.wait_for(sentences=1)
        broker.publish(look(1), look(2), look(3))
        outlet.wait_for(records=1, dropped=2)
    assert outlet.dropped == 2


def test_a_broker_that_goes_is_a_link_that_is_gone_and_comes_again(start: Callable[..., Mosquitto]) -> None:
    broker, outlet = start(), KeepingOutlet()
    one = feed(broker.port)
    with watching([]) as watch:
        first = watch.run(one, outlet)
        outlet.wait_for(sentences=1)
        broker.stop()
        with pytest.raises(LinkError, match=f"at 127.0.0.1 port {broker.port}"):
            first.result(LONGEST_WAIT_S)
        with pytest.raises(LinkError):
            watch.run(one, outlet).result(LONGEST_WAIT_S)

        broker.start()
        watch.run(one, outlet)
        outlet.wait_for(sentences=2)
        broker.publish(look(5))
        outlet.wait_for(records=1)
    assert len(outlet.records) == 1


def test_what_is_sent_during_a_short_break_is_not_lost(start: Callable[..., Mosquitto]) -> None:
    broker, outlet = start(), KeepingOutlet()
    one = feed(broker.port)
    with watching([(one, outlet)]):
        outlet.wait_for(sentences=1)
    broker.publish(look(1), look(2))
    with watching([(one, outlet)]):
        outlet.wait_for(records=2)
    assert sequences(outlet) == [0, 1]


def test_a_wrong_password_is_not_tried_for_ever(start: Callable[..., Mosquitto], tmp_path: Path) -> None:
    program = shutil.which("mosquitto_passwd")
    assert program is not None
    passwords = tmp_path / "passwords"
    subprocess.run([program, "-b", "-c", passwords, "skykeep", "right"], check=True, capture_output=True)
    broker, outlet = start(f"allow_anonymous false\npassword_file {passwords}\n"), KeepingOutlet()

    with watching([]) as watch:
        with pytest.raises(SetupError, match="does not let us in"):
            watch.run(feed(broker.port, user="skykeep", password="wrong"), outlet).result(LONGEST_WAIT_S)
        watch.run(feed(broker.port, user="skykeep", password="right"), outlet)
        outlet.wait_for(sentences=1)
        broker.publish(look(1), user="skykeep", password="right")
        outlet.wait_for(records=1)


def test_tls_with_a_certificate_of_our_own(
    start: Callable[..., Mosquitto], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # TLS 1.3 lets a client without a certificate believe that it is in: the answer it waits for never comes.
    monkeypatch.setattr(contract_mqtt, "TIMEOUT_S", 2.0)
    authority = trustme.CA()
    server, ours = authority.issue_cert("localhost"), authority.issue_cert("skykeep")
    files = {name: tmp_path / f"{name}.pem" for name in ("ca", "server", "server_key", "ours", "ours_key")}
    authority.cert_pem.write_to_path(files["ca"])
    server.cert_chain_pems[0].write_to_path(files["server"])
    server.private_key_pem.write_to_path(files["server_key"])
    ours.cert_chain_pems[0].write_to_path(files["ours"])
    ours.private_key_pem.write_to_path(files["ours_key"])
    broker = start(
        f"allow_anonymous true\ncafile {files['ca']}\ncertfile {files['server']}\n"
        f"keyfile {files['server_key']}\nrequire_certificate true\n"
    )
    outlet = KeepingOutlet()
    with watching([]) as watch:
        with pytest.raises(LinkError):
            watch.run(feed(broker.port, host="localhost", ca_file=files["ca"]), outlet).result(LONGEST_WAIT_S)
        certified = feed(
            broker.port,
            host="localhost",
            ca_file=files["ca"],
            certificate_file=files["ours"],
            key_file=files["ours_key"],
        )
        watch.run(certified, outlet)
        outlet.wait_for(sentences=1)


@pytest.mark.parametrize(
    ("broker", "says"),
    [
        (Broker(host="broker.example"), "must be TLS"),
        (Broker(certificate_file=Path("x.pem")), "certificate_file without TLS"),
        (Broker(host="broker.example", ca_file=Path("/nowhere/ca.pem")), "certificates for MQTT"),
    ],
)
def test_a_setup_that_is_not_safe_is_refused(broker: Broker, says: str) -> None:
    with pytest.raises(SetupError, match=says):
        ContractMqttFeed(broker, "ears-1", ContractInputs(sensor("ears-1"), FRAME))


def test_in_the_open_where_the_keeper_says_so() -> None:
    assert Broker(host="broker.example", plain_is_safe=True).context() is None
