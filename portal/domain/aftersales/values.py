"""Kinds, reasons and states of cases with their allowed moves; a case as pages show it. Amounts in fen. No SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from portal.kernel.words import Text, say

MOST_PICTURES: Final = 6
MOST_WORDS: Final = 500
MOST_CASES: Final = 10
"""How often a buyer may ask about one order."""
ROUNDS: Final = 2
"""Asked once, and once more after a refusal."""
MOST_AT_ONCE: Final = 100


class CaseKind(StrEnum):
    """What is asked for."""

    UNSHIPPED = "unshipped"  # pieces that have not left
    MONEY = "money"  # an amount; the buyer keeps what he has, or nothing came
    RETURN = "return"  # pieces that go back


class CaseState(StrEnum):
    """Where a case stands."""

    ASKED = "asked"  # the merchant is to answer
    OFFERED = "offered"  # he offers less; the buyer is to answer
    REFUSED = "refused"  # the buyer may ask once more or call the platform
    DISPUTED = "disputed"  # the platform is to decide
    RETURNING = "returning"  # the buyer is to send the goods
    SENT = "sent"  # goods on their way; the merchant is to check them
    REFUNDING = "refunding"  # the money is on its way
    REFUNDED = "refunded"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"  # nobody answered in time, or the platform said no


class Side(StrEnum):
    """Who did something, or opened a case."""

    BUYER = "buyer"
    MERCHANT = "merchant"
    PLATFORM = "platform"
    SYSTEM = "system"


class Reason(StrEnum):
    """Why something is asked back."""

    NOT_WANTED = "not_wanted"
    WRONG_ORDER = "wrong_order"
    WRONG_ADDRESS = "wrong_address"
    LATE = "late"
    NO_STOCK = "no_stock"
    NO_REASON = "no_reason"
    QUALITY = "quality"
    WRONG_GOODS = "wrong_goods"
    MISMATCH = "mismatch"
    DAMAGED = "damaged"
    MISSING = "missing"
    NOT_RECEIVED = "not_received"
    AGREED = "agreed"
    GOODWILL = "goodwill"


class CaseStep(StrEnum):
    """Lines of a case's timeline."""

    ASKED = "asked"
    ASKED_AGAIN = "asked_again"
    AGREED = "agreed"
    AGREED_BY_ITSELF = "agreed_by_itself"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    DISPUTED = "disputed"
    DISPUTED_BY_ITSELF = "disputed_by_itself"
    FOR_BUYER = "for_buyer"
    FOR_MERCHANT = "for_merchant"
    SENT = "sent"
    RECEIVED = "received"
    RECEIVED_BY_ITSELF = "received_by_itself"
    GOODS_REFUSED = "goods_refused"
    GRANTED = "granted"
    REFUNDED = "refunded"
    STUCK = "stuck"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


K, S, R, C = CaseKind, CaseState, Reason, CaseStep
MOVES: Final[Mapping[CaseState, frozenset[CaseState]]] = MappingProxyType(
    {
        S.ASKED: frozenset({S.OFFERED, S.REFUSED, S.DISPUTED, S.RETURNING, S.REFUNDING, S.WITHDRAWN}),
        S.OFFERED: frozenset({S.ASKED, S.DISPUTED, S.REFUNDING, S.WITHDRAWN, S.CLOSED}),
        S.REFUSED: frozenset({S.ASKED, S.DISPUTED, S.WITHDRAWN, S.CLOSED}),
        S.DISPUTED: frozenset({S.RETURNING, S.REFUNDING, S.WITHDRAWN, S.CLOSED}),
        S.RETURNING: frozenset({S.SENT, S.WITHDRAWN, S.CLOSED}),
        S.SENT: frozenset({S.REFUSED, S.REFUNDING}),
        S.REFUNDING: frozenset({S.REFUNDED}),
        S.REFUNDED: frozenset(),
        S.WITHDRAWN: frozenset(),
        S.CLOSED: frozenset(),
    }
)
OPEN: Final = frozenset({S.ASKED, S.OFFERED, S.REFUSED, S.DISPUTED, S.RETURNING, S.SENT})
"""The order waits for these before it completes."""
VOID: Final = frozenset({S.WITHDRAWN, S.CLOSED})
"""Nothing was given back and nothing will be."""
BLOCKING: Final = frozenset({S.ASKED, S.DISPUTED})
"""While an unshipped case stands here its pieces may not leave."""
MERCHANTS_TURN: Final = frozenset({S.ASKED, S.SENT})
BUYERS_TURN: Final = frozenset({S.OFFERED, S.REFUSED, S.RETURNING})

REASONS: Final[Mapping[CaseKind, tuple[Reason, ...]]] = MappingProxyType(
    {
        K.UNSHIPPED: (R.NOT_WANTED, R.WRONG_ORDER, R.WRONG_ADDRESS, R.LATE, R.NO_STOCK),
        K.MONEY: (R.NOT_RECEIVED, R.MISSING, R.QUALITY, R.DAMAGED, R.MISMATCH, R.AGREED),
        K.RETURN: (R.NO_REASON, R.QUALITY, R.WRONG_GOODS, R.MISMATCH, R.DAMAGED),
    }
)
"""What a buyer may choose from."""
FAULTS: Final = frozenset(
    {R.LATE, R.NO_STOCK, R.QUALITY, R.WRONG_GOODS, R.MISMATCH, R.DAMAGED, R.MISSING, R.NOT_RECEIVED}
)
"""The merchant's side: he bears the freight of the return, and the freight that was paid goes back too."""

