"""A merchant's money: what he has and every entry of it, with a file. Nothing changes here."""

from __future__ import annotations

from flask import Response, request

from portal.domain.ledger import queries
from portal.domain.ledger.queries import EntryFilter, EntryLine
from portal.domain.ledger.values import AccountKind
from portal.domain.settlement.queries import awaited
from portal.kernel.figures import SHANGHAI
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web import sheets
from portal.web.asking import asked_day, asked_one
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.moneywords import ACCOUNTS, business_name, transfer_name
from portal.web.office import NavItem, Office
from portal.web.pages import Page, page

SEE = Permission.FUNDS_VIEW
MOST = 50
OWN = (AccountKind.AVAILABLE, AccountKind.PENDING, AccountKind.FROZEN, AccountKind.RECEIVABLE)


def add(office: Office) -> None:
    """Register the page and its file."""
    office.nav.append(NavItem(_l("资金"), f"{office.name}.funds_list", SEE))
    office.get("/funds", may=SEE)(funds_list)
    office.get("/funds/export", may=SEE)(funds_export)


def funds_list(work: Work) -> Page:
    """Balances, and the entries behind them, the latest first."""
    wanted = _asked()
    entries = queries.own_entries(work, wanted, after=request.args.get("after", ""), most=MOST + 1)
    held = queries.holdings(work)
    return page(
        "desks/funds/list.html",
        block="rows",
        held=held,
        awaited=awaited(work, work.merchant_id),
        own=[kind for kind in OWN if kind in held or kind is not AccountKind.RECEIVABLE],
        entries=entries[:MOST],
        further=entries[MOST - 1].cursor if len(entries) > MOST else None,
        wanted=wanted,
        asked=_address(wanted),
    )


def funds_export(work: Work) -> Response:
    """The same entries as a file, CSV or Excel."""
    entries = queries.own_entries(work, _asked(), most=queries.MOST_EXPORTED)
    name = f"funds-{work.now().astimezone(SHANGHAI):%Y-%m-%d}"
    return sheets.download(entry_rows(entries), name, request.args.get("format", "csv"))


def entry_rows(entries: tuple[EntryLine, ...]) -> sheets.Rows:
    """Head and rows of entries for a file; amounts in yuan, times local."""
    head = (
        gettext("时间"),
        gettext("记账日"),
        gettext("账户"),
        gettext("事项"),
        gettext("业务"),
        gettext("金额（元）"),
    )
    rows: sheets.Rows = [head]
    for entry in entries:
        when = f"{entry.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
        move = transfer_name(entry.kind, entry.business)
        what = (str(ACCOUNTS[entry.account_kind]), move, business_name(entry.business))
        rows.append((when, entry.day.isoformat(), *what, entry.amount / 100))
    return rows


def _asked() -> EntryFilter:
    """The filters in the address; nonsense filters nothing."""
    return EntryFilter(
        account_kind=asked_one(AccountKind, "account"), since=asked_day("since"), until=asked_day("until")
    )


def _address(wanted: EntryFilter) -> dict[str, object]:
    kind = wanted.account_kind.value if wanted.account_kind else None
    return {"account": kind, "since": wanted.since, "until": wanted.until}
