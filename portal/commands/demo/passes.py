"""Passes of the town: what the salon and the barber sell, who has bought it, how often it was used.

By the acts of merchants, buyers, counters and the pretend provider, with the clock set back.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from portal.commands.demo.casting import EVERY_RIGHT, Cast
from portal.commands.demo.founding import Founded
from portal.domain.bookings import queries as bookings
from portal.domain.passes import actions, queries
from portal.domain.passes.values import KindDraft
from portal.domain.payments import actions as payments
from portal.domain.payments.values import Launch, TradeFact, TradeState
from portal.domain.sandbox import actions as sandbox
from portal.domain.sandbox.actions.counter import access_trade, settle
from portal.domain.sandbox.values import MERCHANT_NO, TradeWord
from portal.domain.stores import queries as stores
from portal.domain.vouchers.values import Digits
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Role
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work

SALON, BARBER = "云上美肤", "阿明理发"
CLIENT = "15400000001"
HANDED, ALONE = {"transferable": True, "shared": True}, {"transferable": False, "shared": False}
KINDS = (
    (SALON, "补水", ("补水护理 10 次卡", "请提前一天预约。", 10, 1280_00, 1680_00, 365), {**HANDED, "per_person": 0}),
    (SALON, "肩颈", ("肩颈舒缓 5 次卡", "周末也能用。", 5, 590_00, 740_00, 180), {**ALONE, "per_person": 2}),
    (SALON, "补水", ("新客体验 3 次卡", "只限新顾客。", 3, 199_00, 504_00, 30), {**ALONE, "per_person": 1}),
    (BARBER, "剪发", ("剪发 5 次卡", "全家都能用。", 5, 168_00, 190_00, 365), {**HANDED, "per_person": 0}),
)
BOUGHT = (
    # whose, which, days ago, how often used since
    *((CLIENT, 0, 40.0, 2), (CLIENT, 3, 2.0, 1), (CLIENT, 2, 50.0, 1)),
    *((None, 0, 75.0, 2), (None, 3, 60.0, 5), (None, 1, 20.0, 1), (None, 1, 9.0, 0)),
    *((None, 0, 5.0, 0), (None, 3, 28.0, 1)),
)


def sell(cast: Cast, founded: Founded, town: dict[str, Any]) -> None:
    """Play the last months, once."""
    with cast.person(CLIENT) as work:
        if queries.mine(work) or not {SALON, BARBER} <= set(founded.merchants):
            return
    kinds = [_offer(cast, founded, *one) for one in KINDS]
    others = iter([one["phone"] for one in town["people"] if one["phone"] != CLIENT] * 2)
    used_ago: list[tuple[float, str, UUID]] = []
    for phone, at, days, used in sorted(BOUGHT, key=lambda one: -one[2]):
        card = _buy(cast, phone or next(others), kinds[at], timedelta(days=days))
        used_ago += [(days * (1 - (nth + 1) / (used + 1)), KINDS[at][0], card) for nth in range(used)]
    for ago, name, card in sorted(used_ago, key=lambda one: -one[0]):
        _use(cast, founded, name, card, timedelta(days=ago))
    with cast.job() as work:
        over = queries.due(work)
    for merchant_id, pass_id in over:
        with cast.job() as work:
            actions.expire(work, merchant_id, pass_id)


def _offer(
    cast: Cast, founded: Founded, merchant: str, word: str, facts: tuple[Any, ...], rules: dict[str, Any]
) -> UUID:
    """On sale for a hundred days, for the services of that name when there are some."""
    merchant_id = founded.merchants[merchant]
    with cast.staff(founded.owners[merchant], merchant_id, Role.OWNER, ago=timedelta(days=95)) as work:
        names = bookings.service_names(work, merchant_id)
        served = frozenset(one for one, name in names.items() if word in name)
        kind = actions.draft(work, KindDraft(*facts, **{**rules, "service_ids": served}))
        actions.put_on_sale(work, kind)
        return kind


def _buy(cast: Cast, phone: str, kind_id: UUID, ago: timedelta) -> UUID:
    with cast.person(phone, ago=ago) as work:
        kind = queries.kind(work, kind_id, may=None)
        pass_id, intent_id = actions.buy(work, kind_id, shown_fen=kind.price_fen)
        pay(cast, work, intent_id, kind.name, kind.price_fen)
        return pass_id


def pay(cast: Cast, work: Work, intent_id: UUID, title: str, fen: int) -> None:
    """At the pretend provider, so that money can go back there."""
    addresses_of = cast.services.addresses
    attempt_id = payments.begin(work, intent_id, provider="sandbox", merchant_no=MERCHANT_NO)
    asked = {
        "number": attempt_id.hex,
        "amount": fen,
        "currency": "CNY",
        "merchant": MERCHANT_NO,
        "title": title,
        "expires": (work.now() + timedelta(minutes=30)).isoformat(),
        "notify": addresses_of.notify("sandbox"),
        "back": addresses_of.back(intent_id),
    }
    with borrowed(work, Scope(Face.PROVIDER), EVERY_RIGHT):
        trade_id = sandbox.collect(work, asked)
        settle(work, access_trade(work, trade_id), TradeWord.PAID)
    with borrowed(work, Scope(Face.JOB), EVERY_RIGHT):
        payments.started(work, attempt_id, Launch(f"{addresses_of.public_url}/sandbox/pay/{trade_id}"))
        fact = TradeFact(attempt_id.hex, TradeState.PAID, fen, "CNY", MERCHANT_NO, trade_id.hex)
        payments.told(work, fact, provider="sandbox")


def _use(cast: Cast, founded: Founded, merchant: str, pass_id: UUID, ago: timedelta) -> None:
    """At the counter of one of the stores; what is over by then is not used."""
    merchant_id = founded.merchants[merchant]
    with cast.staff(founded.owners[merchant], merchant_id, Role.OWNER, ago=ago) as work:
        shown = queries.sold_one(work, pass_id)
        if shown.line.left == 0 or shown.line.is_over(work.now()):
            return
        store_id = stores.store_names(work)[0].id
        actions.use_at_counter(work, code=Digits(shown.code), store_id=store_id)
