"""Apprise reaches a real receiver on this machine, and only where it may."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from notice_receiver import Receiver, receiving
from skykeep.base.errors import LinkError
from skykeep.domain.register import Delivery, Notice, Subscription
from skykeep.feeds.allowed_hosts import Hosts
from skykeep.feeds.apprise_sender import AppriseSender

# Its services are imported all at once, one of them with a module that Python drops in 3.13.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

HERE = Hosts(("127.0.0.1",), ("127.0.0.0/8",), private_by_name=False)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


def delivery(address: str) -> Delivery:
    notice = Notice(
        notice_id="n",
        kind="raised",
        subject="alert-0001",
        says="A drone flies at the Residence.\nIt holds no permit.",
        body="{}",
        time_utc_ns=0,
    )
    who = Subscription(subscription_id="duty", owner="duty", way="apprise", address=address)
    return Delivery(notice=notice, subscription=who, tries=0)


def test_the_notice_arrives_with_title_and_grounds(receiver: Receiver) -> None:
    address = f"json://127.0.0.1:{receiver.port}/hook"
    AppriseSender(HERE, "Harbour").send(delivery(address), 0)
    (taken,) = receiver.taken
    said = json.loads(taken[3])
    assert said["title"] == "A drone flies at the Residence."
    assert said["message"] == "It holds no permit.\n1970-01-01T00:00:00.000Z"


def test_a_receiver_that_refuses_is_a_link_error(receiver: Receiver) -> None:
    receiver.status = 500
    with pytest.raises(LinkError, match="could not deliver"):
        AppriseSender(HERE, "Harbour").send(delivery(f"json://127.0.0.1:{receiver.port}/hook"), 0)


def test_a_private_address_that_is_not_allowed_is_never_called(receiver: Receiver) -> None:
    hosts = Hosts(("127.0.0.1",), private_by_name=False)
    with pytest.raises(LinkError, match="private address"):
        AppriseSender(hosts, "Harbour").send(delivery(f"json://127.0.0.1:{receiver.port}/hook"), 0)
    assert receiver.taken == []


def test_an_address_of_no_service_is_refused_without_its_secrets() -> None:
    with pytest.raises(LinkError, match=r"^nothing: no address that apprise understands$"):
        AppriseSender(HERE, "Harbour").send(delivery("nothing://s3cret@x"), 0)


ONLY = Hosts(("127.0.0.1",), ("127.0.0.1/32",), private_by_name=False)


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("asked", ["", "?redirect=yes"])
def test_no_redirection_is_followed_even_where_it_may_be_called(
    receiver: Receiver, code: int, asked: str
) -> None:
    with receiving() as other:
        receiver.status, receiver.location = code, f"http://127.0.0.1:{other.port}/there"
        with pytest.raises(LinkError, match="could not deliver"):
            AppriseSender(HERE, "Harbour").send(delivery(f"json://127.0.0.1:{receiver.port}/hook{asked}"), 0)
        assert len(receiver.taken) == 1
        assert other.taken == []


@contextmanager
def listening(place: str) -> Iterator[socket.socket]:
    """A door that knows whether anybody came: `accept` fails at once where nobody did."""
    with socket.create_server((place, 0)) as door:
        door.settimeout(0.2)
        yield door


def test_a_parameter_that_names_another_host_leads_nowhere() -> None:
    with listening("127.0.0.2") as door:
        port = door.getsockname()[1]
        who = "from=a@desk.example&to=b@desk.example&mode=insecure"
        sent = delivery(f"mailto://127.0.0.1:{port}?smtp=127.0.0.2&{who}")
        with pytest.raises(LinkError, match=r"127\.0\.0\.2, a private address"):
            AppriseSender(ONLY, "Harbour").send(sent, 0)
        with pytest.raises(TimeoutError):
            door.accept()


@pytest.mark.parametrize("scheme", ["mqtt", "MQTTS", "xmpp", "xmpps"])
def test_a_way_that_connects_in_threads_of_its_own_is_refused(scheme: str) -> None:
    with pytest.raises(LinkError, match=f"^{scheme}: connects in threads of its own"):
        AppriseSender(HERE, "Harbour").send(delivery(f"{scheme}://u:s3cret@127.0.0.1/x"), 0)
