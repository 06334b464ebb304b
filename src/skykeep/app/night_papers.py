"""What is written of a simulated night afterwards: filed in its case as a person would, with what the rules
read in it. Nobody reviews it, and it says so.
"""

from __future__ import annotations

from collections.abc import Iterable

from skykeep.base.clock import seconds_to_ns
from skykeep.feeds.document_file import document_of
from skykeep.sim.scenario import PaperPlan
from skykeep.store.case_folder import CaseFolder

BY = "press desk"
FROM = "made up, with the scenario"


def file_papers(case: CaseFolder, papers: Iterable[PaperPlan], start_utc_ns: int) -> int:
    """File what was written of a night that began then, and return how many proposals came of it. What is
    filed already stays: a night that was broken off may be gone on with.
    """
    from skykeep.app.statement_work import propose_in_case

    there = {document.sha256 for document in case.book.documents.values()}
    last_utc_ns = start_utc_ns
    for paper in sorted(papers, key=lambda one: one.after_h):
        last_utc_ns = start_utc_ns + seconds_to_ns(3_600.0 * paper.after_h)
        data = paper.text.encode()
        document = document_of(paper.name, data, retrieved_utc_ns=last_utc_ns, retrieved_from=FROM)
        if document.sha256 not in there:
            case.add_document(document, data, BY, last_utc_ns)
    return len(propose_in_case(case, BY, last_utc_ns).new)
