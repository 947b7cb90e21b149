"""Stations and printers of the merchant's stores: who makes what, where it is printed, a test page."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask import request

from portal.domain.kitchen import actions, queries
from portal.domain.kitchen.values import PrinterView, StationView, Vendor
from portal.domain.menus.queries import parts
from portal.domain.menus.queries import stations as tags_in_use
from portal.domain.stores import queries as stores
from portal.domain.vouchers.rules import words
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work
from portal.web.forms.base import Form
from portal.web.forms.kitchen import PrinterForm, StationForm
from portal.web.kitchenwords import SHOWN
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem, Office, services
from portal.web.pages import Answer, Page, page, see_other

EDIT = Permission.PRINTER_EDIT


def add(office: Office) -> None:
    """Register the pages."""
    office.nav.append(NavItem(_l("档口与打印机"), f"{office.name}.kitchens_show", EDIT, group=_l("堂食")))
    office.get("/kitchens", may=EDIT)(kitchens_show)
    for what, pages in (("printers", _PRINTERS), ("stations", _STATIONS)):
        argument = what[:-1]
        new, create, edit, change, remove = pages
        office.get(f"/kitchens/<uuid:store>/{what}/new", may=EDIT)(new)
        office.post(f"/kitchens/<uuid:store>/{what}/new", may=EDIT)(create)
        office.get(f"/kitchens/<uuid:store>/{what}/<uuid:{argument}>", may=EDIT)(edit)
        office.post(f"/kitchens/<uuid:store>/{what}/<uuid:{argument}>", may=EDIT)(change)
        office.post(f"/kitchens/<uuid:store>/{what}/<uuid:{argument}>/remove", may=EDIT)(remove)
    office.post("/kitchens/<uuid:store>/printers/<uuid:printer>/test", may=EDIT)(printers_test)


def kitchens_show(work: Work) -> Page:
    """One store's stations and printers; the first store when none is asked for."""
    names = stores.store_names(work)
    asked = request.args.get("store", "")
    chosen = next((one for one in names if str(one.id) == asked), names[0] if names else None)
    printers = queries.printers(work, chosen.id) if chosen else ()
    stations = queries.stations(work, chosen.id) if chosen else ()
    return page(
        "desks/kitchens/show.html",
        stores=names,
        chosen=chosen,
        stations=stations,
        printers=printers,
        printer_names={one.id: one.name for one in printers},
        unmade=_unmade(work, stations) if chosen else (),
        form=Form(formdata=None),
        words=words,
        **SHOWN,
    )


def _unmade(work: Work, stations: Iterable[StationView]) -> tuple[str, ...]:
    """Tags of dishes that no station names: the rest makes them."""
    named = {tag for one in stations for tag in one.tags}
    return tuple(tag for tag in tags_in_use(work) if tag not in named)


def printers_new(work: Work, store: UUID) -> Page:
    """An empty form."""
    return _printer_page(work, store, PrinterForm(formdata=None, vendor=_vendors()[0].value), None)


def printers_create(work: Work, store: UUID) -> Answer:
    """A printer more."""
    form = PrinterForm().offer(_vendors())
    with form.tries(work):
        actions.add_printer(work, store, services().seal, services().reach, form.setup())
        return _shown(store, gettext("打印机已添加，打一张测试页看看。"))
    return _printer_page(work, store, form, None, status=422)


def printers_edit(work: Work, store: UUID, printer: UUID) -> Page:
    """As it is."""
    found = _printer(work, store, printer)
    return _printer_page(work, store, PrinterForm.of(found), found)


def printers_change(work: Work, store: UUID, printer: UUID) -> Answer:
    """Otherwise."""
    found = _printer(work, store, printer)
    form = PrinterForm().offer(_vendors(found))
    with form.tries(work):
        actions.edit_printer(work, printer, services().seal, services().reach, form.setup())
        return _shown(store, gettext("打印机已保存。"))
    return _printer_page(work, store, form, found, status=422)


