"""Who is told of changes, and by which way."""

from __future__ import annotations

from skykeep.app.office_desk import Desk
from skykeep.base.errors import InputError
from skykeep.domain.actor import Actor, Right
from skykeep.domain.faults import NotEntitledError, UnknownSubjectError
from skykeep.domain.register import RegisterWriter, Subscription

WAYS = ("webhook", "cot", "email", "ed318")
MOST_PER_OWNER = 50
_MOST_ADDRESS = 500


class SubscriberDesk(Desk):
    """Subscriptions: everybody's own, and what is private only for those who may see it."""

    def subscribe(
        self,
        actor: Actor,
        way: str,
        address: str,
        kinds: tuple[str, ...] = (),
        *,
        secret: str = "",
        sees_private: bool = False,
    ) -> Subscription:
        """Subscribe; a webhook without a secret is given one, which is shown this once."""
        if way not in WAYS:
            raise InputError("way", repr(way[:60]), f"one of {', '.join(WAYS)}")
        if not 1 <= len(address) <= _MOST_ADDRESS or any(letter.isspace() for letter in address):
            raise InputError("address", repr(address[:60]), f"1 to {_MOST_ADDRESS} letters without spaces")
        if way == "webhook" and not address.startswith(("https://", "http://")):
            raise InputError("address", repr(address[:60]), "an address on the web")
        if way == "email" and not all(address.partition("@")[::2]):
            raise InputError("address", repr(address[:60]), "an e-mail address")
        if sees_private and Right.SEE_PRIVATE not in actor.rights:
            must = "entitled to see what is private"
            raise NotEntitledError("sees_private", f"asked for by {actor.name} ({actor.role})", must)
        subscription = Subscription(
            subscription_id=self.new_id("S"),
            owner=actor.name,
            way=way,
            address=address,
            kinds=kinds,
            secret=secret or (self.new_secret() if way == "webhook" else ""),
            sees_private=sees_private,
            made_utc_ns=self.clock.now_utc_ns(),
        )

        def work(writer: RegisterWriter) -> Subscription:
            if len(writer.subscriptions(actor.name)) >= MOST_PER_OWNER:
                raise InputError(
                    "subscriptions", f"{MOST_PER_OWNER}", f"at most {MOST_PER_OWNER} of one owner"
                )
            writer.put_subscription(subscription)
            return subscription

        return self.register.change(work)

    def unsubscribe(self, actor: Actor, subscription_id: str) -> None:
        """End a subscription of one's own; what it was still to be told is not told any more."""

        def work(writer: RegisterWriter) -> None:
            own = {each.subscription_id for each in writer.subscriptions(actor.name)}
            if subscription_id not in own:
                raise UnknownSubjectError("subscription_id", f"{subscription_id}", "one of yours")
            writer.drop_subscription(subscription_id)

        self.register.change(work)

    def list(self, actor: Actor) -> tuple[Subscription, ...]:
        """Return one's own subscriptions."""
        return self.register.read().subscriptions(actor.name)
