"""The audit browser: every privileged act, by actor, act, merchant and days; as a file too."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from portal.domain.onboarding.queries.applications import people
from portal.domain.tenants.queries import trail
from portal.domain.tenants.queries.merchants import merchant_names
from portal.domain.tenants.values import TrailEntry, TrailFilter
from portal.kernel.figures import SHANGHAI
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web import sheets
from portal.web.acts import ACTS
from portal.web.asking import asked_day
from portal.web.forms.tenants import uuid_or_none
from portal.web.labels import act_name
from portal.web.locale import gettext
from portal.web.pages import Page, page
from portal.web.periods import asked_after
from portal.web.platform import platform

SEE = Permission.AUDIT_VIEW


@platform.get("/trail", may=SEE)
def trail_list(work: Work) -> Page:
    """A page of the trail, the latest first."""
    wanted = _asked()
    entries, more = trail.entries(work, wanted, after=asked_after())
    names, merchants = _named(work, entries)
    return page(
        "platform/trail/list.html",
        block="rows",
        entries=entries,
        further=entries[-1].id if more else None,
        wanted=wanted,
        asked=_address(wanted),
        names=names,
        merchants=merchants,
        acts=sorted(ACTS, key=lambda act: str(ACTS[act])),
    )


@platform.get("/trail.csv", may=SEE)
def trail_export(work: Work) -> Response:
    """What matches, as a table file."""
    entries = tuple(trail.every(work, _asked()))
    names, merchants = _named(work, entries)
    head = (
        *(gettext("时间"), gettext("谁"), gettext("身份"), gettext("做了什么")),
        *(gettext("商家"), gettext("对象"), gettext("编号"), gettext("细节")),
    )
    rows: sheets.Rows = [head, *(_row(entry, names, merchants) for entry in entries)]
    return sheets.download(rows, "trail", "csv")


def _row(entry: TrailEntry, names: dict[UUID, str], merchants: dict[UUID, str]) -> tuple[str, ...]:
    return (
        f"{entry.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}",
        names.get(entry.actor_id, "") if entry.actor_id else "",
        entry.actor_kind,
        act_name(entry.action),
        merchants.get(entry.merchant_id, "") if entry.merchant_id else "",
        entry.subject_type,
        str(entry.subject_id or ""),
        " ".join(f"{name}={value}" for name, value in entry.facts.items()),
    )


def _named(work: Work, entries: tuple[TrailEntry, ...]) -> tuple[dict[UUID, str], dict[UUID, str]]:
    """Names of the people and of the merchants on the page."""
    merchants = merchant_names(work, {entry.merchant_id for entry in entries if entry.merchant_id})
    return people(work, [entry.actor_id for entry in entries]), merchants


def _asked() -> TrailFilter:
    """The filters in the address; nonsense filters nothing."""
    args = request.args
    return TrailFilter(
        actor_id=uuid_or_none(args.get("actor")),
        action=args.get("act", "")[:60],
        merchant_id=uuid_or_none(args.get("of")),
        since=asked_day("since"),
        until=asked_day("until"),
    )


def _address(wanted: TrailFilter) -> dict[str, object]:
    """The filters as an address takes them."""
    asked = {"actor": wanted.actor_id, "act": wanted.action or None, "of": wanted.merchant_id}
    return asked | {"since": wanted.since, "until": wanted.until}
