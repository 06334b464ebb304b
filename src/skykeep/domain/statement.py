"""What others say of a night: documents kept whole, and what a person confirmed that they say.

An *assertion* is one thing that one speaker says about one *slot*, at an exact passage of one document. Rules
propose it, a person confirms, corrects or refuses it; nothing here is ever a verdict on what is true. Slots,
acts and values are those of `tests/statements/README.md`, where labelling was done by them.
"""

from __future__ import annotations

import enum

import msgspec


class SpeechAct(enum.StrEnum):
    """What a speaker does with the words."""

    CLAIMS = "claims"
    DENIES = "denies"
    REPORTS_HEARING = "reports_hearing"
    REPORTS_SEEING = "reports_seeing"
    POSTS_FOOTAGE = "posts_footage"
    ANNOUNCES = "announces"
    THREATENS = "threatens"
    DECLINES = "declines"
    CORRECTS = "corrects"
    DOUBTS = "doubts"


class Slot(enum.StrEnum):
    """What is spoken about."""

    AIRCRAFT_COUNT = "aircraft_count"
    AIRCRAFT_TYPE = "aircraft_type"
    EVENT_TIME = "event_time"
    PLACE = "place"
    TARGET = "target"
    HEARD = "heard"
    MEANS_OF_DEFEAT = "means_of_defeat"
    OUTCOME = "outcome"
    CASUALTIES = "casualties"
    DAMAGE = "damage"
    ATTRIBUTION = "attribution"
    MOTIVE = "motive"
    WHEREABOUTS = "whereabouts"
    FOOTAGE = "footage"
    RESPONSE_TAKEN = "response_taken"
    RESPONSE_THREATENED = "response_threatened"
    RESTRICTION = "restriction"
    EXCEPTION = "exception"
    PURPOSE = "purpose"
    COMMENT = "comment"


class SourceDocument(msgspec.Struct, frozen=True, kw_only=True):
    """One document as it was handed in. `sha256` is of the file's own bytes, `text` what a reader sees of it,
    every offset counts Unicode characters of `text`. `published` is an ISO date or date-time, "" where
    nobody said; `published_from` says where that was read: `text`, `metadata`, `person` or "". `encoding` is
    what a text or page was read in ("" for PDFs and letters, whose parts say their own); `stray_bytes` of the
    file were not of it, and stand in `text` as U+FFFD.
    """

    document_id: str
    name: str
    media_type: str
    sha256: str
    size_bytes: int
    text: str
    publisher: str
    published: str
    published_from: str
    published_words: tuple[int, int] | None
    retrieved_utc_ns: int
    retrieved_from: str = ""
    is_marked_satire: bool = False
    encoding: str = ""
    is_encoding_guessed: bool = False
    stray_bytes: int = 0


class Passage(msgspec.Struct, frozen=True, kw_only=True):
    """Characters `start` to `end` (not with it) of one document's text."""

    document_id: str
    start: int
    end: int