KIND_NAMES: Final[Mapping[CaseKind, Text]] = MappingProxyType(
    {K.UNSHIPPED: say("仅退款（未发货）"), K.MONEY: say("仅退款"), K.RETURN: say("退货退款")}
)
STATE_NAMES: Final[Mapping[CaseState, Text]] = MappingProxyType(
    {
        S.ASKED: say("待商家处理"),
        S.OFFERED: say("待买家确认"),
        S.REFUSED: say("商家已拒绝"),
        S.DISPUTED: say("平台介入中"),
        S.RETURNING: say("待买家寄回"),
        S.SENT: say("退货在途"),
        S.REFUNDING: say("退款中"),
        S.REFUNDED: say("已退款"),
        S.WITHDRAWN: say("已撤销"),
        S.CLOSED: say("已关闭"),
    }
)
REASON_NAMES: Final[Mapping[Reason, Text]] = MappingProxyType(
    {
        R.NOT_WANTED: say("不想要了"),
        R.WRONG_ORDER: say("拍错或多拍"),
        R.WRONG_ADDRESS: say("收货信息填错"),
        R.LATE: say("未按时发货"),
        R.NO_STOCK: say("商家缺货"),
        R.NO_REASON: say("七天无理由"),
        R.QUALITY: say("质量问题"),
        R.WRONG_GOODS: say("发错货"),
        R.MISMATCH: say("与描述不符"),
        R.DAMAGED: say("运输破损"),
        R.MISSING: say("少件"),
        R.NOT_RECEIVED: say("没收到货"),
        R.AGREED: say("与商家协商一致"),
        R.GOODWILL: say("商家补偿"),
    }
)
STEP_NAMES: Final[Mapping[CaseStep, Text]] = MappingProxyType(
    {
        C.ASKED: say("提交申请"),
        C.ASKED_AGAIN: say("补充说明，再次申请"),
        C.AGREED: say("同意"),
        C.AGREED_BY_ITSELF: say("超时未处理，自动同意"),
        C.OFFERED: say("提出少退的方案"),
        C.ACCEPTED: say("接受商家的方案"),
        C.REFUSED: say("拒绝申请"),
        C.DISPUTED: say("申请平台介入"),
        C.DISPUTED_BY_ITSELF: say("超时未处理，转给平台"),
        C.FOR_BUYER: say("平台判定：支持买家"),
        C.FOR_MERCHANT: say("平台判定：支持商家"),
        C.SENT: say("寄回商品"),
        C.RECEIVED: say("收到退货，同意退款"),
        C.RECEIVED_BY_ITSELF: say("超时未验收，自动退款"),
        C.GOODS_REFUSED: say("收到退货，拒绝退款"),
        C.GRANTED: say("主动退款"),
        C.REFUNDED: say("退款完成"),
        C.STUCK: say("支付渠道暂时退不出去，平台已在处理"),
        C.WITHDRAWN: say("撤销申请"),
        C.CLOSED: say("超时关闭"),
    }
)


def may_move(now: CaseState, to: CaseState) -> bool:
    """True when the table allows this step."""
    return to in MOVES[now]


@dataclass(frozen=True)
class Address:
    """Where returned goods go."""

    name: str = ""
    phone: str = ""
    detail: str = ""

    @property
    def is_whole(self) -> bool:
        """True when a parcel would arrive."""
        return bool(self.name and self.phone and self.detail)


@dataclass(frozen=True)
class CaseLine:
    """One line of an order in a case; `pieces` is 0 when only money goes back."""

    line_id: UUID
    product_id: UUID
    sku_id: UUID
    name: str
    choice: str
    picture: str
    quantity: int
    pieces: int
    goods_fen: int
    freight_fen: int
    restocked: int

    @property
    def total_fen(self) -> int:
        """What goes back for it."""
        return self.goods_fen + self.freight_fen


@dataclass(frozen=True)
class CaseEventShown:
    """A line of the timeline with its pictures."""

    id: UUID
    step: CaseStep
    side: Side
    note: str
    amount_fen: int
    at: datetime
    pictures: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class CaseShown:
    """A case as lists show it; with lines and timeline when it is looked at alone."""

    merchant_id: UUID
    id: UUID
    order_id: UUID
    order_number: str
    person_id: UUID
    number: str
    merchant_name: str
    buyer: str
    title: str
    picture: str
    pieces: int
    kind: CaseKind
    state: CaseState
    origin: Side
    reason: Reason
    fault: bool
    goods_fen: int
    freight_fen: int
    asked_fen: int
    offer_fen: int | None
    round: int
    printed: bool
    asked_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    arrived_at: datetime | None
    return_to: Address
    carrier: str
    tracking: str
    refund_id: UUID | None
    stuck: bool
    lines: tuple[CaseLine, ...] = field(default=())
    events: tuple[CaseEventShown, ...] = field(default=())

    @property
    def total_fen(self) -> int:
        """What goes back, or is asked for."""
        return self.goods_fen + self.freight_fen

    @property
    def is_open(self) -> bool:
        """True while it is not decided."""
        return self.state in OPEN

    @property
    def may_ask_again(self) -> bool:
        """True when the buyer may add evidence and ask the merchant once more."""
        return self.state in (S.REFUSED, S.OFFERED) and self.round < ROUNDS and self.arrived_at is None

    def is_late(self, now: datetime) -> bool:
        """True when its deadline has passed."""
        return self.due_at is not None and self.due_at <= now
