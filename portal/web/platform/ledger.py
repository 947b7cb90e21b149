"""The ledger's browser: trial balance, accounts, entries, journals, closed days, recounts. It changes nothing."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from portal.domain.ledger import queries
from portal.domain.ledger.queries import AccountLine, EntryFilter, TrialLine
from portal.domain.ledger.values import HOUSE, AccountKind
from portal.domain.tenants.queries.merchants import merchant_names
from portal.kernel.figures import SHANGHAI
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web import sheets
from portal.web.asking import asked_day, asked_one
from portal.web.desks.funds import entry_rows
from portal.web.forms.tenants import uuid_or_none
from portal.web.locale import gettext
from portal.web.moneywords import ACCOUNTS
from portal.web.pages import Page, page
from portal.web.periods import asked_after
from portal.web.platform import platform

SEE = Permission.LEDGER_VIEW
MOST = 50
DAYS = 60


@platform.get("/ledger", may=SEE)
def ledger_show(work: Work) -> Page:
    """The trial balance and the last recount."""
    until = asked_day("until")
    lines = queries.trial_balance(work, until=until)
    return page(
        "platform/ledger/show.html",
        until=until,
        lines=lines,
        totals=_totals(lines),
        proof=queries.last_proof(work),
        closed=queries.days(work, most=1),
    )


@platform.get("/ledger/export", may=SEE)
def ledger_export(work: Work) -> Response:
    """The trial balance as a table file."""
    rows: sheets.Rows = [(gettext("账户"), gettext("币种"), gettext("账户数"), gettext("余额（元）"))]
    until = asked_day("until")
    lines = queries.trial_balance(work, until=until)
    for line in lines:
        rows.append((str(ACCOUNTS[line.kind]), line.asset.value, line.accounts, line.balance / 100))
    for asset, total in _totals(lines).items():
        rows.append((gettext("合计"), asset, sum(one.accounts for one in lines), total / 100))
    name = until or work.now().astimezone(SHANGHAI).date()
    return sheets.download(rows, f"trial-{name:%Y-%m-%d}", _format())


@platform.get("/ledger/accounts", may=SEE)
def ledger_accounts(work: Work) -> Page:
    """Accounts by kind and owner, in the order of their ids."""
    kind, owner = asked_one(AccountKind, "kind"), uuid_or_none(request.args.get("owner"))
    lines = queries.accounts(work, kind=kind, owner_id=owner, after=asked_after(), most=MOST + 1)
    return page(
        "platform/ledger/accounts.html",
        block="rows",
        lines=lines[:MOST],
        further=lines[MOST - 1].id if len(lines) > MOST else None,
        asked={"kind": kind.value if kind else None, "owner": owner},
        kinds=AccountKind,
        names=_owners(work, lines),
    )


@platform.get("/ledger/accounts/<uuid:account>", may=SEE)
def ledger_account(work: Work, account: UUID) -> Page:
    """One account with its entries, the latest first."""
    line = queries.account(work, account)
    wanted = _asked(line)
    entries = queries.entries(work, wanted, after=request.args.get("after", ""), most=MOST + 1)
    return page(
        "platform/ledger/account.html",
        block="rows",
        line=line,
        owner=_owners(work, (line,))[line.owner_id],
        entries=entries[:MOST],
        further=entries[MOST - 1].cursor if len(entries) > MOST else None,
        journals=queries.journal_ids(work, [entry.transfer_id for entry in entries]),
        wanted=wanted,
    )


@platform.get("/ledger/accounts/<uuid:account>/export", may=SEE)
def ledger_account_export(work: Work, account: UUID) -> Response:
    """The entries of an account as a table file."""
    line = queries.account(work, account)
    entries = queries.entries(work, _asked(line), most=queries.MOST_EXPORTED)
    return sheets.download(entry_rows(entries), f"account-{str(account)[-6:]}", _format())


@platform.get("/ledger/journals/<uuid:journal>", may=SEE)
def ledger_journal(work: Work, journal: UUID) -> Page:
    """One journal with its transfers and the business row it belongs to."""
    return page("platform/ledger/journal.html", journal=queries.journal(work, journal))


@platform.get("/ledger/days", may=SEE)
def ledger_days(work: Work) -> Page:
    """Closed days with their hashes, and the last recount."""
    days = queries.days(work, before=asked_day("before"), most=DAYS + 1)
    return page(
        "platform/ledger/days.html",
        block="rows",
        days=days[:DAYS],
        further=days[DAYS - 1].day if len(days) > DAYS else None,
        proof=queries.last_proof(work),
    )


def _asked(line: AccountLine) -> EntryFilter:
    return EntryFilter(account_id=line.id, owner_id=line.owner_id, since=asked_day("since"), until=asked_day("until"))


def _totals(lines: tuple[TrialLine, ...]) -> dict[str, int]:
    totals: dict[str, int] = {}
    for line in lines:
        totals[line.asset.value] = totals.get(line.asset.value, 0) + line.balance
    return totals


def _owners(work: Work, lines: tuple[AccountLine, ...]) -> dict[UUID, str]:
    """Names of the merchants, the platform's own, and the end of an id for anybody else."""
    owners = {line.owner_id for line in lines}
    known = merchant_names(work, owners) | {HOUSE: gettext("平台")}
    return {owner: known.get(owner, str(owner)[-6:]) for owner in owners}


def _format() -> str:
    return request.args.get("format", "csv")
