"""Menus from files: bring one, mend its rows one by one or many at once, serve it, or give it up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import request

from portal.domain.menus import actions, queries
from portal.domain.menus.queries.imports import ImportRow
from portal.domain.menus.rules import decisions
from portal.domain.menus.rules.repair import Trouble
from portal.domain.stores import queries as stores
from portal.kernel.limits import Limit
from portal.kernel.money import parse_yuan
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web import menufiles, menuwords, optionforms, sessions
from portal.web.asking import asked_words
from portal.web.forms.base import Form
from portal.web.forms.fields import options
from portal.web.forms.menus import BringForm, MenuForm, RowForm, chosen_ids
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import Checks, NavItem, Office
from portal.web.pages import Answer, Page, page, see_other
from portal.web.periods import asked_after

EDIT = Permission.MENU_EDIT
UPLOADS = Limit("menus.upload", 60, 3600)
MOST = 50


def add(office: Office) -> None:
    """Register the pages."""
    office.nav.append(NavItem(_l("导入菜单"), f"{office.name}.menuimports_list", EDIT, group=_l("堂食")))
    office.get("/menu-imports", may=EDIT)(menuimports_list)
    office.post("/menu-imports", may=EDIT, gate=_uploading)(menuimports_bring)
    office.get("/menu-imports/<uuid:menufile>", may=EDIT)(menuimports_show)
    office.get("/menu-imports/<uuid:menufile>/rows/<uuid:menurow>", may=EDIT)(menuimports_row)
    for rule, act in (
        ("/menu-imports/<uuid:menufile>/decide", menuimports_decide),
        ("/menu-imports/<uuid:menufile>/rows", menuimports_rows),
        ("/menu-imports/<uuid:menufile>/rows/<uuid:menurow>", menuimports_row_save),
        ("/menu-imports/<uuid:menufile>/apply", menuimports_apply),
        ("/menu-imports/<uuid:menufile>/discard", menuimports_discard),
        ("/menu-imports/<uuid:menufile>/undo", menuimports_undo),
    ):
        office.post(rule, may=EDIT)(act)


def _uploading(_args: dict[str, object]) -> Checks:
    claim = sessions.claim()
    return [(UPLOADS, str(claim.person_id) if claim else "")]


def menuimports_list(work: Work) -> Page:
    """What was brought, and where a file goes."""
    return _list(work, BringForm(formdata=None))


def _list(work: Work, form: BringForm, *, status: int = 200) -> Page:
    found, more = queries.imports(work, after=asked_after())
    shown = {"form": form, "imports": found, "further": found[-1].id if more else None, **menuwords.SHOWN}
    return page("desks/menus/imports.html", block="rows" if "after" in request.args else None, status=status, **shown)


def menuimports_bring(work: Work) -> Answer:
    """Take the file; nothing is served yet."""
    form = BringForm()
    if form.validate():
        with form.tries(work):
            ids = actions.bring(work, menufiles.read(form.file.data), file_name=form.file.data.filename or "")
            flash = gettext("读到 %(count)s 份菜单，先看看哪里要修。", count=len(ids))
            if len(ids) == 1:
                return see_other(".menuimports_show", menufile=ids[0], flash=flash)
            return see_other(".menuimports_list", flash=flash)
    return _list(work, form, status=422)


def menuimports_show(work: Work, menufile: UUID) -> Page:
    """The preview: what is wrong, what to decide, every row."""
    return _show(work, menufile, Form(formdata=None))


def _show(work: Work, import_id: UUID, form: Form, menu: MenuForm | None = None, *, status: int = 200) -> Page:
    line, rows = queries.import_line(work, import_id), queries.import_rows(work, import_id)
    show, q = request.args.get("show", "trouble" if line.troubled else "all"), asked_words()
    found = [row for row in rows if _shown(row, show) and q.lower() in row.facts["name"].lower()]
    start = _number("from")
    return page(
        "desks/menus/import.html",
        status=status,
        form=form,
        line=line,
        rows=found[start : start + MOST],
        start=start,
        size=MOST,
        found=len(found),
        counts={one: sum(one in row.troubles for row in rows) for one in Trouble},
        asked=queries.asked_groups(rows),
        show=show,
        q=q,
        ticked=set(request.form.getlist("ids")),
        menu=_menu_form(work, line.name, menu),
        **menuwords.SHOWN,
    )


def _menu_form(work: Work, name: str, form: MenuForm | None) -> MenuForm:
    form = form or MenuForm(formdata=None, data={"name": name})
    return form.offer([(str(one.id), one.name) for one in stores.store_names(work)])


def _shown(row: ImportRow, show: str) -> bool:
    if show == "trouble":
        return bool(row.troubles)
    if show == "skipped":
        return row.skipped
    return show not in set(Trouble) or show in row.troubles


def _number(name: str) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def menuimports_decide(work: Work, menufile: UUID) -> Answer:
    """One decision for every row with the same trouble, or what the file's prices are in."""
    return _act(work, menufile, lambda: _decide(work, menufile))


def _decide(work: Work, import_id: UUID) -> str:
    act, typed = request.form.get("act", ""), request.form
    if act == "scale":
        actions.set_scale(work, import_id, _whole(typed.get("scale", "")))
        return gettext("已按这个单位换算。")
    if act == "repeats":
        return _told(actions.settle_repeats(work, import_id))
    if act not in DECISIONS:
        raise Refusal(say("请选择要做什么。"))
    trouble, change = DECISIONS[act]
    return _told(actions.mend_troubled(work, import_id, trouble, change()))


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def _told(count: int) -> str:
    return gettext("已处理 %(count)s 行。", count=count)


