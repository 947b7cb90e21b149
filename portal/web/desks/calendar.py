"""Who works when: a store's week, to print, to copy to other weeks; leave and other hours of some dates; blocked time.

The store and the week stand in the address. What is booked, the boards of the store show; here it is only counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import request

from portal.domain.calendar import actions, queries, rules
from portal.domain.calendar.values import Kind, ResourceCard
from portal.domain.stores.queries.names import store_names
from portal.domain.stores.values import StoreName
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.spoken import Day, local_day
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web.desks import resources
from portal.web.forms.base import Form
from portal.web.forms.calendar import KINDS, NAMES, BlockForm, CopyForm, DaysForm, said_of, typed
from portal.web.forms.fields import ids_of, options
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem, Office
from portal.web.pages import Answer, Page, page, see_other

SEE, EDIT = Permission.CALENDAR_VIEW, Permission.CALENDAR_EDIT
AHEAD = 8
"""How many weeks a week may be copied to."""
WEEK = timedelta(days=7)
YEARS = range(2020, 2099)


@dataclass(frozen=True)
class Place:
    """A store, its resources of the kinds asked for, and a week."""

    stores: list[StoreName]
    store: StoreName
    monday: date
    today: date
    kind: str
    resources: tuple[ResourceCard, ...]

    @property
    def days(self) -> list[date]:
        """The seven days of the week."""
        return [self.monday + timedelta(days=n) for n in range(7)]

    @property
    def keep(self) -> dict[str, Any]:
        """What addresses of this desk carry along."""
        return {"store": self.store.id, "week": self.monday.isoformat(), "kind": self.kind or None}


def add(office: Office) -> None:
    """Register the desk's pages with an office whose merchant has stores."""
    office.nav.append(NavItem(_l("排班"), f"{office.name}.calendar_week", SEE, group=_l("预约")))
    office.get("/calendar", may=SEE)(calendar_week)
    office.get("/calendar/print", may=SEE)(calendar_print)
    for rule, shown, act in (
        ("/calendar/copy", calendar_copy, calendar_copied),
        ("/calendar/days", calendar_days, calendar_days_set),
        ("/calendar/blocks", calendar_block, calendar_blocked),
    ):
        office.get(rule, may=EDIT)(shown)
        office.post(rule, may=EDIT)(act)
    office.post("/calendar/days/clear", may=EDIT)(calendar_days_clear)
    office.post("/calendar/changes/<uuid:hourchange>/undo", may=EDIT)(calendar_undo)
    office.post("/calendar/blocks/<uuid:block>/remove", may=EDIT)(calendar_unblock)
    resources.add(office)


def calendar_week(work: Work) -> Page:
    """Who works when in one store and one week."""
    here = place(work)
    if here is None:
        return page("desks/calendar/none.html")
    return _week(work, here, Form(formdata=None))


def _week(work: Work, here: Place, form: Form, *, status: int = 200) -> Page:
    rows = queries.week(work, here.resources, here.monday)
    change = queries.last_change(work, here.store.id) if work.may(EDIT) else None
    facts: dict[str, Any] = {"here": here, "rows": rows, "change": change, "form": form}
    return page("desks/calendar/week.html", status=status, **facts, **words())


def calendar_undo(work: Work, hourchange: UUID) -> Answer:
    """The last leave or copied week was a mistake."""
    here, form = asked(work), Form()
    if form.validate():
        with form.tries(work):
            first = actions.undo_days(work, hourchange)
            return _back(here, first, gettext("已撤销，恢复成改之前的样子。"))
    return _week(work, here, form, status=422)


def calendar_print(work: Work) -> Page:
    """The same to hang up."""
    here = asked(work)
    rows = queries.week(work, here.resources, here.monday)
    return page("desks/calendar/print.html", here=here, rows=rows, now=work.now(), **words())


def calendar_copy(work: Work) -> Page:
    """To which weeks, and whose."""
    here = asked(work)
    form = CopyForm(formdata=None, weeks=[], who=[str(one.id) for one in here.resources])
    return _copy(here, form)


def calendar_copied(work: Work) -> Answer:
    """Copy the week."""
    here, form = asked(work), CopyForm()
    _offer_weeks(form, here)
    if form.validate():
        with form.tries(work):
            who = ids_of(form.who.data or (), form.who.choices)
            weeks = [one for one in weeks_after(here) if one.isoformat() in (form.weeks.data or ())]
            if not weeks or not who:
                raise Refusal(say("请至少选一周和一个人。"), field="who" if weeks else "weeks")
            actions.copy_week(work, here.store.id, sorted(who), here.monday, weeks)
            keep = here.keep | {"week": weeks[0].isoformat()}
            return see_other(".calendar_week", flash=gettext("已复制到 %(count)s 周。", count=len(weeks)), **keep)
    return _copy(here, form, status=422)


def calendar_days(work: Work) -> Page:
    """Leave or other hours: an empty form, or one for the cell that was tapped."""
    here = asked(work)
    day = asked_day("day") or here.today
    who = request.args.get("resource", "")
    values: dict[str, Any] = {"who": [who], "first": day, "last": day}
    card = next((one for one in here.resources if str(one.id) == who), None)
    if card is not None:
        cell = queries.week(work, [card], rules.monday_of(day))[0].days[day.weekday()]
        values["hours"], values["rests"] = typed(cell.spans) if cell.spans else ("", "")
        values |= {"what": "hours" if cell.spans else "off", "reason": cell.reason}
    return _days(here, DaysForm(formdata=None, **values))


