"""What the ledger proves, for anybody: closed days with their hashes, the last recount, and how to check them."""

from __future__ import annotations

from portal.domain.ledger import queries
from portal.domain.ledger.rules import GENESIS
from portal.kernel.permissions import ANYONE
from portal.kernel.work import Work
from portal.web.asking import asked_day
from portal.web.pages import Page, page
from portal.web.shop import shop

SHOWN = 30


@shop.get("/ledger", may=ANYONE)
def ledger_show(work: Work) -> Page:
    """The closed days, the latest first, and the last recount."""
    days = queries.days(work, before=asked_day("before"), most=SHOWN + 1)
    return page(
        "shop/ledger/show.html",
        days=days[:SHOWN],
        further=days[SHOWN - 1].day if len(days) > SHOWN else None,
        proof=queries.last_proof(work),
        genesis=GENESIS,
    )
