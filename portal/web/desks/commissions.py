"""提成: a month by technician with every entry, the rules behind it, who sold which pass, and files."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Response, request
from wtforms.fields.choices import SelectChoice

from portal.domain.bookings import queries as bookings
from portal.domain.commissions import actions, queries
from portal.domain.commissions.values import Month
from portal.domain.passes import queries as passes
from portal.domain.stores import queries as stores
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web import crewwords, sheets
from portal.web.forms.crew import BackForm, CommissionForm, SaleForm, id_of
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem, Office
from portal.web.pages import Answer, Page, page, see_other
from portal.web.periods import asked_after

SEE, EDIT = Permission.COMMISSION_VIEW, Permission.COMMISSION_EDIT


def add(office: Office) -> None:
    """Register the pages."""
    office.nav.append(NavItem(_l("提成"), f"{office.name}.commissions_month", SEE, group=_l("预约")))
    office.get("/commissions", may=SEE)(commissions_month)
    office.get("/commissions/export", may=SEE)(commissions_export)
    office.get("/commissions/rules", may=SEE)(commissions_rules)
    office.post("/commissions/rules", may=EDIT)(commissions_rule_add)
    office.post("/commissions/rules/<uuid:commission>/end", may=EDIT)(commissions_rule_end)
    office.post("/commissions/entries/<uuid:entry>/back", may=EDIT)(commissions_entry_back)
    office.get("/commissions/sales", may=EDIT)(commissions_sales)
    office.post("/commissions/sales", may=EDIT)(commissions_sale_credit)


def commissions_month(work: Work) -> Page:
    """What everybody got in a month, and what for."""
    return _month(work, BackForm(formdata=None))


def _month(work: Work, form: BackForm, *, status: int = 200) -> Page:
    month, who = asked_month(work), _asked_id("who")
    lines, more = queries.entries(work, month, resource_id=who, after=asked_after())
    totals = queries.totals(work, month)
    return page(
        "desks/commissions/month.html",
        block="rows",
        status=status,
        month=month,
        this=queries.this_month(work.now()),
        totals=totals,
        total_fen=sum(one.total_fen for one in totals),
        lines=lines,
        further=lines[-1].id if more else None,
        who=who,
        kinds=crewwords.KINDS,
        form=form,
    )


def commissions_export(work: Work) -> Response:
    """The month as a file: by technician, or with `what=entries` every entry."""
    month = asked_month(work)
    if request.args.get("what") == "entries":
        lines, _more = queries.entries(work, month, resource_id=_asked_id("who"), most=queries.MOST_EXPORTED)
        rows, name = crewwords.entry_rows(lines), f"commission-entries-{month.name}"
    else:
        rows, name = crewwords.total_rows(queries.totals(work, month)), f"commissions-{month.name}"
    return sheets.download(rows, name, request.args.get("format", "csv"))


def commissions_rules(work: Work) -> Page:
    """The rules, and a form for another one."""
    return _rules(work, CommissionForm(formdata=None))


def _rules(work: Work, form: CommissionForm, *, status: int = 200) -> Page:
    services, kinds, houses = _offered(work)
    names = {one.value: one.label for one in (*services, *kinds)}
    form.offer((*services, *kinds), houses)
    return page(
        "desks/commissions/rules.html",
        status=status,
        rules=queries.rules(work),
        names=names,
        share=crewwords.share,
        kinds=crewwords.KINDS,
        which=crewwords.WHICH,
        form=form,
    )


def commissions_rule_add(work: Work) -> Answer:
    """Another rule."""
    form = CommissionForm()
    services, kinds, houses = _offered(work)
    form.offer((*services, *kinds), houses)
    if form.validate():
        with form.tries(work):
            actions.add_rule(work, form.draft())
            return see_other(".commissions_rules", flash=gettext("规则已生效，之后完成的服务按它算。"))
    return _rules(work, form, status=422)


def commissions_rule_end(work: Work, commission: UUID) -> Answer:
    """No more."""
    actions.end_rule(work, commission)
    return see_other(".commissions_rules", flash=gettext("规则已停用，已经记下的提成不变。"), tone="info")


def commissions_entry_back(work: Work, entry: UUID) -> Answer:
    """One entry by hand."""
    form = BackForm()
    with form.tries(work):
        actions.take_back(work, entry, reason=form.reason.data or "")
        return see_other(".commissions_month", flash=gettext("已撤回，本月多一条负数的记录。"), tone="info")
    return _month(work, form, status=422)


def commissions_sales(work: Work) -> Page:
    """Passes that were sold, and who sold them."""
    return _sales(work, SaleForm(formdata=None))


def _sales(work: Work, form: SaleForm, *, status: int = 200) -> Page:
    lines, more = passes.sold(work, after=asked_after())
    team = [one for one in bookings.able_resources(work) if one.kind == "technician"]
    return page(
        "desks/commissions/sales.html",
        status=status,
        lines=[line for line in lines if line.paid_at],
        further=lines[-1].id if more else None,
        sellers=queries.sellers(work, [line.id for line in lines]),
        team=team,
        form=form,
    )


def commissions_sale_credit(work: Work) -> Answer:
    """This technician sold it."""
    form = SaleForm()
    with form.tries(work):
        actions.credit_sale(work, id_of(form.sold.data), id_of(form.technician.data))
        return see_other(".commissions_sales", flash=gettext("已记下卖卡提成。"))
    return _sales(work, form, status=422)


Choices = tuple[SelectChoice, ...]


def _offered(work: Work) -> tuple[Choices, Choices, Choices]:
    services = bookings.service_names(work, work.merchant_id).items()
    kinds = [(one.kind.id, one.kind.name) for one in passes.kinds(work)] if work.may(Permission.PASS_VIEW) else []
    houses = [(one.id, one.name) for one in stores.store_names(work)]
    return _choices(services), _choices(kinds), _choices(houses)


def _choices(pairs: object) -> Choices:
    return tuple(SelectChoice(str(one), name) for one, name in pairs)  # type: ignore[attr-defined]


def asked_month(work: Work) -> Month:
    """The month of the address, YYYY-MM; nonsense is this one."""
    try:
        return Month(date.fromisoformat(f"{request.args.get('month', '')}-01"))
    except ValueError:
        return queries.this_month(work.now())


def _asked_id(name: str) -> UUID | None:
    try:
        return UUID(request.args.get(name, ""))
    except ValueError:
        return None
