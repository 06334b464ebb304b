"""Who is to be told what: a notice is kept in the same change as what it tells of, with one delivery for each
subscriber of its kind, so that no sudden end comes between the two.
"""

from __future__ import annotations

import sqlalchemy as sa

from skykeep.base.errors import InputError
from skykeep.domain.register import Notice, Subscription
from skykeep.store import register_schema as schema
from skykeep.store.register_rows import RowWriter, as_text


class NoticeWriter(RowWriter):
    def put_subscription(self, subscription: Subscription) -> None:
        self.replace(
            schema.subscription,
            subscription_id=subscription.subscription_id,
            owner=subscription.owner,
            body=as_text(subscription),
        )

    def drop_subscription(self, subscription_id: str) -> None:
        waiting = schema.delivery.c
        self.connection.execute(
            schema.delivery.delete().where(
                waiting.subscription_id == subscription_id, waiting.delivered_utc_ns.is_(None)
            )
        )
        table = schema.subscription
        self.connection.execute(table.delete().where(table.c.subscription_id == subscription_id))

    def post(self, notice: Notice) -> None:
        """Keep a notice until every subscriber of its kind was told. The same notice again is no other."""
        columns = schema.notice.c
        body = as_text(notice)
        known = self.connection.execute(
            sa.select(columns.body).where(columns.notice_id == notice.notice_id)
        ).scalar()
        if known is not None:
            if known != body:
                raise InputError("notice_id", repr(notice.notice_id), "new, or the very same notice")
            return
        sequence = self.next_number(schema.notice)
        self.insert(schema.notice, sequence=sequence, notice_id=notice.notice_id, body=body)
        told = [
            {
                "sequence": sequence,
                "subscription_id": subscription.subscription_id,
                "tries": 0,
                "because": "",
            }
            for subscription in self.subscriptions()
            if _tells(notice, subscription)
        ]
        if told:
            self.connection.execute(schema.delivery.insert(), told)

    def delivered(self, notice_id: str, subscription_id: str, time_utc_ns: int) -> None:
        self._tried(notice_id, subscription_id, "", time_utc_ns, delivered_utc_ns=time_utc_ns)

    def failed(self, notice_id: str, subscription_id: str, because: str, time_utc_ns: int) -> None:
        self._tried(notice_id, subscription_id, because, time_utc_ns)

    def _tried(
        self, notice_id: str, subscription_id: str, because: str, time_utc_ns: int, **also: int
    ) -> None:
        columns = schema.delivery.c
        which = sa.select(schema.notice.c.sequence).where(schema.notice.c.notice_id == notice_id)
        self.connection.execute(
            schema.delivery.update()
            .where(
                columns.sequence == which.scalar_subquery(),
                columns.subscription_id == subscription_id,
                columns.delivered_utc_ns.is_(None),
            )
            .values(tries=columns.tries + 1, because=because, tried_utc_ns=time_utc_ns, **also)
        )


def _tells(notice: Notice, subscription: Subscription) -> bool:
    """Say whether a subscriber is to be told."""
    if subscription.kinds and notice.kind not in subscription.kinds:
        return False
    return not notice.private or subscription.sees_private or subscription.owner == notice.owner != ""