def calendar_days_set(work: Work) -> Answer:
    """Save leave or other hours."""
    here, form = asked(work), DaysForm()
    _offer_who(form, here)
    if form.validate():
        with form.tries(work):
            first, last = form.dates()
            actions.set_days(work, _who(form), first, last, form.spans(), reason=form.reason.data or "")
            return _back(here, first, gettext("已保存。已有的预约不会自动改动，请看看有没有要改期的。"))
    return _days(here, form, status=422)


def calendar_days_clear(work: Work) -> Answer:
    """The weekly hours again on these dates."""
    here, form = asked(work), DaysForm()
    _offer_who(form, here)
    if form.validate():
        with form.tries(work):
            first, last = form.dates()
            actions.clear_days(work, _who(form), first, last)
            return _back(here, first, gettext("已恢复每周的排班。"))
    return _days(here, form, status=422)


def calendar_block(work: Work) -> Page:
    """Keep some time free."""
    here = asked(work)
    day = asked_day("day") or here.today
    return _block(here, BlockForm(formdata=None, what=request.args.get("resource", ""), day=day))


def calendar_blocked(work: Work) -> Answer:
    """Block it."""
    here, form = asked(work), BlockForm()
    _offer_one(form, here)
    if form.validate():
        with form.tries(work):
            chosen = ids_of([form.what.data or ""], form.what.choices)
            if not chosen:
                raise Refusal(say("请从列表里选择。"), field="what")
            (resource,) = chosen
            day, start, end = form.stretch()
            begin = rules.midnight(day)
            actions.block(work, resource, begin + start, begin + end, form.reason.data or "")
            return _back(here, day, gettext("已占用这段时间，不会再被约走。"))
    return _block(here, form, status=422)


def calendar_unblock(work: Work, block: UUID) -> Answer:
    """Give the time back."""
    form = Form()
    if form.validate():
        with form.tries(work):
            resource_id = actions.unblock(work, block)
            return see_other(".resources_show", resource=resource_id, flash=gettext("已放开这段时间。"))
    return see_other(".calendar_week")


def words() -> dict[str, Any]:
    """What the templates of the desk say things with."""
    return {
        "kinds": KINDS,
        "day_names": NAMES,
        "one_day": timedelta(days=1),
        "one_week": WEEK,
        "Day": Day,
        "said_of": said_of,
    }


def place(work: Work) -> Place | None:
    """The store, week and kind of the address; the first store and this week by default; None without a store."""
    stores = store_names(work)
    if not stores:
        return None
    wanted = request.args.get("store", "")
    store = next((one for one in stores if str(one.id) == wanted), None)
    if store is None and wanted:
        raise NotFound
    store = store or stores[0]
    kind = request.args.get("kind", "")
    kind = kind if kind in KINDS else ""
    cards = queries.resources(work, store.id, kind or None)
    today = local_day(work.now())
    week = rules.monday_of(asked_day("week") or today)
    shown = tuple(one for one in cards if one.kind != Kind.TABLE)
    return Place(stores, store, week, today, kind, shown)


def asked(work: Work) -> Place:
    """As `place`; NotFound without a store."""
    here = place(work)
    if here is None:
        raise NotFound
    return here


def asked_day(name: str) -> date | None:
    """A date of the address in this century's sensible years; None for anything else."""
    try:
        day = date.fromisoformat(request.args.get(name, "")[:10])
    except ValueError:
        return None
    return day if day.year in YEARS else None


def weeks_after(here: Place) -> list[date]:
    """The Mondays a week may be copied to."""
    return [here.monday + WEEK * n for n in range(1, AHEAD + 1)]


def _who(form: DaysForm) -> list[UUID]:
    chosen = ids_of(form.who.data or (), form.who.choices)
    if not chosen:
        raise Refusal(say("请至少选一个。"), field="who")
    return sorted(chosen)


def _back(here: Place, day: date, flash: str) -> Answer:
    return see_other(".calendar_week", flash=flash, **here.keep | {"week": rules.monday_of(day).isoformat()})


def _offer_who(form: DaysForm | CopyForm, here: Place) -> None:
    form.who.choices = options(*((str(one.id), one.name) for one in here.resources))


def _offer_weeks(form: CopyForm, here: Place) -> None:
    _offer_who(form, here)
    form.weeks.choices = options(*((one.isoformat(), resources.say_week(one)) for one in weeks_after(here)))


def _offer_one(form: BlockForm, here: Place) -> None:
    form.what.choices = options(("", _l("请选择")), *((str(one.id), one.name) for one in here.resources))


def _copy(here: Place, form: CopyForm, status: int = 200) -> Page:
    _offer_weeks(form, here)
    return page("desks/calendar/copy.html", here=here, form=form, status=status, **words())


def _days(here: Place, form: DaysForm, status: int = 200) -> Page:
    _offer_who(form, here)
    return page("desks/calendar/days.html", here=here, form=form, status=status, **words())


def _block(here: Place, form: BlockForm, status: int = 200) -> Page:
    _offer_one(form, here)
    return page("desks/calendar/block.html", here=here, form=form, status=status, **words())
