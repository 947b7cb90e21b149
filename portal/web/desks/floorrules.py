"""Joined tables, how a store reserves, and its table cards to print: the other half of the floor's desk."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request, url_for
from wtforms.fields.choices import SelectChoice

from portal.domain.floor import actions, queries
from portal.domain.floor.values import Table
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web import tablecards
from portal.web.desks.reach import in_reach, store_in_reach
from portal.web.drawings import qr
from portal.web.forms.floor import JoinForm, RulesForm, rules_values
from portal.web.locale import gettext
from portal.web.office import Office, services
from portal.web.pages import Answer, Page, page, see_other

SEE, EDIT = Permission.FLOOR_VIEW, Permission.FLOOR_EDIT
WHERE = "/floor/<uuid:store>"


def add(office: Office) -> None:
    """Register the pages; the desk of the floor does it."""
    office.get(f"{WHERE}/cards", may=EDIT)(floor_cards)
    office.get(f"{WHERE}/cards.pdf", may=EDIT)(floor_cards_pdf)
    for rule, shown, act in (("joins", floor_joins, floor_join), ("rules", floor_rules, floor_rules_save)):
        office.get(f"{WHERE}/{rule}", may=EDIT)(shown)
        office.post(f"{WHERE}/{rule}", may=EDIT)(in_reach(act))
    office.post(f"{WHERE}/joins/<uuid:join>/part", may=EDIT)(in_reach(floor_part))


def floor_joins(work: Work, store: UUID) -> Page:
    """Which tables can be put together."""
    return _joins(work, store, JoinForm(formdata=None))


def _joins(work: Work, store: UUID, form: JoinForm, *, status: int = 200) -> Page:
    name, plan = store_in_reach(work, store).name, queries.plan(work, store)
    form.tables.choices = [SelectChoice(str(one.id), one.name) for one in plan.in_use]
    return page("desks/floor/joins.html", status=status, store_id=store, store=name, plan=plan, form=form)


def floor_join(work: Work, store: UUID) -> Answer:
    """Put them together."""
    form = JoinForm()
    known = {str(one.id): one.id for one in queries.plan(work, store).in_use}
    form.tables.choices = [SelectChoice(one, one) for one in known]
    if form.validate():
        with form.tries(work):
            actions.join_tables(
                work,
                store_id=store,
                table_ids=[known[one] for one in form.tables.data or () if one in known],
                name=form.name.data or "",
                seats_min=form.seats_min.data or 1,
                seats_max=form.seats_max.data or 1,
            )
            return see_other(".floor_joins", store=store, flash=gettext("已添加拼桌组合。"))
    return _joins(work, store, form, status=422)


def floor_part(work: Work, store: UUID, join: UUID) -> Answer:
    """Not any more."""
    form = JoinForm(formdata=None)
    with form.tries(work):
        actions.part_tables(work, join)
        return see_other(".floor_joins", store=store, flash=gettext("已取消这个组合。"))
    return _joins(work, store, form, status=422)


def floor_rules(work: Work, store: UUID) -> Page:
    """How the store reserves."""
    return _rules(work, store, RulesForm(formdata=None, **rules_values(queries.rules(work, store))))


def _rules(work: Work, store: UUID, form: RulesForm, *, status: int = 200) -> Page:
    return page(
        "desks/floor/rules.html", status=status, store_id=store, store=store_in_reach(work, store).name, form=form
    )


def floor_rules_save(work: Work, store: UUID) -> Answer:
    """Keep them."""
    form = RulesForm()
    if form.validate():
        with form.tries(work):
            actions.set_rules(work, store, form.rules())
            return see_other(".floor_rules", store=store, flash=gettext("已保存。已订的座位按原来的约定。"))
    return _rules(work, store, form, status=422)


def address(store: UUID, table: Table) -> str:
    """What the printed code says."""
    return services().addresses.public_url + url_for("shop.seats_ask", store=store, code=table.code)


def _cards(work: Work, store: UUID) -> tuple[str, list[Table]]:
    name, plan = store_in_reach(work, store).name, queries.plan(work, store)
    asked = set(request.args.getlist("table"))
    return name, [one for one in plan.in_use if not asked or str(one.id) in asked]


def floor_cards(work: Work, store: UUID) -> Page:
    """Table cards to print, eight on a sheet."""
    name, tables = _cards(work, store)
    codes = {one.id: qr(address(store, one)) for one in tables}
    return page("desks/floor/cards.html", store_id=store, store=name, tables=tables, codes=codes)


def floor_cards_pdf(work: Work, store: UUID) -> Response:
    """The same as a PDF."""
    name, tables = _cards(work, store)
    cards = [tablecards.Card(name, one.area, one.name, address(store, one)) for one in tables]
    words = (gettext("扫码点餐"), gettext("请用手机扫一扫"))
    return tablecards.download(tablecards.pdf(cards, words), f"table-cards-{len(cards)}.pdf")
