"""Pages of a Remote ID signature, put together: page 0 says how many there are and how long the whole is.

| page | octets of the signature |
|---|---|
| 0 | the first 17 |
| 1 to 15 | 23 each |

What stands beyond `length` (padding, or a repair code) is left away. Pages carry no number of their
signature, so a page that comes again with other content begins a new one, and the older pages are forgotten:
a signature is never made of two. Source: ASTM F3411-22a section 5.4.5.8.
"""

from __future__ import annotations

import msgspec

from skykeep.wire.remoteid_records import Authentication


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """A whole signature, as sent. Whether it is true is not judged here."""

    authentication_type: int
    time_utc_s: int | None
    data: bytes


class SignaturePages:
    """The pages of one transmitter."""

    def __init__(self) -> None:
        self.pages: dict[int, Authentication] = {}

    def add(self, page: Authentication) -> Signature | None:
        """Keep a page; return the signature that it completes, None while pages are missing or when it was
        whole already.
        """
        known = self.pages.get(page.page)
        if known == page:
            return None
        kind = next(iter(self.pages.values()), page).authentication_type
        if known is not None or kind != page.authentication_type:
            self.pages.clear()
        self.pages[page.page] = page
        return self._whole()

    def _whole(self) -> Signature | None:
        first = self.pages.get(0)
        if first is None or first.last_page is None or first.length is None:
            return None
        wanted = range(first.last_page + 1)
        if any(number not in self.pages for number in wanted):
            return None
        data = b"".join(self.pages[number].data for number in wanted)
        return Signature(
            authentication_type=first.authentication_type,
            time_utc_s=first.time_utc_s,
            data=data[: first.length],
        )
