"""A store's floor in its merchant's office: areas, tables on a plan, each table with its card."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from wtforms.fields.choices import SelectChoice

from portal.domain.floor import actions, queries
from portal.domain.floor.queries import Plan
from portal.domain.floor.values import Shape, Table, TableFacts
from portal.domain.stores.queries.names import store_names
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work
from portal.web.desks import floorrules
from portal.web.desks.floorrules import EDIT, SEE, WHERE
from portal.web.desks.reach import in_reach, store_in_reach
from portal.web.drawings import qr
from portal.web.forms.base import Form
from portal.web.forms.floor import SHAPES, AreaForm, TableForm, TablesForm
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem, Office
from portal.web.pages import Answer, Page, page, see_other

REPEATS = "the last place holds, however often it is said"


def add(office: Office) -> None:
    """Register the desk's pages with an office whose merchant has stores."""
    office.nav.append(NavItem(_l("桌台"), f"{office.name}.floor_list", SEE, group=_l("堂食")))
    office.get("/floor", may=SEE)(floor_list)
    office.get(WHERE, may=SEE)(floor_show)
    for rule, shown, act in (
        ("tables/<uuid:table>", floor_table, floor_table_save),
        ("tables/new", floor_tables_new, floor_tables_add),
    ):
        office.get(f"{WHERE}/{rule}", may=EDIT)(shown)
        office.post(f"{WHERE}/{rule}", may=EDIT)(in_reach(act))
    for place, press in (
        ("areas/new", floor_area_add),
        ("areas/<uuid:area>/rename", floor_area_rename),
        ("areas/<uuid:area>/drop", floor_area_drop),
        ("tables/<uuid:table>/away", floor_table_away),
        ("tables/<uuid:table>/back", floor_table_back),
        ("tables/<uuid:table>/code", floor_table_code),
    ):
        office.post(f"{WHERE}/{place}", may=EDIT)(in_reach(press))
    office.post(f"{WHERE}/tables/<uuid:table>/place", may=EDIT, repeats=REPEATS)(in_reach(floor_table_place))
    floorrules.add(office)


def floor_list(work: Work) -> Page:
    """Which store; how many tables and seats each has."""
    return page("desks/floor/list.html", stores=store_names(work), counts=queries.counts(work))


def floor_show(work: Work, store: UUID) -> Page:
    """The plan of a store."""
    return _show(work, store, AreaForm(formdata=None))


def _show(work: Work, store: UUID, form: Form, *, wrong: Form | None = None, status: int = 200) -> Page:
    """`form` is of a new area, `wrong` what was refused about one that is there."""
    name = store_in_reach(work, store).name
    return page(
        "desks/floor/plan.html",
        status=status,
        store_id=store,
        store=name,
        plan=queries.plan(work, store),
        rules=queries.rules(work, store),
        form=form,
        wrong=wrong,
    )


def floor_area_add(work: Work, store: UUID) -> Answer:
    """Another area."""
    form = AreaForm()
    if form.validate():
        with form.tries(work):
            actions.add_area(work, store_id=store, name=(form.name.data or "").strip())
            return see_other(".floor_show", store=store, flash=gettext("已添加区域。"))
    return _show(work, store, form, status=422)


def floor_area_rename(work: Work, store: UUID, area: UUID) -> Answer:
    """Another name."""
    form = AreaForm().beside(area)
    if form.validate():
        with form.tries(work):
            actions.rename_area(work, area, name=(form.name.data or "").strip())
            return see_other(".floor_show", store=store, flash=gettext("已改名。"))
    return _show(work, store, AreaForm(formdata=None), wrong=form, status=422)


def floor_area_drop(work: Work, store: UUID, area: UUID) -> Answer:
    """Without tables it may go."""
    form = Form()
    with form.tries(work):
        actions.drop_area(work, area)
        return see_other(".floor_show", store=store, flash=gettext("已删除区域。"))
    return _show(work, store, AreaForm(formdata=None), wrong=form, status=422)


def floor_tables_new(work: Work, store: UUID) -> Page:
    """Many tables at once."""
    area = request.args.get("area", "")
    return _tables(work, store, TablesForm(formdata=None, area=area, shape=Shape.SQUARE.value))


def _tables(work: Work, store: UUID, form: TablesForm, *, status: int = 200) -> Page:
    name, plan = store_in_reach(work, store).name, queries.plan(work, store)
    _offer_areas(form, plan)
    return page("desks/floor/tables.html", status=status, store_id=store, store=name, plan=plan, form=form)


