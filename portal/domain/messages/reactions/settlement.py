"""Who keeps a merchant's books hears of its statements; the platform's people of a dispute. Letters hold no amounts."""

from __future__ import annotations

from datetime import date

from portal.domain.messages.actions import notify
from portal.domain.settlement.events import StatementAnswered, StatementDisputed, StatementIssued
from portal.domain.tenants.queries.persons import operators_who_may, staff_in
from portal.kernel.permissions import Permission, Role
from portal.kernel.words import say
from portal.kernel.work import Work

KEEPERS = (Role.OWNER.value, Role.FINANCE.value)


def tell_issued(work: Work, event: StatementIssued) -> None:
    """There is one to look at."""
    text = say(
        "%(first)s 至 %(last)s 的对账单已出账，请核对。",
        first=_day(event.period.first),
        last=_day(event.period.last),
    )
    for person_id in staff_in(work, event.merchant_id, KEEPERS):
        link = f"/supplier/{event.merchant_id}/statements/{event.statement_id}"
        notify(work, person_id=person_id, kind="statement.issued", text=text, link=link)


def tell_disputed(work: Work, event: StatementDisputed) -> None:
    """A merchant does not agree."""
    text = say("供应商对对账单 %(number)s 有异议，请答复。", number=event.number)
    for person_id in operators_who_may(work, Permission.STATEMENT_ANSWER):
        link = f"/platform/statements/{event.statement_id}"
        notify(work, person_id=person_id, kind="statement.disputed", text=text, link=link)


def tell_answered(work: Work, event: StatementAnswered) -> None:
    """The platform has answered."""
    text = say(
        "平台答复了您对 %(first)s 至 %(last)s 对账单的异议，请查看。",
        first=_day(event.period.first),
        last=_day(event.period.last),
    )
    for person_id in staff_in(work, event.merchant_id, KEEPERS):
        link = f"/supplier/{event.merchant_id}/statements/{event.statement_id}"
        notify(work, person_id=person_id, kind="statement.answered", text=text, link=link)


def _day(day: date) -> str:
    return day.isoformat()


REACTIONS = (
    (StatementIssued, tell_issued),
    (StatementDisputed, tell_disputed),
    (StatementAnswered, tell_answered),
)
