"""What was bought in the town: forty orders that wait for five o'clock, and some in every other state.

Everything by the acts of buyers, suppliers and the pretend provider, with the clock set back.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from portal.commands.demo.casting import EVERY_RIGHT, Cast
from portal.commands.demo.founding import Founded
from portal.domain.catalogue import queries as catalogue
from portal.domain.catalogue.queries import Asked
from portal.domain.catalogue.values import ProductState
from portal.domain.identity.actions import addresses
from portal.domain.identity.values import AddressFacts
from portal.domain.ordering import actions, queries
from portal.domain.ordering.rules.dates import CUTOFF
from portal.domain.ordering.values import Recipient
from portal.domain.payments import actions as payments
from portal.domain.payments.values import Launch, TradeFact, TradeState
from portal.domain.regions import queries as regions
from portal.domain.sandbox import actions as sandbox
from portal.domain.sandbox.actions.counter import access_trade, settle
from portal.domain.sandbox.values import MERCHANT_NO, TradeWord
from portal.domain.shipping import actions as shipping
from portal.kernel.faces import borrowed
from portal.kernel.figures import SHANGHAI
from portal.kernel.permissions import Role
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work

BUYER = "15400000001"
DUE = 40
HOUSEHOLD, FINE, FRUIT = "莞邑日用", "松湖优选", "岭南果源"
Wish = tuple[str, str, int]
"""Supplier, product, pieces."""


@dataclass
class Shelf:
    """What is to be bought and where it is sent."""

    goods: dict[tuple[str, str], tuple[UUID, list[UUID]]]
    to: list[Recipient]
    liked: dict[str, list[str]]
    notes: list[str]
    dice: random.Random


def buy(cast: Cast, founded: Founded, town: dict[str, Any]) -> None:
    """Play the last weeks of buying, once."""
    with cast.person(BUYER) as work:
        if queries.my_orders(work)[0]:
            return
    shelf = shelf_of(cast, founded)
    buyers = [person["phone"] for person in town["people"] if person["phone"] != BUYER]
    for number in range(DUE):
        supplier, dice = HOUSEHOLD, shelf.dice
        wishes = [
            (supplier, name, dice.randint(1, 3)) for name in dice.sample(shelf.liked[supplier], dice.choice((1, 1, 2)))
        ]
        ago = _today(cast) * (DUE - number) / (DUE + 1)
        place_order(cast, shelf, buyers[number % len(buyers)], wishes, ago=ago, to=number)
    for number, supplier in enumerate((FINE, FINE, FINE, FRUIT, FRUIT, FRUIT)):
        wishes = [(supplier, shelf.liked[supplier][number % 5], 1 + number % 2)]
        place_order(cast, shelf, buyers[number], wishes, ago=timedelta(hours=2 * number + 1), to=number + 7)
    _past(cast, founded, shelf)


def _today(cast: Cast) -> timedelta:
    """How long ago the last cut-off was, so that everything since then is due at the next one."""
    local = cast.now.astimezone(SHANGHAI)
    last = datetime.combine(local.date(), CUTOFF, SHANGHAI)
    if last > local:
        last -= timedelta(days=1)
    return min(cast.now - last, timedelta(hours=20))


def shelf_of(cast: Cast, founded: Founded) -> Shelf:
    """Products and SKUs by name, recipients with the names of their divisions."""
    with (Path(__file__).parent / "recipients.toml").open("rb") as file:
        facts = tomllib.load(file)
    goods: dict[tuple[str, str], tuple[UUID, list[UUID]]] = {}
    for supplier in (HOUSEHOLD, FINE, FRUIT):
        with cast.staff(founded.owners[supplier], founded.merchants[supplier], Role.OWNER) as work:
            for row in _on_sale(work):
                goods[supplier, row.name] = (row.id, [sku.id for sku in row.skus])
    with cast.job() as work:
        paths = regions.paths(work, {code for _name, code, _detail in facts["to"]})
    to = [
        Recipient(name, f"154000010{at:02}", code, tuple(one.name for one in paths[code]), detail)
        for at, (name, code, detail) in enumerate(facts["to"])
    ]
    dice = random.Random(20260706)  # noqa: S311 - a repeatable town, nothing secret
    liked = {supplier: [one for one in names if (supplier, one) in goods] for supplier, names in facts["liked"].items()}
    return Shelf(goods, to, liked, facts["notes"], dice)


def _on_sale(work: Work) -> list[Any]:
    rows, more = catalogue.products(work, Asked(state=ProductState.ON_SALE))
    found = list(rows)
    while more:
        rows, more = catalogue.products(work, Asked(state=ProductState.ON_SALE, after=found[-1].id))
        found += rows
    return found


def place_order(
    cast: Cast, shelf: Shelf, phone: str, wishes: Sequence[Wish], *, ago: timedelta, to: int, pay: bool = True
) -> list[queries.OrderShown]:
    """One checkout of one person, paid at once unless said otherwise; its orders."""
    recipient = shelf.to[to % len(shelf.to)]
    with cast.person(phone, ago=ago) as work:
        for at, (supplier, name, pieces) in enumerate(wishes):
            product_id, skus = shelf.goods[supplier, name]
            actions.add(work, product_id=product_id, sku_id=skus[(to + at) % len(skus)], quantity=pieces)
        quote = queries.quote(work, region_code=recipient.region_code, only_chosen=True)
        if quote.refusals:  # not sent there: a friend in town takes it in
            recipient = shelf.to[0]
            quote = queries.quote(work, region_code=recipient.region_code, only_chosen=True)
        note = shelf.notes[to % len(shelf.notes)]
        notes = {group.merchant_id: note for group in quote.groups}
        checkout_id = actions.place(work, recipient=recipient, shown_fen=quote.total_fen, mark=quote.mark, notes=notes)
        if pay:
            _pay(cast, work, checkout_id)
        return list(queries.checkout(work, checkout_id).orders)


def _pay(cast: Cast, work: Work, checkout_id: UUID) -> None:
    """At the pretend provider, so that money can go back there."""
    checkout = queries.checkout(work, checkout_id)
    addresses_of = cast.services.addresses
    attempt_id = payments.begin(work, checkout.intent_id, provider="sandbox", merchant_no=MERCHANT_NO)
    asked = {
        "number": attempt_id.hex,
        "amount": checkout.amount_fen,
        "currency": "CNY",
        "merchant": MERCHANT_NO,
        "title": checkout.orders[0].lines[0].name,
        "expires": checkout.expires_at.isoformat(),
        "notify": addresses_of.notify("sandbox"),
        "back": addresses_of.back(checkout.intent_id),
    }
    with borrowed(work, Scope(Face.PROVIDER), EVERY_RIGHT):
        trade_id = sandbox.collect(work, asked)
        settle(work, access_trade(work, trade_id), TradeWord.PAID)
    with borrowed(work, Scope(Face.JOB), EVERY_RIGHT):
        payments.started(work, attempt_id, Launch(f"{addresses_of.public_url}/sandbox/pay/{trade_id}"))
        fact = TradeFact(attempt_id.hex, TradeState.PAID, checkout.amount_fen, "CNY", MERCHANT_NO, trade_id.hex)
        payments.told(work, fact, provider="sandbox")


def _past(cast: Cast, founded: Founded, shelf: Shelf) -> None:
    """陈静 has bought before: one order in every state, from all three suppliers."""
    _live_somewhere(cast, shelf)

    def bought(wishes: Sequence[Wish], days: float, *, pay: bool = True) -> list[queries.OrderShown]:
        return place_order(cast, shelf, BUYER, wishes, ago=timedelta(days=days), to=0, pay=pay)

    done = bought([(FINE, "杏仁饼 手打", 2), (HOUSEHOLD, "抽纸 原木浆 24 包", 1)], 24)
    received = bought([(FRUIT, "芒果干 原切", 3)], 8)
    on_the_way = bought([(FINE, "丝苗米 新米", 1), (HOUSEHOLD, "洗洁精 柠檬", 1)], 2)
    partly = bought([(HOUSEHOLD, "毛巾 纯棉", 2), (HOUSEHOLD, "软毛牙刷", 1)], 1.2)
    cancelled = bought([(FRUIT, "柠檬片 冻干", 1)], 5, pay=False)
    bought([(HOUSEHOLD, "棉柔巾", 1), (FRUIT, "台农芒果", 1)], 0.01, pay=False)
    with cast.person(BUYER, ago=timedelta(days=5) - timedelta(minutes=9)) as work:
        actions.cancel(work, cancelled[0].id)
    for number, order in enumerate((*done, *received, *on_the_way)):
        send(cast, founded, order, f"YT{8800450010023 + number * 7919}", after=timedelta(hours=3))
    first = {partly[0].lines[0].id: partly[0].lines[0].quantity}
    send(cast, founded, partly[0], "JT5400100200301", after=timedelta(hours=4), pieces=first)
    for order, days in [*((one, 20) for one in done), *((one, 4) for one in received)]:
        with cast.person(BUYER, ago=timedelta(days=days)) as work:
            actions.confirm_received(work, order.id)
    for order in done:
        with cast.job() as work:
            actions.complete_due(work, order.merchant_id, order.id)


def _live_somewhere(cast: Cast, shelf: Shelf) -> None:
    here = shelf.to[0]
    with cast.person(BUYER) as work:
        facts = AddressFacts("陈静", BUYER, here.region_code, here.region_names, here.detail, True)  # noqa: FBT003
        addresses.add(work, facts)
    shelf.to[0] = Recipient("陈静", BUYER, here.region_code, here.region_names, here.detail)


def send(
    cast: Cast,
    founded: Founded,
    order: queries.OrderShown,
    number: str,
    *,
    after: timedelta,
    pieces: dict[UUID, int] | None = None,
) -> None:
    """The supplier hands it to the courier some hours after it was paid."""
    name = next(name for name, merchant_id in founded.merchants.items() if merchant_id == order.merchant_id)
    ago = cast.now - order.placed_at - after
    with cast.staff(founded.owners[name], order.merchant_id, Role.OWNER, ago=ago) as work:
        carrier = {"JT": "jt", "SF": "sf"}.get(number[:2], "yto")
        shipping.ship(work, [order.id], number=number, carrier=carrier, pieces=pieces)
