"""Coupons in a merchant's back office: list, write, publish, pause, end, extend, duplicate, and what became of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request

from portal.domain.stores import queries as stores
from portal.domain.vouchers import actions, queries
from portal.domain.vouchers.rules import lint, words
from portal.domain.vouchers.values import CouponState
from portal.kernel.permissions import Permission
from portal.kernel.spoken import local_day
from portal.kernel.work import Work
from portal.web import tickets
from portal.web.desks import redemptions
from portal.web.forms.vouchers import CouponForm, ExtendForm, coupon_values, new_coupon
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem, Office
from portal.web.pages import Answer, Page, page, see_other
from portal.web.periods import asked_after

MOST = 50
SHOWN: dict[str, Any] = {
    "face": tickets.face,
    "days": tickets.days,
    "until": tickets.until,
    "words": words,
    "rules": tickets.rules,
    "last_day": tickets.last_day,
}


def add(office: Office) -> None:
    """Register the desk's pages with an office whose merchant has stores."""
    see, write = Permission.COUPON_VIEW, Permission.COUPON_EDIT
    office.nav.append(NavItem(_l("优惠券"), f"{office.name}.coupons_list", see, group=_l("营销")))
    for rule, view in (
        ("/coupons", coupons_list),
        ("/coupons/<uuid:coupon>", coupons_show),
    ):
        office.get(rule, may=see)(view)
    for rule, view in (
        ("/coupons/new", coupons_new),
        ("/coupons/<uuid:coupon>/edit", coupons_edit),
        ("/coupons/<uuid:coupon>/extend", coupons_stretch),
    ):
        office.get(rule, may=write)(view)
    for rule, act in (
        ("/coupons/new", coupons_create),
        ("/coupons/<uuid:coupon>/edit", coupons_save),
        ("/coupons/<uuid:coupon>/extend", coupons_extend),
        ("/coupons/<uuid:coupon>/publish", coupons_publish),
        ("/coupons/<uuid:coupon>/pause", coupons_pause),
        ("/coupons/<uuid:coupon>/end", coupons_end),
        ("/coupons/<uuid:coupon>/remove", coupons_remove),
        ("/coupons/<uuid:coupon>/duplicate", coupons_duplicate),
    ):
        office.post(rule, may=write)(act)
    redemptions.add(office)


def coupons_list(work: Work) -> Page:
    """All coupons, filtered by state and title."""
    state, q = _asked_state(), request.args.get("q", "")[:60]
    lines = queries.coupons(work, state=state, q=q, after=asked_after(), most=MOST + 1)
    return page(
        "desks/coupons/list.html",
        lines=lines[:MOST],
        further=lines[MOST - 1].id if len(lines) > MOST else None,
        counts=queries.coupon_counts(work),
        state=state,
        q=q,
        **SHOWN,
    )


def _asked_state() -> CouponState | None:
    try:
        return CouponState(request.args.get("state", ""))
    except ValueError:
        return None


def coupons_new(work: Work) -> Page:
    """An empty form."""
    return _form_page(_with_stores(work, CouponForm(data=new_coupon(local_day(work.now())))), None)


def coupons_create(work: Work) -> Answer:
    """Write a draft."""
    form = _with_stores(work, CouponForm())
    if form.validate():
        with form.tries(work):
            coupon_id = actions.create(work, draft=form.draft())
            return see_other(".coupons_show", coupon=coupon_id, flash=gettext("草稿已保存，看一下再发布。"))
    return _form_page(form, None, status=422)


def coupons_edit(work: Work, coupon: UUID) -> Page:
    """The form of a draft."""
    facts = queries.coupon(work, coupon)
    return _form_page(_with_stores(work, CouponForm(data=coupon_values(facts.draft)), facts), facts)


