"""Past orders from another system: found again, and added up by month."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from flask import request

from portal.domain.archive import queries
from portal.domain.archive.queries import Asked
from portal.domain.archive.values import MARKS, LineShown, Mark
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web.asking import asked_words
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem
from portal.web.pages import Page, page
from portal.web.supplier import supplier

SEE = Permission.ORDER_VIEW
TONES = {Mark.CANCELLED: "wait", Mark.NEGATIVE_PRICE: "stop", Mark.FREE: "info", Mark.TWICE: "hot"}
supplier.nav.append(NavItem(_l("历史订单"), "supplier.archive_list", SEE, group=_l("经营")))


@supplier.get("/history", may=SEE)
def archive_list(work: Work) -> Page:
    """Lines by search and month, and the totals of the months."""
    asked = Asked(asked_words(), _month(), _after())
    found, further = queries.lines(work, asked)
    return page(
        "supplier/archive/list.html",
        block="rows",
        lines=found,
        further=_mark(found[-1]) if further else None,
        months=queries.months(work),
        month=asked.month,
        q=asked.words,
        keep={"q": asked.words or None, "month": f"{asked.month:%Y-%m}" if asked.month else None},
        mark_names=MARKS,
        tones=TONES,
        amount=amount,
    )


def amount(value: Decimal) -> str:
    """With thousands and at least two decimals; more only where there are more."""
    plain = f"{value.normalize():f}"
    return f"{value:,.2f}" if len(plain.partition(".")[2]) <= 2 else f"{value.normalize():,f}"


def _month() -> date | None:
    try:
        found = date.fromisoformat(f"{request.args.get('month', '')}-01")
    except ValueError:
        return None
    return found if 1970 <= found.year <= 2100 else None


def _mark(last: LineShown) -> str:
    return f"{last.batch_id}.{last.line.number}"


def _after() -> tuple[UUID, int] | None:
    batch, _, number = request.args.get("after", "").partition(".")
    try:
        return UUID(batch), int(number[:9])
    except ValueError:
        return None
