"""What is asked back in the town: two refunds after printing, a return on its way, one refused, some refunded.

By the acts of buyers and suppliers, with the clock set back; the worker brings the money.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from portal.commands.demo import drawings
from portal.commands.demo.casting import Cast
from portal.commands.demo.founding import Founded
from portal.domain.aftersales import actions, queries
from portal.domain.aftersales.actions import Wish
from portal.domain.aftersales.values import CaseKind, Reason
from portal.domain.ordering import queries as ordering
from portal.domain.ordering.queries import OrderShown
from portal.domain.ordering.values import OrderState
from portal.domain.shipping import actions as shipping
from portal.domain.shipping import queries as dispatch
from portal.kernel.permissions import Permission, Role

BUYER = "15400000001"
HOUSEHOLD, FINE, FRUIT = "莞邑日用", "松湖优选", "岭南果源"
BACK_TO = {
    HOUSEHOLD: ("售后 小黄", "0769-18801001", "东莞市石排镇庙边王工业区 2 号 3 楼"),
    FINE: ("退货组", "0769-18802002", "东莞市石龙镇西湖路 66 号 后仓"),
    FRUIT: ("售后 阿莲", "0769-18803003", "东莞市茶山镇南社荔枝园 1 号 冷库旁"),
}


def ask_back(cast: Cast, founded: Founded) -> None:
    """Play it once."""
    with cast.person(BUYER) as work:
        if queries.persons_cases(work)[0]:
            return
        mine = ordering.my_orders(work)[0]
    for name, (receiver, phone, detail) in BACK_TO.items():
        with cast.staff(founded.owners[name], founded.merchants[name], Role.OWNER, ago=timedelta(days=20)) as work:
            actions.keep_address(work, name=receiver, phone=phone, detail=detail, demo=True)
    _after_printing(cast, founded)
    _on_its_way_back(cast, founded, _of(mine, founded.merchants[FRUIT], OrderState.RECEIVED))
    _refused(cast, founded, _of(mine, founded.merchants[FINE], OrderState.SHIPPED))
    _given(cast, founded, _of(mine, founded.merchants[FINE], OrderState.COMPLETED))


def _of(orders: Sequence[OrderShown], merchant_id: UUID, state: OrderState) -> OrderShown:
    return next(order for order in orders if order.merchant_id == merchant_id and order.state is state)


def _ask(
    cast: Cast,
    phone: str,
    order: OrderShown,
    wish: Wish,
    words: str,
    *,
    ago: timedelta,
    pictures: Sequence[bytes] = (),
) -> UUID:
    with cast.person(phone, ago=ago) as work:
        return actions.ask(work, order.id, wish, words=words, storage=cast.services.storage, pictures=pictures)


def _after_printing(cast: Cast, founded: Founded) -> None:
    """Two buyers of today change their mind when the labels are printed; one before, who gets his money at once."""
    phones = {person_id: phone for phone, person_id in cast.ids.items()}
    owner, merchant_id = founded.owners[HOUSEHOLD], founded.merchants[HOUSEHOLD]
    with cast.staff(owner, merchant_id, Role.OWNER, ago=timedelta(minutes=50)) as work:
        found = [ordering.order(work, merchant_id, row.id) for row in dispatch.board(work)[0][:8]]
        orders = [order for order in found if phones[order.person_id] != BUYER][:3]
        shipping.mark_printed(work, [order.id for order in orders[:2]])
    reasons = (
        (Reason.NOT_WANTED, "家里已经有人买了，不好意思。"),
        (Reason.WRONG_ADDRESS, "地址选成老家了，我重新下单。"),
    )
    for at, order in enumerate(orders):
        reason, words = reasons[at % 2]
        wanted = {line.id: line.to_ship for line in order.lines if line.to_ship}
        wish = Wish(CaseKind.UNSHIPPED, reason, wanted)
        _ask(cast, phones[order.person_id], order, wish, words, ago=timedelta(minutes=35 - 9 * at))


def _on_its_way_back(cast: Cast, founded: Founded, order: OrderShown) -> None:
    line = order.lines[0]
    wish = Wish(CaseKind.RETURN, Reason.MISMATCH, {line.id: min(2, line.quantity)})
    pictures = [drawings.thing(line.name)]
    words = "写的是原切大片，打开都是碎的，两袋没拆封的想退。"
    case = _ask(cast, BUYER, order, wish, words, ago=timedelta(days=3), pictures=pictures)
    with cast.staff(
        founded.owners[FRUIT], founded.merchants[FRUIT], Role.OWNER, ago=timedelta(days=2, hours=20)
    ) as work:
        actions.agree(work, case, note="抱歉，这批压到了，运费我们出。")
    with cast.person(BUYER, ago=timedelta(days=1, hours=4)) as work:
        actions.send(work, case, carrier="顺丰速运", tracking="SF1400200300456")


def _refused(cast: Cast, founded: Founded, order: OrderShown) -> None:
    wish = Wish(CaseKind.MONEY, Reason.NOT_RECEIVED, {order.lines[0].id: 1})
    case = _ask(cast, BUYER, order, wish, "两天了还没到，不等了。", ago=timedelta(hours=20))
    with cast.staff(founded.owners[FINE], founded.merchants[FINE], Role.OWNER, ago=timedelta(hours=15)) as work:
        actions.refuse(
            work, case, note="快递显示今天派送，请再等等；明天还没到我们补发。", storage=cast.services.storage
        )


def _given(cast: Cast, founded: Founded, order: OrderShown) -> None:
    """Goodwill when the time for claims is long over."""
    wish = Wish(CaseKind.MONEY, Reason.GOODWILL, {order.lines[0].id: 1}, 500)
    with cast.staff(founded.owners[FINE], founded.merchants[FINE], Role.OWNER, ago=timedelta(hours=6)) as work:
        words = "上次那盒碎了几块，补您 5 元，欢迎再来。"
        actions.grant(work, order.id, wish, words=words, may=Permission.CASE_ANSWER)
