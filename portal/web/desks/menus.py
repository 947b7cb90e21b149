"""Menus in a merchant's office: when and where each is served, its sections, the order of everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import request

from portal.domain.menus import actions, queries
from portal.domain.menus.queries.desk import MenuLine
from portal.domain.stores import queries as stores
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work
from portal.web import menuwords
from portal.web.desks import dishes, menuimports, menustores
from portal.web.forms.base import Form
from portal.web.forms.menus import MenuForm, SectionForm, chosen_ids, menu_values
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem, Office
from portal.web.pages import Answer, Page, page, see_other

SEE, EDIT = Permission.MENU_VIEW, Permission.MENU_EDIT


def add(office: Office) -> None:
    """Register everything about menus with an office whose merchant has stores."""
    dishes.add(office)
    office.nav.append(NavItem(_l("菜单"), f"{office.name}.menus_list", SEE, group=_l("堂食")))
    office.get("/menus", may=SEE)(menus_list)
    for rule, view in (
        ("/menus/new", menus_new),
        ("/menus/<uuid:menu>", menus_edit),
        ("/menus/sections/<uuid:section>", menus_order),
        ("/menus/<uuid:menu>/order", menus_order_sections),
    ):
        office.get(rule, may=EDIT)(view)
    for rule, act in (
        ("/menus/new", menus_create),
        ("/menus/<uuid:menu>", menus_save),
        ("/menus/<uuid:menu>/remove", menus_remove),
        ("/menus/<uuid:menu>/order", menus_reorder_sections),
        ("/menus/<uuid:menu>/sections", menus_section_add),
        ("/menus/sections/<uuid:section>", menus_reorder),
        ("/menus/sections/<uuid:section>/rename", menus_section_rename),
        ("/menus/sections/<uuid:section>/remove", menus_section_remove),
    ):
        office.post(rule, may=EDIT)(act)
    menustores.add(office)
    menuimports.add(office)


def menus_list(work: Work) -> Page:
    """All menus with their sections."""
    return _list(work, SectionForm(formdata=None))


def _list(work: Work, form: Form, *, status: int = 200) -> Page:
    names = {one.id: one.name for one in stores.store_names(work)}
    found = queries.menus(work)
    shown = menuwords.SHOWN
    return page("desks/menus/list.html", status=status, form=form, menus=found, stores=names, **shown)


def menus_new(work: Work) -> Page:
    """An empty form."""
    return _form(work, MenuForm(formdata=None), None)


def menus_create(work: Work) -> Answer:
    """A menu behind the others."""
    form = _offered(work, MenuForm())
    if form.validate():
        with form.tries(work):
            actions.create_menu(work, form.menu())
            return see_other(".menus_list", flash=gettext("已建好，现在加分类。"))
    return _form(work, form, None, status=422)


def menus_edit(work: Work, menu: UUID) -> Page:
    """When and where it is served."""
    line = _menu(work, menu)
    return _form(work, MenuForm(formdata=None, data=menu_values(line)), line)


def menus_save(work: Work, menu: UUID) -> Answer:
    """Change it; the street and the tables see it at once."""
    form, line = _offered(work, MenuForm()), _menu(work, menu)
    if form.validate():
        with form.tries(work):
            actions.edit_menu(work, menu, form.menu())
            return see_other(".menus_list", flash=gettext("已保存，立即生效。"))
    return _form(work, form, line, status=422)


def _menu(work: Work, menu_id: UUID) -> MenuLine:
    found = next((line for line in queries.menus(work) if line.id == menu_id), None)
    if found is None:
        raise NotFound
    return found


def _offered(work: Work, form: MenuForm) -> MenuForm:
    return form.offer([(str(one.id), one.name) for one in stores.store_names(work)])


def _form(work: Work, form: MenuForm, line: MenuLine | None, *, status: int = 200) -> Page:
    return page("desks/menus/edit.html", status=status, form=_offered(work, form), line=line, **menuwords.SHOWN)


def menus_remove(work: Work, menu: UUID) -> Answer:
    """Throw an empty menu away."""
    return _act(work, lambda: actions.remove_menu(work, menu), gettext("菜单已删除。"))


def menus_section_add(work: Work, menu: UUID) -> Answer:
    """Another heading."""
    form = SectionForm().beside(menu)
    name = form.name.data or ""
    return _act(work, lambda: actions.add_section(work, menu, name), gettext("已加分类“%(name)s”。", name=name), form)


def menus_section_rename(work: Work, section: UUID) -> Answer:
    """Another name for it."""
    form = SectionForm().beside(section)
    name = form.name.data or ""
    return _act(work, lambda: actions.rename_section(work, section, name), gettext("已改名。"), form)


def menus_section_remove(work: Work, section: UUID) -> Answer:
    """Throw an empty heading away."""
    return _act(work, lambda: actions.remove_section(work, section), gettext("分类已删除。"))


def _act(work: Work, act: Callable[[], Any], done: str, form: Form | None = None) -> Answer:
    form = form or SectionForm()
    if form.validate():
        with form.tries(work):
            act()
            return see_other(".menus_list", flash=done)
    return _list(work, form, status=422)


def menus_order(work: Work, section: UUID) -> Page:
    """The dishes of a section, to be put in order."""
    menu_id, name = queries.section(work, section)
    found, _more = queries.dishes(work, section=section)
    items = [(one.id, one.name, menuwords.price(one)) for one in found]
    line = _menu(work, menu_id)
    return _order(work, items, ".menus_reorder", {"section": section}, f"{line.name} · {name}")


def menus_order_sections(work: Work, menu: UUID) -> Page:
    """The sections of a menu, to be put in order."""
    line = _menu(work, menu)
    items = [(one.id, one.name, gettext("%(count)s 道菜", count=one.count)) for one in line.sections]
    return _order(work, items, ".menus_reorder_sections", {"menu": menu}, line.name)


def _order(_work: Work, items: list[tuple[UUID, str, str]], endpoint: str, at: dict[str, UUID], name: str) -> Page:
    moved = request.args.get("moved", "")
    return page("desks/menus/order.html", items=items, endpoint=endpoint, at=at, name=name, moved=moved)


def _wanted() -> tuple[list[UUID], str]:
    """The order that was sent, after the step of a pressed button."""
    ids = chosen_ids(request.form.getlist("ids"))
    for way, step in (("up", -1), ("down", 1)):
        pressed = chosen_ids([request.form.get(way, "")])
        if pressed and pressed[0] in ids:
            at = ids.index(pressed[0])
            ids.insert(max(0, min(len(ids) - 1, at + step)), ids.pop(at))
            return ids, f"{way}-{pressed[0]}"
    return ids, ""


def menus_reorder(work: Work, section: UUID) -> Answer:
    """The dishes in the order that was sent."""
    ids, moved = _wanted()
    actions.order_dishes(work, section, ids)
    return see_other(
        ".menus_order", section=section, moved=moved or None, flash="" if moved else gettext("顺序已保存。")
    )


def menus_reorder_sections(work: Work, menu: UUID) -> Answer:
    """The sections in the order that was sent."""
    ids, moved = _wanted()
    actions.order_sections(work, menu, ids)
    flash = "" if moved else gettext("顺序已保存。")
    return see_other(".menus_order_sections", menu=menu, moved=moved or None, flash=flash)
