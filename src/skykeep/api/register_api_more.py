"""Subscriptions, and what is thought of a track: the rest of the register's API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Protocol

import msgspec
from msgspec import Meta

from skykeep.api.register_api_answers import Answer, Call, Endpoint, RefusedError
from skykeep.api.register_api_places import Word, time_of
from skykeep.app.office import Office
from skykeep.domain.actor import Actor, Right
from skykeep.domain.register import Subscription

SUBSCRIPTIONS = "/v1/subscriptions"


class SubscribeBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who wants to be told, by which way and where. No kinds is all of them."""

    way: Literal["webhook", "cot", "email", "ed318"]
    address: Annotated[str, Meta(min_length=1, max_length=500)]
    kinds: Annotated[tuple[Word, ...], Meta(max_length=20)] = ()
    secret: Annotated[str, Meta(max_length=200)] = ""
    sees_private: bool = False


class SubscriptionView(msgspec.Struct, frozen=True):
    """A subscription. Its secret is said once, when it is made."""

    subscription_id: str
    owner: str
    way: str
    address: str
    kinds: tuple[str, ...]
    sees_private: bool
    made: datetime
    secret: str | None = None


class SubscriptionList(msgspec.Struct, frozen=True):
    subscriptions: tuple[SubscriptionView, ...]


class PermitMatch(msgspec.Struct, frozen=True, kw_only=True):
    """With which probability a track is the flight of a permit."""

    permit_id: str
    probability: float
    private: bool = False
    owner: str = ""


class TrackVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """What is thought of a track: may it be there, by which document, which condition fails, in which zones.

    `allowed` None is not known. A `private` one rests on a private permit.
    """

    track: str
    time_utc_ns: int
    allowed: bool | None
    says: str
    document: str = ""
    failing: str = ""
    zones: tuple[str, ...] = ()
    matches: tuple[PermitMatch, ...] = ()
    private: bool = False
    owner: str = ""


class VerdictSource(Protocol):
    """Where verdicts come from."""

    def verdict(self, track: str) -> TrackVerdict | None:
        """Return what is thought of a track now; None where there is no such track. From any thread."""
        ...


class MatchView(msgspec.Struct, frozen=True):
    permit_id: str
    probability: float


class VerdictView(msgspec.Struct, frozen=True):
    track: str
    time: datetime
    allowed: bool | None
    says: str
    document: str
    failing: str
    zones: tuple[str, ...]
    matches: tuple[MatchView, ...]


class SubscriptionDoor:
    """Subscriptions' endpoints: everybody's own."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def list(self, call: Call) -> Answer:
        """Return the asker's subscriptions."""
        own = self._office.subscribers.list(call.actor)
        return Answer(body=SubscriptionList(tuple(_view(subscription) for subscription in own)))

    def subscribe(self, call: Call) -> Answer:
        """Subscribe; the secret of a webhook is said this once."""
        body: SubscribeBody = call.body
        made = self._office.subscribers.subscribe(
            call.actor,
            body.way,
            body.address,
            body.kinds,
            secret=body.secret,
            sees_private=body.sees_private,
        )
        location = f"{SUBSCRIPTIONS}/{made.subscription_id}"
        return Answer(status=201, body=_view(made, with_secret=True), headers={"location": location})

    def unsubscribe(self, call: Call) -> Answer:
        """End a subscription."""
        self._office.subscribers.unsubscribe(call.actor, call.path["id"])
        return Answer(status=204)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return what can be asked for."""
        return (
            Endpoint(
                method="GET",
                path=SUBSCRIPTIONS,
                name="list_subscriptions",
                says="Your subscriptions.",
                handler=self.list,
                gives=SubscriptionList,
            ),
            Endpoint(
                method="POST",
                path=SUBSCRIPTIONS,
                name="subscribe",
                says="Be told of what changes.",
                handler=self.subscribe,
                takes=SubscribeBody,
                gives=SubscriptionView,
                status=201,
                once=True,
            ),
            Endpoint(
                method="DELETE",
                path=f"{SUBSCRIPTIONS}/{{id}}",
                name="unsubscribe",
                says="Be told no more.",
                handler=self.unsubscribe,
                status=204,
                answers=(404,),
            ),
        )


class VerdictDoor:
    """What is thought of a track. What rests on a private permit is shown to those entitled alone."""

    def __init__(self, source: VerdictSource) -> None:
        self._source = source

    def show(self, call: Call) -> Answer:
        """Return the verdict on one track."""
        track, actor = call.path["track"], call.actor
        verdict = self._source.verdict(track)
        if verdict is None or not _may_see(actor, verdict.private, verdict.owner):
            raise RefusedError(404, "track", track[:80], "a track that is followed now")
        view = VerdictView(
            track=verdict.track,
            time=time_of(verdict.time_utc_ns),
            allowed=verdict.allowed,
            says=verdict.says,
            document=verdict.document,
            failing=verdict.failing,
            zones=verdict.zones,
            matches=tuple(
                MatchView(match.permit_id, match.probability)
                for match in verdict.matches
                if _may_see(actor, match.private, match.owner)
            ),
        )
        return Answer(body=view)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return what can be asked for."""
        return (
            Endpoint(
                method="GET",
                path="/v1/verdicts/{track}",
                name="show_verdict",
                says="What is thought of a track: may it be there, and by which document.",
                handler=self.show,
                gives=VerdictView,
                answers=(404,),
            ),
        )


def _may_see(actor: Actor, private: bool, owner: str) -> bool:
    return not private or Right.SEE_PRIVATE in actor.rights or (bool(owner) and owner == actor.name)


def _view(subscription: Subscription, *, with_secret: bool = False) -> SubscriptionView:
    return SubscriptionView(
        subscription_id=subscription.subscription_id,
        owner=subscription.owner,
        way=subscription.way,
        address=subscription.address,
        kinds=subscription.kinds,
        sees_private=subscription.sees_private,
        made=time_of(subscription.made_utc_ns),
        secret=subscription.secret or None if with_secret else None,
    )