class Assertion(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that one speaker says. `speaker` is "" when the document speaks for itself; `via` names who
    passes it on, outermost first, without the publisher. `is_direct`: all of it inside quotation marks;
    `is_hedged`: said with "may", "appears", "purportedly". `proposed_by` names the rule or the plug-in.
    """

    assertion_id: str
    passage: Passage
    slot: Slot
    value: str
    speaker: str
    speaker_passage: Passage | None
    via: tuple[str, ...]
    act: SpeechAct
    is_direct: bool
    is_hedged: bool
    proposed_by: str


class ReviewState(enum.StrEnum):
    """What a person made of a proposal."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    REFUSED = "refused"


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """A person's word on one proposal; `corrected` is what it should say, None unless corrected."""

    assertion_id: str
    state: ReviewState
    by: str
    time_utc_ns: int
    reason: str = ""
    corrected: Assertion | None = None


class CopyKind(enum.StrEnum):
    """`verbatim`: the same words but for a few; `reworded`: a paraphrase, or two translations of one text."""

    VERBATIM = "verbatim"
    REWORDED = "reworded"


class CopyGround(enum.StrEnum):
    """By what two passages were joined: `words` that are the same or mean the same, or one `claim` of one
    speaker on one slot, in whatever words.
    """

    WORDS = "words"
    CLAIM = "claim"


class SharedPassage(msgspec.Struct, frozen=True, kw_only=True):
    """A passage that two documents share. `similarity` of the words is from 0 to 1; `aligned` pairs the words
    that stand for one another as offsets (start, end in `a`, start, end in `b`).
    """

    a: Passage
    b: Passage
    kind: CopyKind
    similarity: float
    aligned: tuple[tuple[int, int, int, int], ...] = ()
    ground: CopyGround = CopyGround.WORDS


class LineageGround(enum.StrEnum):
    """By what documents were told to have their words from one another or from one origin."""

    PUBLISHER = "one publisher"
    CREDIT = "one agency credited"
    REPOST = "one says that it has them from the other"
    QUOTED = "one has the other's publisher say, in a shared passage, what that one says itself"
    CITED = "one has the other's publisher say several things that he says there"
    SAME_SPEAKER = "one speaker says the same several things in each"
    COMMON_TEXT = "much of the text in common"
    ONE_STATEMENT = "one statement in its own wordings"
    NOT_TOLD = "not told"


class Lineage(msgspec.Struct, frozen=True, kw_only=True):
    """Documents whose words come from one another or from one origin; `origin` is "" when it is unknown.
    The first of `document_ids` is the origin's own document where `source_id` names it ("" where none is
    known to be the source: an origin may have said it elsewhere, and earlier).
    """

    lineage_id: str
    document_ids: tuple[str, ...]
    origin: str
    ground: LineageGround = LineageGround.NOT_TOLD
    source_id: str = ""


class Relation(enum.StrEnum):
    """How independent sources stand to one another on one slot."""

    AGREE = "agree"
    CONTRADICT = "contradict"
    SILENT = "silent"
    ONE = "one"


class Voice(msgspec.Struct, frozen=True, kw_only=True):
    """What one speaker says on one slot, in one or more documents that say it in the same sense. Documents
    of one lineage count as one: `origins` is how many independent ones there are.
    """

    speaker: str
    value: str
    act: SpeechAct
    assertion_ids: tuple[str, ...]
    document_ids: tuple[str, ...]
    origins: int


class MatrixRow(msgspec.Struct, frozen=True, kw_only=True):
    """All voices on one slot, how they stand, who is silent, and what was measured (sentences that name the
    tracks or sensors); never which of them is right. `pairs` says how two voices stand, by their numbers,
    where that can be told; `one_statement` groups the numbers of voices that are one statement in several
    wordings. `origins` is how many independent ones all voices have together; `agreeing` how many of them
    agree, every two, and `contradicting` how many contradict another one; `voice_origins` is for each voice
    the number of its own, from 1.
    """

    slot: Slot
    relation: Relation
    voices: tuple[Voice, ...]
    silent: tuple[str, ...]
    measured: tuple[str, ...]
    sentence: str
    origins: int = 1
    agreeing: int = 0
    contradicting: int = 0
    voice_origins: tuple[int, ...] = ()
    pairs: tuple[tuple[int, int, Relation], ...] = ()
    one_statement: tuple[tuple[int, ...], ...] = ()


class RefusedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that could not be read as a document, and why."""

    name: str
    reason: str


class StatementMatrix(msgspec.Struct, frozen=True, kw_only=True):
    """Statements side by side. `shared_share` says for two documents which part of the words of each (a, b)
    stands in the other word for word, `reworded_share` which further part in other words. `wordings` are
    sentences that say one thing in several documents. `unreviewed` counts proposals that no person has
    looked at. `refused` are files that were given and could not be read: nothing of them stands here.
    `heard_once` are speakers of whom one sentence stands in the documents, and `apart` documents that meet no
    other on any slot: neither are called silent. `unread` says of a document, by its id, how far the rules
    read it where that was not to its end.
    """

    documents: tuple[SourceDocument, ...]
    assertions: tuple[Assertion, ...]
    reviews: tuple[Review, ...]
    shared: tuple[SharedPassage, ...]
    shared_share: tuple[tuple[str, str, float, float], ...]
    lineages: tuple[Lineage, ...]
    rows: tuple[MatrixRow, ...]
    unreviewed: int
    reworded_share: tuple[tuple[str, str, float, float], ...] = ()
    wordings: tuple[tuple[Passage, ...], ...] = ()
    refused: tuple[RefusedFile, ...] = ()
    heard_once: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