def printers_remove(work: Work, store: UUID, printer: UUID) -> Answer:
    """Taken away."""
    found, form = _printer(work, store, printer), Form()
    with form.tries(work):
        actions.remove_printer(work, printer)
        return _shown(store, gettext("打印机已移除，打印记录还在。"))
    shown = PrinterForm.of(found)
    shown.form_errors.extend(form.form_errors)
    return _printer_page(work, store, shown, found, status=422)


def printers_test(work: Work, store: UUID, printer: UUID) -> Answer:
    """A test page."""
    _printer(work, store, printer)
    form = Form()
    with form.tries(work):
        actions.test_print(work, printer)
        return _shown(store, gettext("测试页已送去打印。没有出来的话，几秒后这里会显示原因。"))
    return _shown(store, gettext("没有成功，请再试一次。"), "stop")


def stations_new(work: Work, store: UUID) -> Page:
    """An empty form."""
    return _station_page(work, store, StationForm(formdata=None), None)


def stations_create(work: Work, store: UUID) -> Answer:
    """A station more."""
    form = StationForm()
    if form.validate():
        with form.tries(work):
            actions.add_station(work, store, **form.setup())
            return _shown(store, gettext("档口已添加。"))
    return _station_page(work, store, form, None, status=422)


def stations_edit(work: Work, store: UUID, station: UUID) -> Page:
    """As it is."""
    found = _station(work, store, station)
    return _station_page(work, store, StationForm.of(found), found)


def stations_change(work: Work, store: UUID, station: UUID) -> Answer:
    """Otherwise."""
    found, form = _station(work, store, station), StationForm()
    if form.validate():
        with form.tries(work):
            actions.edit_station(work, station, **form.setup())
            return _shown(store, gettext("档口已保存，从下一单起生效。"))
    return _station_page(work, store, form, found, status=422)


def stations_remove(work: Work, store: UUID, station: UUID) -> Answer:
    """Taken away."""
    found, form = _station(work, store, station), Form()
    with form.tries(work):
        actions.remove_station(work, station)
        return _shown(store, gettext("档口已移除，它的菜归到“其余的菜”。"))
    shown = StationForm.of(found)
    shown.form_errors.extend(form.form_errors)
    return _station_page(work, store, shown, found, status=422)


_PRINTERS = (printers_new, printers_create, printers_edit, printers_change, printers_remove)
_STATIONS = (stations_new, stations_create, stations_edit, stations_change, stations_remove)


def _shown(store: UUID, flash: str, tone: str = "ok") -> Answer:
    return see_other(".kitchens_show", store=store, flash=flash, tone=tone)


def _printer(work: Work, store: UUID, printer: UUID) -> PrinterView:
    found = next((one for one in queries.printers(work, store) if one.id == printer), None)
    if found is None:
        raise NotFound
    return found


def _station(work: Work, store: UUID, station: UUID) -> StationView:
    found = next((one for one in queries.stations(work, store) if one.id == station), None)
    if found is None:
        raise NotFound
    return found


def _printer_page(
    work: Work, store: UUID, form: PrinterForm, printer: PrinterView | None, *, status: int = 200
) -> Page:
    queries.printers(work, store)  # another's store is not there
    form.offer(_vendors(printer))
    shown = {"printer": printer, "store_id": store, "near": bool(services().reach.networks), **SHOWN}
    return page("desks/kitchens/printer.html", status=status, form=form, **shown)


def _vendors(printer: PrinterView | None = None) -> list[Vendor]:
    """Whose printers there may be here, and the one that is there already."""
    open_ = {Vendor.SANDBOX: services().settings.is_demo, Vendor.ESCPOS: bool(services().reach.networks)}
    return [one for one in Vendor if open_.get(one, True) or (printer and one is printer.vendor)]


def _station_page(
    work: Work, store: UUID, form: StationForm, station: StationView | None, *, status: int = 200
) -> Page:
    form.offer(queries.printers(work, store), parts(work))
    tags = tags_in_use(work)
    return page("desks/kitchens/station.html", status=status, form=form, station=station, store_id=store, tags=tags)
