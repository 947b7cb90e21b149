"""What was done in a merchant's name, by whom and when: the owner reads it, nobody changes it."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from portal.domain.tenants.queries import staff, trail
from portal.domain.tenants.values import TrailFilter
from portal.kernel.figures import SHANGHAI
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web import sheets
from portal.web.acts import ACTS
from portal.web.asking import asked_day
from portal.web.forms.tenants import uuid_or_none
from portal.web.labels import act_name
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem, Office
from portal.web.pages import Page, page
from portal.web.periods import asked_after

SEE = Permission.AUDIT_VIEW


def add(office: Office) -> None:
    """Register the page and its file."""
    office.nav.append(NavItem(_l("操作日志"), f"{office.name}.trail_list", SEE, group=_l("设置")))
    office.get("/trail", may=SEE)(trail_list)
    office.get("/trail.csv", may=SEE)(trail_export)


def trail_list(work: Work) -> Page:
    """A page of the trail, the latest first."""
    wanted, names = _asked(), staff.names(work, work.merchant_id)
    entries, more = trail.entries(work, wanted, after=asked_after())
    return page(
        "desks/trail/list.html",
        block="rows",
        entries=entries,
        more=entries[-1].id if more else None,
        wanted=wanted,
        names=names,
        acts=sorted(ACTS, key=lambda act: str(ACTS[act])),
    )


def trail_export(work: Work) -> Response:
    """The same as a table file."""
    names = staff.names(work, work.merchant_id)
    return sheets.download(trail_rows(work, _asked(), names), "trail", "csv")


def _asked() -> TrailFilter:
    """The filters in the address; nonsense filters nothing."""
    args = request.args
    return TrailFilter(
        actor_id=uuid_or_none(args.get("actor")),
        action=args.get("act", "")[:60],
        merchant_id=None,
        since=asked_day("since"),
        until=asked_day("until"),
    )


def trail_rows(work: Work, wanted: TrailFilter, names: dict[UUID, str]) -> sheets.Rows:
    """Head and rows for a file."""
    head = (gettext("时间"), gettext("谁"), gettext("做了什么"), gettext("对象"), gettext("编号"), gettext("细节"))
    rows: sheets.Rows = [head]
    for entry in trail.every(work, wanted):
        facts = " ".join(f"{name}={value}" for name, value in entry.facts.items())
        who = names.get(entry.actor_id, "") if entry.actor_id else ""
        when = f"{entry.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
        subject = str(entry.subject_id or "")
        rows.append((when, who or entry.actor_kind, act_name(entry.action), entry.subject_type, subject, facts))
    return rows
