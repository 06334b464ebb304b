"""A process of its own that signs or tells, to be killed on the way: `register_sender.py REGISTER WHAT`.

It says on its standard output how far it has come, and then waits to be killed.
"""

from __future__ import annotations

import sys
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from made_register import notice, permit, permit_step, restriction, restriction_step
from skykeep.domain.register import Delivery, RegisterWriter
from skykeep.store.register import open_register

WAIT_S = 60.0


def tell(delivery: Delivery) -> None:
    """Send one notice, under a key by which whoever is told knows it again."""
    key = f"{delivery.notice.notice_id}/{delivery.subscription.subscription_id}"
    request = urllib.request.Request(
        delivery.subscription.address, delivery.notice.body.encode(), {"Idempotency-Key": key}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=WAIT_S) as answer:
        assert answer.status == 204


def sign(writer: RegisterWriter) -> None:
    signed = restriction()
    writer.put_restriction(signed, restriction_step(signed))
    writer.post(notice(1))


def half(writer: RegisterWriter) -> None:
    made = permit()
    writer.put_permit(made, permit_step(made))
    writer.post(notice(9))
    say("half")
    time.sleep(WAIT_S)


def say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def main(url: str, what: str) -> None:
    with open_register(url) as register:
        if what == "half":
            register.change(half)
        elif what == "sign":
            register.change(sign)
            say("kept")
            time.sleep(WAIT_S)
        else:
            waiting = register.read().deliveries()
            for delivery in waiting:
                tell(delivery)
                if what == "send-and-stop":
                    say("sent")
                    time.sleep(WAIT_S)
                told = delivery.notice.notice_id, delivery.subscription.subscription_id
                register.change(lambda writer, told=told: writer.delivered(*told, 1))  # type: ignore[misc]
            say(f"told {len(waiting)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
