"""How persons prove who they are at a live watch, composed from `[approvals]` of the site's file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from skykeep.api.proof import NobodyProven, Proofs, ProvenPersons
from skykeep.api.response_api import ResponseSource, create_response_api
from skykeep.api.server import Server
from skykeep.api.tokens import Gatekeeper, TokenSettings
from skykeep.app.site_text import ApprovalsText
from skykeep.base.clock import Clock
from skykeep.domain.commands import ProposalCommand
from skykeep.store.people_file import PeopleFile


class ResponseDoors:
    """Without the table nobody can prove anything, and so nobody decides on a proposal."""

    def __init__(self, text: ApprovalsText | None, folder: Path, clock: Clock) -> None:
        self._text, self._clock = text, clock
        self.proofs: Proofs = NobodyProven()
        self.gatekeeper: Gatekeeper | None = None
        if text is None:
            return
        if text.issuer or text.key_files or text.audiences:
            keys = tuple(folder / name for name in text.key_files)
            settings = TokenSettings(issuer=text.issuer, audiences=text.audiences, key_files=keys)
            self.gatekeeper = Gatekeeper(settings, {}, clock)
        people = PeopleFile(folder / text.people_file, clock) if text.people_file else None
        self.proofs = ProvenPersons(people, self.gatekeeper)

    def servers(self, source: ResponseSource, decide: Callable[[ProposalCommand], None]) -> list[Server]:
        """Return the server of decisions over HTTP, where an issuer is named."""
        if self._text is None or self.gatekeeper is None:
            return []
        app = create_response_api(source, decide, self.gatekeeper, self._clock)
        return [Server(app, host=self._text.host, port=self._text.port)]