def coupons_save(work: Work, coupon: UUID) -> Answer:
    """Change a draft."""
    facts = queries.coupon(work, coupon)
    form = _with_stores(work, CouponForm(), facts)
    if form.validate():
        with form.tries(work):
            actions.edit(work, coupon, draft=form.draft())
            return see_other(".coupons_show", coupon=coupon, flash=gettext("草稿已保存，看一下再发布。"))
    return _form_page(form, facts, status=422)


def _form_page(form: CouponForm, facts: queries.CouponFacts | None, *, status: int = 200) -> Page:
    return page("desks/coupons/edit.html", form=form, facts=facts, status=status)


def _with_stores(work: Work, form: Any, facts: queries.CouponFacts | None = None) -> Any:
    """Offer the stores in reach, and those the coupon has already."""
    offered = {str(one.id): one.name for one in stores.store_names(work)}
    if facts is not None:
        offered.update({str(store_id): name for store_id, name in facts.store_names})
    return form.offer(list(offered.items()))


def coupons_show(work: Work, coupon: UUID) -> Page:
    """One coupon: as consumers see it, what it may still become, how it is used."""
    return _show(work, coupon)


def _show(work: Work, coupon: UUID, *, problem: str = "", status: int = 200) -> Page:
    facts = queries.coupon(work, coupon)
    return page(
        "desks/coupons/show.html",
        status=status,
        facts=facts,
        hints=lint.hints(facts.draft),
        uses=queries.statistics(work, coupon),
        problem=problem,
        now=work.now(),
        **SHOWN,
    )


def coupons_stretch(work: Work, coupon: UUID) -> Page:
    """What may change after publishing."""
    facts = queries.coupon(work, coupon)
    return page(
        "desks/coupons/extend.html",
        form=_with_stores(work, ExtendForm(data=coupon_values(facts.draft)), facts),
        facts=facts,
    )


def coupons_extend(work: Work, coupon: UUID) -> Answer:
    """More of them, longer, in more stores; never less than was promised."""
    facts = queries.coupon(work, coupon)
    form = _with_stores(work, ExtendForm(), facts)
    if form.validate():
        with form.tries(work):
            actions.extend(work, coupon, **form.facts_for(facts))
            return see_other(".coupons_show", coupon=coupon, flash=gettext("已更新。"))
    return page("desks/coupons/extend.html", form=form, facts=facts, status=422)


def coupons_publish(work: Work, coupon: UUID) -> Answer:
    """Let people collect it."""
    return _act(work, coupon, actions.publish, gettext("已发布，顾客现在可以领取。"))


def coupons_pause(work: Work, coupon: UUID) -> Answer:
    """Stop collecting for a while."""
    return _act(work, coupon, actions.pause, gettext("已暂停领取。已领的券照常可用。"))


def coupons_end(work: Work, coupon: UUID) -> Answer:
    """Stop collecting for good."""
    return _act(work, coupon, actions.end, gettext("已结束领取。已领的券照常可用。"))


def _act(work: Work, coupon: UUID, action: Any, done: str) -> Answer:
    form = CouponForm()
    with form.tries(work):
        action(work, coupon)
        return see_other(".coupons_show", coupon=coupon, flash=done)
    return _show(work, coupon, problem=_problem(form), status=422)


def _problem(form: CouponForm) -> str:
    """The sentence of a refused step, wherever the form put it."""
    everything = [*form.form_errors, *(error for field in form for error in field.errors)]
    return str(everything[0]) if everything else ""


def coupons_remove(work: Work, coupon: UUID) -> Answer:
    """Throw a draft away."""
    form = CouponForm()
    with form.tries(work):
        actions.remove(work, coupon)
        return see_other(".coupons_list", flash=gettext("草稿已删除。"))
    return _show(work, coupon, problem=_problem(form), status=422)


def coupons_duplicate(work: Work, coupon: UUID) -> Answer:
    """A new draft with the same terms."""
    copy = actions.duplicate(work, coupon)
    return see_other(".coupons_edit", coupon=copy, flash=gettext("已复制成一张草稿，改好再发布。"))
