"""What the salon's and the barber's desks know: rules of commissions, the last two weeks' work, clients and turns.

By the acts of owners, with the clock set back.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID

from portal.commands.demo.casting import Cast
from portal.commands.demo.founding import Founded
from portal.domain.bookings import actions as bookings
from portal.domain.bookings import queries as offers
from portal.domain.calendar import queries as calendar
from portal.domain.clients import actions as clients
from portal.domain.commissions import actions as commissions
from portal.domain.commissions import queries as commission_queries
from portal.domain.commissions.values import Kind, RuleDraft, Turn
from portal.domain.turns import actions as turns
from portal.kernel.figures import SHANGHAI
from portal.kernel.permissions import Role
from portal.kernel.refusals import Refusal
from portal.kernel.spoken import local_day
from portal.kernel.work import Work

HOUSES = (("云上美肤", ("云上美肤·南城店", "云上美肤·东城店")), ("阿明理发", ("阿明理发",)))
RULES = (
    RuleDraft(Kind.WORK, None, None, Turn.ANY, 1_500, None),
    RuleDraft(Kind.WORK, None, None, Turn.REQUESTED, 1_800, None),
    RuleDraft(Kind.CARD_USE, None, None, Turn.ANY, None, 2_000),
    RuleDraft(Kind.CARD_SALE, None, None, Turn.ANY, 500, None),
)
GUESTS = ("林女士", "欧阳小姐", "陈先生", "黎太太", "江女士", "骆小姐", "区先生")
KNOWN = (
    ("林女士", "15400003101", "对酒精过敏，孕 5 个月", "力度轻一点，不聊天"),
    ("欧阳小姐", "15400003102", "", "喜欢玉兰房，水要温的"),
    ("黎太太", "15400003103", "颈椎旧伤，避开第七节", "固定找黄嘉怡"),
)
PHONES = {name: phone for name, phone, _allergies, _preferences in KNOWN}
DAYS = (1, 3, 7, 12)
HOURS = (11, 15)


def know_clients(cast: Cast, founded: Founded) -> None:
    """Once; nothing where nobody offers services yet."""
    for merchant, stores in HOUSES:
        merchant_id, owner = founded.merchants.get(merchant), founded.owners.get(merchant)
        if merchant_id is None or owner is None:
            continue
        with cast.staff(owner, merchant_id, Role.OWNER) as work:
            if commission_queries.rules(work) or not offers.service_names(work, merchant_id):
                continue
        with cast.staff(owner, merchant_id, Role.OWNER, ago=timedelta(days=30)) as work:
            for rule in RULES:
                commissions.add_rule(work, rule)
        for store in stores:
            _work_off(cast, owner, merchant_id, founded.stores[store])
            with cast.staff(owner, merchant_id, Role.OWNER) as work:
                _today(work, founded.stores[store])


def _work_off(cast: Cast, owner: str, merchant_id: UUID, store_id: UUID) -> None:
    """Two visits on some of the last days, each given by whoever is free."""
    for nth, days in enumerate(day for day in DAYS for _twice in HOURS):
        at = _local(cast.now, days, HOURS[nth % 2])
        with cast.staff(owner, merchant_id, Role.OWNER, ago=cast.now - at) as work:
            _visit(work, store_id, nth)


def _visit(work: Work, store_id: UUID, nth: int) -> None:
    served = offers.offers(work, work.merchant_id, store_id)
    if not served:
        return
    service, name = served[nth % len(served)].service, GUESTS[nth % len(GUESTS)]
    try:
        facts = {"store_id": store_id, "service_ids": [service.id], "client_name": name}
        phone = PHONES.get(name, "")
        booking = bookings.walk_in(work, client_phone=phone, demo=True, **facts)  # type: ignore[arg-type]
    except Refusal:  # nobody works or is free then
        return
    bookings.finish(work, booking)


def _today(work: Work, store_id: UUID) -> None:
    """Who is there has joined the list; one gave a turn away. Three records that matter."""
    team = [one.id for one in calendar.resources(work, store_id, "technician")]
    for one in team:
        turns.join(work, store_id, one)
    if len(team) > 2:
        turns.decline(work, store_id, team[1], reason="在吃饭")
    for name, phone, allergies, preferences in KNOWN:
        client = clients.open_record(work, store_id, name=name, phone=phone, demo=True)
        clients.keep(work, client, allergies=allergies, preferences=preferences, note="")


def _local(now: datetime, days: int, hour: int) -> datetime:
    return datetime.combine(local_day(now) - timedelta(days=days), time(hour), SHANGHAI)