def _offer_areas(form: TablesForm | TableForm, plan: Plan) -> None:
    form.area.choices = [SelectChoice(str(area.id), area.name) for area in plan.areas]


def floor_tables_add(work: Work, store: UUID) -> Answer:
    """Add them, each with a card of its own."""
    form = TablesForm()
    if form.validate():
        with form.tries(work):
            ids = actions.add_tables(
                work,
                area_id=_area(work, store, form.area.data),
                names=form.names.data or "",
                seats_min=form.seats_min.data or 1,
                seats_max=form.seats_max.data or 1,
                seats_extra=form.seats_extra.data or 0,
                shape=Shape(form.shape.data),
            )
            done = gettext("已添加 %(count)s 张桌台，可以打印桌卡了。", count=len(ids))
            return see_other(".floor_show", store=store, flash=done)
    return _tables(work, store, form, status=422)


def _area(work: Work, store: UUID, said: str | None) -> UUID:
    """An area of this store; who may not see the store has none."""
    known = queries.plan(work, store).areas
    found = next((area.id for area in known if str(area.id) == said), None)
    if found is None:
        raise NotFound
    return found


def _table(work: Work, store: UUID, table: UUID) -> tuple[Plan, Table]:
    plan = queries.plan(work, store)
    found = next((one for one in plan.tables if one.id == table), None)
    if found is None:
        raise NotFound
    return plan, found


def floor_table(work: Work, store: UUID, table: UUID) -> Page:
    """One table: name, seats, shape, place; its card."""
    _plan, known = _table(work, store, table)
    fields = ("name", "seats_min", "seats_max", "seats_extra", "x", "y")
    values = {field: getattr(known, field) for field in fields}
    form = TableForm(formdata=None, **values, area=str(known.area_id), shape=known.shape.value)
    return _edit(work, store, table, form)


def _edit(work: Work, store: UUID, table: UUID, form: TableForm, *, status: int = 200) -> Page:
    name = store_in_reach(work, store).name
    plan, known = _table(work, store, table)
    _offer_areas(form, plan)
    facts: dict[str, Any] = {"store_id": store, "store": name, "plan": plan, "table": known, "shapes": SHAPES}
    code = qr(floorrules.address(store, known)) if known.active else None
    return page("desks/floor/table.html", status=status, form=form, code=code, **facts)


def floor_table_save(work: Work, store: UUID, table: UUID) -> Answer:
    """Keep what was entered."""
    form = TableForm()
    if form.validate():
        with form.tries(work):
            actions.edit_table(work, table, _facts(work, store, form))
            return see_other(".floor_show", store=store, flash=gettext("已保存。"))
    return _edit(work, store, table, form, status=422)


def _facts(work: Work, store: UUID, form: TableForm) -> TableFacts:
    return TableFacts(
        name=(form.name.data or "").strip(),
        area_id=_area(work, store, form.area.data),
        seats_min=form.seats_min.data or 1,
        seats_max=form.seats_max.data or 1,
        seats_extra=form.seats_extra.data or 0,
        shape=Shape(form.shape.data),
        x=form.x.data,
        y=form.y.data,
    )


def floor_table_place(work: Work, store: UUID, table: UUID) -> Answer:
    """Dragged, or moved by the arrow keys."""
    found = [request.form.get(name, "") for name in ("x", "y")]
    if all(text.isascii() and text.isdigit() and len(text) <= 4 for text in found):
        _table(work, store, table)
        actions.put_table(work, table, x=int(found[0]), y=int(found[1]))
    return see_other(".floor_show", store=store)


def _act(work: Work, store: UUID, table: UUID, act: Any, done: str) -> Answer:
    form = TableForm(formdata=None)
    with form.tries(work):
        act(work, table)
        return see_other(".floor_table", store=store, table=table, flash=done)
    refused = form.form_errors
    answer = floor_table(work, store, table)
    answer.context["form"].form_errors.extend(refused)
    return Page(answer.template, answer.context, status=422)


def floor_table_away(work: Work, store: UUID, table: UUID) -> Answer:
    """Put it away."""
    return _act(work, store, table, actions.put_away, gettext("已停用，桌卡作废。"))


def floor_table_back(work: Work, store: UUID, table: UUID) -> Answer:
    """Use it again."""
    return _act(work, store, table, actions.put_back, gettext("已恢复使用。"))


def floor_table_code(work: Work, store: UUID, table: UUID) -> Answer:
    """A new code: the printed card is void."""
    return _act(work, store, table, actions.renew_code, gettext("已换新码，旧桌卡作废，请重新打印。"))
