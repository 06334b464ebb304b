"""Apprise reaches a real receiver on this machine, and only where it may."""

from __future__ import annotations

import json
from collections.abc import Iterator

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