def _typed_price() -> decisions.Change:
    return decisions.priced(parse_yuan(request.form.get("price", ""), field="price"))


def _typed_name() -> decisions.Change:
    name = " ".join(request.form.get("name", "").split())[:60]
    return decisions.named(name or gettext("未命名"))


DECISIONS: dict[str, tuple[Trouble, Callable[[], decisions.Change]]] = {
    "name": (Trouble.NAMELESS, _typed_name),
    "price": (Trouble.NO_PRICE, _typed_price),
    "market": (Trouble.NO_PRICE, lambda: decisions.market),
    "free": (Trouble.NO_PRICE, lambda: decisions.priced(0)),
    "full": (Trouble.FULL_PRICE, lambda: decisions.full(request.form.get("group", ""), yes=True)),
    "extra": (Trouble.FULL_PRICE, lambda: decisions.full(request.form.get("group", ""), yes=False)),
    "first": (Trouble.TWO_FULL, lambda: decisions.first_full),
    "option_name": (Trouble.OPTION_NAME, lambda: decisions.options_named(gettext("未命名"))),
    "option_free": (Trouble.OPTION_PRICE, lambda: decisions.options_free),
}


def menuimports_rows(work: Work, menufile: UUID) -> Answer:
    """The same for the ticked rows."""
    return _act(work, menufile, lambda: _rows(work, menufile))


def _rows(work: Work, import_id: UUID) -> str:
    act, ids = request.form.get("act", ""), chosen_ids(request.form.getlist("ids"))
    if act in ("skip", "take"):
        return _told(actions.skip(work, import_id, ids, skipped=act == "skip"))
    changes: dict[str, Callable[[], decisions.Change]] = {
        "price": _typed_price,
        "market": lambda: decisions.market,
        "own": lambda: decisions.own,
    }
    if act not in changes:
        raise Refusal(say("请选择要做什么。"))
    return _told(actions.mend(work, import_id, ids, changes[act]()))


def _act(work: Work, import_id: UUID, act: Callable[[], str]) -> Answer:
    form = Form()
    if form.validate():
        with form.tries(work):
            done, show = act(), request.args.get("show")
            return see_other(".menuimports_show", menufile=import_id, show=show, flash=done)
    return _show(work, import_id, form, status=422)


def menuimports_apply(work: Work, menufile: UUID) -> Answer:
    """Make it a menu."""
    form = _menu_form(work, "", MenuForm())
    if form.validate():
        with form.tries(work):
            actions.apply(work, menufile, form.menu())
            return see_other(".menuimports_show", menufile=menufile, flash=gettext("已导入，菜单上现在就有。"))
    return _show(work, menufile, form, form, status=422)


def menuimports_discard(work: Work, menufile: UUID) -> Answer:
    """Give the file up."""

    def act() -> str:
        actions.discard(work, menufile)
        return gettext("已放弃这个文件，什么都没有改。")

    return _act(work, menufile, act)


def menuimports_undo(work: Work, menufile: UUID) -> Answer:
    """Take back what was imported."""

    def act() -> str:
        actions.take_back_import(work, menufile)
        return gettext("已撤销导入，可以接着修，再导入。")

    return _act(work, menufile, act)


def menuimports_row(work: Work, menufile: UUID, menurow: UUID) -> Page:
    """One row with everything about it."""
    row = queries.import_row(work, menufile, menurow)
    scale = queries.import_line(work, menufile).scale
    form = RowForm(formdata=None, data=menufiles.values(row))
    return _row(work, menufile, row, form, menufiles.option_rows(row, scale))


def _row(work: Work, import_id: UUID, row: ImportRow, form: RowForm, rows: Any, *, status: int = 200) -> Page:
    line = queries.import_line(work, import_id)
    form.section.choices = options(*((title, title) for title in _titles(work, import_id)))
    shown = {"form": form, "line": line, "row": row, "rows": rows, **menuwords.SHOWN}
    return page("desks/menus/row.html", status=status, **shown)


def _titles(work: Work, import_id: UUID) -> list[str]:
    return list(dict.fromkeys(one.captured["section"] for one in queries.import_rows(work, import_id)))


def menuimports_row_save(work: Work, menufile: UUID, menurow: UUID) -> Answer:
    """Keep it and go on to the next one with a trouble."""
    row, form, rows = queries.import_row(work, menufile, menurow), RowForm(), optionforms.typed(request.form)
    if form.validate():
        with form.tries(work):
            change = decisions.written(
                menufiles.facts(form, row, _titles(work, menufile)), optionforms.groups(rows, ())
            )
            actions.mend(work, menufile, [menurow], change)
            actions.skip(work, menufile, [menurow], skipped=bool(form.skipped.data))
            after = menufiles.following(queries.import_rows(work, menufile), row.number)
            if after and request.form.get("go") == "next":
                return see_other(
                    ".menuimports_row", menufile=menufile, menurow=after, flash=gettext("已保存，下一行。")
                )
            return see_other(".menuimports_show", menufile=menufile, flash=gettext("已保存。"))
    return _row(work, menufile, row, form, rows, status=422)
