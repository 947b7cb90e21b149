"""Many sale prices at once: a rule looked at row by row before it holds, what each such act changed, and its undo."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request

from portal.domain.catalogue import actions
from portal.domain.catalogue.queries import pricing
from portal.domain.catalogue.rules.markup import ENDINGS, Ending, Rule, parse_times
from portal.domain.onboarding.queries.applications import people
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web import goods, locale
from portal.web.forms.base import Form
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, page, see_other
from portal.web.periods import asked_after
from portal.web.platform import platform
from portal.web.platform.prices import shown_list

SEE, EDIT = Permission.PRICE_VIEW, Permission.PRICE_EDIT
MOST = 100
USUAL = "1.35"


@platform.post("/prices/pick", may=EDIT)
def prices_pick(work: Work) -> Answer:
    """On to the rule with the rows that were ticked."""
    form = Form()
    if form.validate():
        with form.tries(work):
            return see_other("platform.prices_reprice", ids=[str(one) for one in _ticked(request.form.getlist("ids"))])
    return shown_list(work, form, status=422)


def _ticked(texts: list[str]) -> list[UUID]:
    try:
        ids = sorted({UUID(text) for text in texts[: MOST + 1]})
    except ValueError:
        ids = []
    if not ids or len(ids) > MOST:
        raise Refusal(say("请先勾选商品，一次最多 %(most)s 个规格。", most=MOST))
    return ids


@platform.get("/prices/reprice", may=EDIT)
def prices_reprice(work: Work) -> Page:
    """The rule, and what it would make of each row."""
    return _reprice(work, Form(formdata=None), request.args)


def _reprice(work: Work, form: Form, source: Any, *, status: int = 200) -> Page:
    times, wrong, preview, ids = source.get("times", USUAL)[:20], "", None, []
    ending = _ending(source)
    try:
        ids = _ticked(source.getlist("ids"))
        preview = pricing.moves(work, ids, Rule(parse_times(times), ending))
    except NotFound:
        raise
    except Refusal as refused:
        wrong = locale.said(refused.sentence)
    return page(
        "platform/prices/reprice.html",
        status=status,
        form=form,
        ids=ids,
        times=times,
        ending=ending,
        endings=ENDINGS,
        wrong=wrong,
        preview=preview,
        **goods.SHOWN,
    )


def _ending(source: Any) -> Ending:
    try:
        return Ending(source.get("ending", ""))
    except ValueError:
        return Ending.NINETY


@platform.post("/prices/reprice", may=EDIT)
def prices_apply(work: Work) -> Answer:
    """Set what was looked at, all or none."""
    form, typed = Form(), request.form
    if form.validate():
        with form.tries(work):
            rule = Rule(parse_times(typed.get("times", "")), _ending(typed))
            below = typed.get("below") == "1"
            batch, count = actions.apply_rule(
                work, _ticked(typed.getlist("ids")), rule, seen=typed.get("seen", ""), below=below
            )
            flash = gettext("改了 %(count)s 个售价，街上马上按新价卖。", count=count)
            return see_other("platform.price_batches_show", batch=batch, flash=flash)
    return _reprice(work, form, typed, status=422)


@platform.get("/price-batches", may=SEE)
def price_batches_list(work: Work) -> Page:
    """Acts that changed sale prices, the latest first."""
    found, more = pricing.batches(work, after=asked_after())
    return page(
        "platform/prices/batches.html",
        batches=found,
        further=found[-1].id if more else None,
        names=people(work, [one.made_by for one in found]),
    )


@platform.get("/price-batches/<uuid:batch>", may=SEE)
def price_batches_show(work: Work, batch: UUID) -> Page:
    """What one act changed."""
    return _batch(work, batch, Form(formdata=None))


def _batch(work: Work, batch: UUID, form: Form, *, status: int = 200) -> Page:
    rows = pricing.batch_rows(work, batch)
    return page(
        "platform/prices/batch.html",
        status=status,
        form=form,
        batch=batch,
        rows=rows,
        back=sum(1 for one in rows if one.can_go_back),
        **goods.SHOWN,
    )


@platform.post("/price-batches/<uuid:batch>/undo", may=EDIT)
def price_batches_undo(work: Work, batch: UUID) -> Answer:
    """Put the prices before it back."""
    form = Form()
    if form.validate():
        with form.tries(work):
            count, left = actions.undo_sales(work, batch)
            flash = gettext("已恢复 %(count)s 个售价。", count=count)
            if left:
                flash += gettext("%(left)s 个没有变：后来又改过、已经撤销，或者原价低于现在的供货价。", left=left)
            return see_other("platform.price_batches_show", batch=batch, flash=flash)
    return _batch(work, batch, form, status=422)
