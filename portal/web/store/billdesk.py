"""A store's bills of a day with search and totals, the log of corrections, rules of paying, the manager's own PIN."""

from __future__ import annotations

from uuid import UUID

from flask import request

from portal.domain.bills import actions, queries
from portal.domain.bills.values import Adjust, Rules
from portal.domain.menus.values import Trade
from portal.kernel.money import parse_yuan
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web.asking import asked_words
from portal.web.forms.base import Form
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem
from portal.web.pages import Answer, Page, see_other
from portal.web.periods import asked_period
from portal.web.store import store as office
from portal.web.store.frame import counter_page

TAKE, ADJUST = Permission.BILL_TAKE, Permission.BILL_ADJUST
AT = "store.bills_list"
KINDS = {Adjust.CANCEL: _l("退菜"), Adjust.GIFT: _l("赠菜"), Adjust.REPRICE: _l("改价")}

office.nav.append(NavItem(_l("账单"), AT, TAKE, trade=Trade.MENUS))


@office.get("/bills", may=TAKE)
def bills_list(work: Work, store: UUID) -> Page:
    """Paid bills of a day or several, the latest first, with what came in by which way."""
    period, q = asked_period(work.now()), asked_words()
    stretch = {"since": period.since, "until": period.until}
    bills, more = queries.bills(work, store, **stretch, after=period.after, q=q)
    return counter_page(
        work,
        store,
        "store/bills/list.html",
        at=AT,
        bills=bills,
        further=bills[-1].id if more else None,
        sums=queries.sums(work, store, **stretch),
        period=period,
        q=q,
        may_adjust=work.may(ADJUST),
    )


@office.get("/corrections", may=ADJUST)
def bills_corrections(work: Work, store: UUID) -> Page:
    """退菜, 赠菜, 改价: who, why, how much, and who let it pass."""
    period = asked_period(work.now())
    log = queries.adjustments(work, store, since=period.since, until=period.until)
    return counter_page(
        work,
        store,
        "store/bills/corrections.html",
        at=AT,
        log=log,
        names=queries.member_names(work),
        off_fen=sum(one.before_fen - one.after_fen for one in log),
        period=period,
        kinds=KINDS,
    )


@office.get("/bill-rules", may=ADJUST)
def bills_rules(work: Work, store: UUID) -> Page:
    """Up to how much the staff corrects alone, how wide receipts are; my own PIN."""
    return _rules(work, store, Form(formdata=None))


def _rules(work: Work, store: UUID, form: Form, *, status: int = 200) -> Page:
    facts = {"rules": queries.rules_of(work, store), "entered": request.form, "has_pin": queries.has_pin(work)}
    return counter_page(work, store, "store/bills/rules.html", status=status, at=AT, form=form, **facts)


@office.post("/bill-rules", may=ADJUST)
def bills_rules_save(work: Work, store: UUID) -> Answer:
    """From now on."""
    form, entered = Form(), request.form
    if form.validate():
        with form.tries(work):
            paper = 58 if entered.get("paper") == "58" else 80
            actions.set_rules(work, store, Rules(parse_yuan(entered.get("free", "")), paper))
            return see_other("store.bills_rules", flash=gettext("已保存。"))
    return _rules(work, store, form, status=422)


@office.post("/my-pin", may=ADJUST)
def bills_pin_save(work: Work, store: UUID) -> Answer:
    """My own PIN, or none any more."""
    form, entered = Form(), request.form
    if form.validate():
        with form.tries(work):
            if entered.get("act") == "drop":
                actions.drop_pin(work)
                return see_other("store.bills_rules", flash=gettext("PIN 已停用。"))
            actions.set_pin(work, entered.get("pin", ""))
            return see_other("store.bills_rules", flash=gettext("PIN 已设好，只有您知道。"))
    return _rules(work, store, form, status=422)
