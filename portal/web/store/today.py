"""What this store redeemed: today's list with totals and search, any period on demand, exports."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from portal.domain.vouchers import queries
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web import sheets
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem
from portal.web.pages import Page
from portal.web.periods import asked_period
from portal.web.store import store as office
from portal.web.store.frame import counter_page

office.nav.append(NavItem(_l("今日记录"), "store.redemptions_today", Permission.VOUCHER_REDEEM))
MOST = 50


@office.get("/redemptions", may=Permission.VOUCHER_REDEEM)
def redemptions_today(work: Work, store: UUID) -> Page:
    """Today's list, or that of the days asked for."""
    period, q = asked_period(work.now()), request.args.get("q", "")[:60]
    lines = queries.redemptions(
        work, store_id=store, since=period.since, until=period.until, q=q, after=period.after, most=MOST + 1
    )
    totals = queries.totals(work, store_id=store, since=period.since, until=period.until)
    return counter_page(
        work,
        store,
        "store/redemptions/today.html",
        last=lines[:MOST],
        further=lines[MOST - 1].id if len(lines) > MOST else None,
        totals=totals,
        period=period,
        q=q,
    )


@office.get("/redemptions/export", may=Permission.REDEMPTION_EXPORT)
def redemptions_export(work: Work, store: UUID) -> Response:
    """The same as a file, CSV or Excel."""
    period = asked_period(work.now())
    lines = queries.redemptions(
        work, store_id=store, since=period.since, until=period.until, most=queries.MOST_EXPORTED
    )
    return sheets.download(sheets.redemptions(lines), f"redemptions-{period.name}", request.args.get("format", "csv"))
