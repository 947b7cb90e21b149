"""Writing a store: the form, filled further step by step without a script, and saved.

Choosing a division, converting coordinates, finding an address and copying hours send the form to be filled further;
they keep nothing.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from flask import request
from wtforms import SelectChoice

from portal.domain.reference import queries as reference
from portal.domain.reference.values import Purpose
from portal.domain.regions import queries as regions
from portal.domain.regions.rules import spoken
from portal.domain.regions.values import Level
from portal.domain.stores import actions, queries
from portal.domain.stores.values import StoreFacts
from portal.kernel import phones
from portal.kernel.hours import parse_spans
from portal.kernel.limits import Limit
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web import locale
from portal.web.forms.stores import LEVELS, StoreForm, store_values
from portal.web.locale import gettext
from portal.web.office import Checks, Office, services
from portal.web.pages import Answer, Page, page, see_other

EDIT = Permission.STORE_EDIT
SHOWS = "it shows the form again, filled further, and keeps nothing"
SEARCHES = Limit("stores.find", 120, 3600, say("找地址太频繁了，请过一会儿再试，或直接在地图上点选。"))
SURE = 80
"""A single answer this sure is taken at once."""


def add(office: Office) -> None:
    """Register the pages."""
    office.get("/stores/new", may=EDIT)(stores_new)
    office.post("/stores/new", may=EDIT)(stores_create)
    office.post("/stores/further", may=EDIT, repeats=SHOWS)(stores_further)
    office.post("/stores/find", may=EDIT, repeats=SHOWS, gate=_searching)(stores_find)
    office.get("/stores/<uuid:store>/edit", may=EDIT)(stores_edit)
    office.post("/stores/<uuid:store>/edit", may=EDIT)(stores_save)


def _searching(args: dict[str, Any]) -> Checks:
    return [(SEARCHES, str(args.get("merchant", "")))]


def stores_new(work: Work) -> Page:
    """An empty form."""
    return _form(work, StoreForm(formdata=None), None)


def stores_create(work: Work) -> Answer:
    """Save a new store, not yet on the street."""
    form = StoreForm()
    _offer(work, form)
    if form.validate():
        with form.tries(work):
            store_id = actions.create(work, facts=_facts(form))
            return see_other(".stores_show", store=store_id, flash=gettext("已保存。看一下，没问题就上架。"))
    return _form(work, form, None, status=422)


def stores_edit(work: Work, store: UUID) -> Page:
    """The form with a store in it."""
    shown = queries.store(work, store)
    code = shown.facts.region_code or ""
    path = regions.paths(work, {code}).get(code, ())
    known = {region.level: region.code for region in path}
    codes = {name: known.get(Level(name), "") for name in LEVELS}
    return _form(work, StoreForm(formdata=None, data={**store_values(shown), **codes}), store)


def stores_save(work: Work, store: UUID) -> Answer:
    """Save the change."""
    form = StoreForm()
    _offer(work, form)
    if form.validate():
        with form.tries(work):
            version = form.version.data or ""
            number = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
            actions.edit(work, store, facts=_facts(form), version=number)
            return see_other(".stores_show", store=store, flash=gettext("已保存，街上立即更新。"))
    queries.store(work, store)
    return _form(work, form, store, status=422)


def stores_further(work: Work) -> Page:
    """A division was chosen, or the hours are to be the same every day."""
    form = StoreForm()
    if request.form.get("do") == "spread":
        with form.tries(work):
            parse_spans(form.every.data or "", field="every")
            form.spread()
    return _form(work, form, _subject(work))


def stores_find(work: Work) -> Page:
    """Look for the address, take a candidate, or convert coordinates of another map."""
    form = StoreForm()
    _offer(work, form)
    with form.tries(work):
        if request.form.get("do") == "convert":
            form.convert()
        elif form.candidate.data:
            given = form.position()
            form.put(given.position) if given else None
        else:
            _find(work, form)
    return _form(work, form, _subject(work))


def _find(work: Work, form: StoreForm) -> None:
    """Ask the map service. It may take its three seconds; nothing is locked meanwhile."""
    code = form.region_code()
    path = regions.paths(work, {code}).get(code, ()) if code else ()
    address = spoken(path) + (form.address.data or "").strip()
    if not address:
        raise Refusal(say("请先选地区、填写地址。"), field="address")
    city = next((one.name for one in path if one.level is Level.CITY), None)
    found = services().geocoder.geocode(address, city)
    if not found:
        raise Refusal(say("没有找到这个地址。请把地址写得具体些，或直接在地图上点选。"), field="address")
    if len(found) == 1 and found[0].confidence >= SURE:
        form.put(found[0].position)
        return
    rows = [(round(one.position.lat, 6), round(one.position.lng, 6), one.label) for one in found[:6]]
    form.found.data = json.dumps(rows, ensure_ascii=False)


def _subject(work: Work) -> UUID | None:
    """The store that is being edited, from the form; nothing for a new one."""
    text = request.form.get("store", "")
    try:
        return queries.store(work, UUID(text)).id if text else None
    except ValueError:
        raise NotFound from None


def _form(work: Work, form: StoreForm, store: UUID | None, *, status: int = 200) -> Page:
    _offer(work, form)
    form.offer_found()
    settings = services().settings
    return page(
        "desks/stores/edit.html",
        block="fields",
        status=status,
        form=form,
        store=store,
        levels=LEVELS,
        tiles=settings.tile_url or "",
        credit=settings.tile_attribution,
    )


def _offer(work: Work, form: StoreForm) -> None:
    """Categories, and the divisions below the ones chosen; an only child is chosen, a stranger is not."""
    spoken_in = locale.current()
    rows = reference.categories(work, Purpose.STORES)
    form.category.choices = [
        SelectChoice("", gettext("请选择")),
        *(SelectChoice(str(one.id), "\u2002" * one.depth + one.called(spoken_in)) for one in rows),
    ]
    parent: str | None = None
    typed = {form[name].data for name in LEVELS if form[name].data}
    families = regions.families(work, typed)
    for at, name in enumerate(LEVELS):
        found = families.get(parent, []) if at == 0 or parent else []
        if parent and parent not in typed:  # an only child that was chosen just now
            found = regions.children(work, parent)
        field, codes = form[name], [one.code for one in found]
        if field.data not in codes:
            field.data = codes[0] if at and len(codes) == 1 else ""
        field.choices = [SelectChoice("", gettext("请选择")), *(SelectChoice(one.code, one.name) for one in found)]
        parent = field.data or None


def _facts(form: StoreForm) -> StoreFacts:
    """The store as the domain keeps it. Refuses, at its field, what cannot be read."""
    code = form.region_code()
    if code is not None and len(code) <= len("44"):
        raise Refusal(say("请选到城市。"), field="city")
    known = {choice.value for choice in form.category.choices}
    category = form.category.data or ""
    if category not in known:
        raise Refusal(say("请从列表里选择。"), field="category")
    phone = (form.phone.data or "").strip()
    demo = services().settings.is_demo
    return StoreFacts(
        name=form.name.data or "",
        category_id=UUID(category) if category else None,
        phone=phones.normalise_phone(phone, demo=demo) if phone else None,
        region_code=code,
        address=form.address.data or "",
        given=form.position(),
        hours=form.hours(),
    )
