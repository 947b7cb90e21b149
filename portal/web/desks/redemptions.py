"""What all stores of a merchant redeemed, with exports; and how long each store may undo."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from portal.domain.reference import queries as reference
from portal.domain.reference.values import UNDO_MINUTES
from portal.domain.vouchers import actions, queries
from portal.domain.vouchers.rules import words
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.work import Work
from portal.web import sheets, tickets
from portal.web.forms.vouchers import LimitForm
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem, Office
from portal.web.pages import Answer, Page, page, see_other
from portal.web.periods import asked_period

MOST = 50


def add(office: Office) -> None:
    """Register the desk's pages."""
    see = Permission.COUPON_VIEW
    office.nav.append(NavItem(_l("核销记录"), f"{office.name}.redemptions_list", see, group=_l("营销")))
    office.get("/redemptions", may=see)(redemptions_list)
    office.get("/redemptions/export", may=Permission.REDEMPTION_EXPORT)(redemptions_export)
    office.get("/redemptions/limits", may=Permission.COUPON_EDIT)(redemptions_limits)
    office.post("/redemptions/limits/<uuid:store>", may=Permission.COUPON_EDIT)(redemptions_limit)


def redemptions_list(work: Work) -> Page:
    """Redemptions of the stores in reach, by day and store."""
    period, q, store = asked_period(work.now()), request.args.get("q", "")[:60], _asked_store()
    lines = queries.redemptions(
        work, store_id=store, since=period.since, until=period.until, q=q, after=period.after, most=MOST + 1
    )
    return page(
        "desks/redemptions/list.html",
        lines=lines[:MOST],
        further=lines[MOST - 1].id if len(lines) > MOST else None,
        totals=queries.totals(work, store_id=store, since=period.since, until=period.until),
        stores=queries.store_settings(work),
        period=period,
        store=store,
        q=q,
        worth=tickets.worth,
        words=words,
    )


def redemptions_export(work: Work) -> Response:
    """The same as a file, CSV or Excel."""
    period = asked_period(work.now())
    lines = queries.redemptions(
        work, store_id=_asked_store(), since=period.since, until=period.until, most=queries.MOST_EXPORTED
    )
    return sheets.download(sheets.redemptions(lines), f"redemptions-{period.name}", request.args.get("format", "csv"))


def _asked_store() -> UUID | None:
    try:
        return UUID(request.args.get("at", ""))
    except ValueError:
        return None


def redemptions_limits(work: Work) -> Page:
    """How long each store may undo."""
    return _limits(work, None, "")


def redemptions_limit(work: Work, store: UUID) -> Answer:
    """Set one store's limit."""
    form, most = LimitForm(), reference.value_of(work, UNDO_MINUTES)
    if form.validate():
        with form.tries(work):
            actions.limit_undo(work, store, minutes=_minutes(form), most=most)
            return see_other(".redemptions_limits", flash=gettext("撤销时限已更新。"))
    return _limits(work, store, str(form.minutes.errors[0]), status=422)


def _minutes(form: LimitForm) -> int:
    if form.minutes.data is None:
        raise Refusal(words.MISSING_MINUTES, field="minutes")
    return int(form.minutes.data)


def _limits(work: Work, wrong: UUID | None, problem: str, *, status: int = 200) -> Page:
    return page(
        "desks/redemptions/limits.html",
        status=status,
        stores=queries.store_settings(work),
        most=reference.value_of(work, UNDO_MINUTES),
        wrong=wrong,
        problem=problem,
        typed=request.form.get("minutes", ""),
    )
