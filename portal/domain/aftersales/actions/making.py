"""A new case: asked by the buyer, or granted by the merchant or the platform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from portal.domain.aftersales import errors, rules
from portal.domain.aftersales.access import HOUSE, RIGHTS, Held
from portal.domain.aftersales.actions import steps
from portal.domain.aftersales.actions.evidence import attach, drawn
from portal.domain.aftersales.models import Case, CaseItem
from portal.domain.aftersales.queries.rooms import rooms_of
from portal.domain.aftersales.values import (
    MOST_CASES,
    MOST_WORDS,
    CaseKind,
    CaseState,
    CaseStep,
    Reason,
    Side,
)
from portal.domain.identity.rules.names import masked_name
from portal.domain.ordering import actions as ordering
from portal.domain.ordering.access import access_held, access_order
from portal.domain.ordering.models import Order, OrderLine, OrderMark
from portal.domain.ordering.values import Happening, OrderState
from portal.domain.reference import queries as reference
from portal.domain.reference.values.parameters import CASE_UNPRINTED_HOURS
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.lines import clean_text
from portal.kernel.permissions import Permission
from portal.kernel.storage import Storage
from portal.kernel.work import Work


@dataclass(frozen=True)
class Wish:
    """What somebody asks: pieces by line (of MONEY: each line once) and, of MONEY, how much. `seen_fen` is the amount
    that was shown; another one now is refused.
    """

    kind: CaseKind
    reason: Reason
    wanted: Mapping[UUID, int]
    amount_fen: int | None = None
    seen_fen: int | None = None


def ask(
    work: Work, order_id: UUID, wish: Wish, *, words: str = "", storage: Storage, pictures: Sequence[bytes] = ()
) -> UUID:
    """The buyer asks; returns the case. What has not left is blocked at once, and refunded at once when nothing was
    printed yet and the parameter says so.

    Refuses what the rules refuse, an order whose time for claims is over, more than ten cases, more than six pictures.
    """
    seen = access_order(work, order_id, may=Permission.ORDER_BUY)
    words = clean_text(words, field="words", most=MOST_WORDS, required=False)
    evidence, merchant_id = drawn(pictures), seen.merchant_id
    with borrowed(work, HOUSE, RIGHTS):
        order, lines = access_held(work, merchant_id, order_id)
        faults.point(work, "aftersales.ask.checked")
        rules.check_open(OrderState(order.state), order.claim_until, work.now())
        if _count(work, order, Side.BUYER) >= MOST_CASES:
            raise errors.TooOften
        held = _open(work, order, lines, wish, Side.BUYER)
        event = steps.record(work, held.case, CaseStep.ASKED, note=words)
        attach(work, storage, held.case, event, evidence)
        ordering.tell(work, order, Happening.CASE, held.case.number)
        if _at_once(work, held.case):
            steps.tell(work, held.case, event)
            event = steps.move(work, held, CaseState.REFUNDING, CaseStep.AGREED_BY_ITSELF, side=Side.SYSTEM)
        steps.tell(work, held.case, event)
        return held.case.id


def _at_once(work: Work, case: Case) -> bool:
    if case.kind != CaseKind.UNSHIPPED or case.printed:
        return False
    return reference.value_of(work, CASE_UNPRINTED_HOURS) == 0


def grant(work: Work, order_id: UUID, wish: Wish, *, words: str, may: Permission) -> UUID:
    """The merchant (or the platform) gives back by himself: pieces that will not be sent, or an amount out of goodwill,
    after the time for claims as well. Returns the case. Refuses what the rules refuse, and goods that are to come back.
    """
    seen = access_order(work, order_id, may=may)
    words = clean_text(words, field="words", most=MOST_WORDS)
    merchant_id = seen.merchant_id
    side = Side.PLATFORM if steps.side_of(work) is Side.PLATFORM else Side.MERCHANT  # whoever tells us his word
    with borrowed(work, HOUSE, RIGHTS):
        order, lines = access_held(work, merchant_id, order_id)
        if order.state in (OrderState.UNPAID, OrderState.CLOSED) or wish.kind is CaseKind.RETURN:
            raise errors.NotNow
        held = _open(work, order, lines, wish, side, any_reason=True)
        event = steps.move(work, held, CaseState.REFUNDING, CaseStep.GRANTED, note=words, side=side)
        ordering.tell(work, order, Happening.CASE, held.case.number)
        steps.tell(work, held.case, event)
        return held.case.id


def _open(
    work: Work, order: Order, lines: list[OrderLine], wish: Wish, origin: Side, *, any_reason: bool = False
) -> Held:
    """The rows of a new case in ASKED, blocked and counted. The order is held."""
    rooms = rooms_of(work, order, lines)
    quoted = rules.quote(wish.kind, wish.reason, wish.wanted, rooms, amount_fen=wish.amount_fen, any_reason=any_reason)
    if wish.seen_fen is not None and wish.seen_fen != (
        quoted.most_fen if wish.kind is CaseKind.MONEY else quoted.total_fen
    ):
        raise errors.Changed
    case = _case(work, order, lines, quoted, origin)
    items = [
        CaseItem(
            merchant_id=case.merchant_id,
            case_id=case.id,
            line_id=share.line_id,
            person_id=case.person_id,
            pieces=share.pieces,
            goods_fen=share.goods_fen,
            freight_fen=share.freight_fen,
            restocked=0,
        )
        for share in quoted.shares
    ]
    work.session.add_all([case, *items])
    work.session.flush()
    ordering.open_case(work, case.merchant_id, case.order_id)
    held = Held(order, lines, case, sorted(items, key=lambda item: item.line_id))
    if wish.kind is CaseKind.UNSHIPPED:
        steps.block(work, case.merchant_id, case.order_id, held.pieces())
    return held


def _case(work: Work, order: Order, lines: list[OrderLine], quoted: rules.Quote, origin: Side) -> Case:
    names = {line.id: line for line in lines}
    first = names[quoted.shares[0].line_id]
    printed = _printed(work, order)
    return Case(
        merchant_id=order.merchant_id,
        id=new_id(),
        order_id=order.id,
        person_id=order.person_id,
        number=f"{order.number}-{_count(work, order) + 1}",
        order_number=order.number,
        merchant_name=order.merchant_name,
        buyer=masked_name(order.recipient),
        title=first.name,
        picture=first.picture,
        pieces=sum(share.pieces for share in quoted.shares),
        kind=quoted.kind.value,
        state=CaseState.ASKED.value,
        origin=origin.value,
        reason=quoted.reason.value,
        fault=quoted.fault,
        goods_fen=quoted.goods_fen,
        freight_fen=quoted.freight_fen,
        asked_fen=quoted.total_fen,
        offer_fen=None,
        round=1,
        printed=printed,
        return_name="",
        return_phone="",
        return_detail="",
        carrier="",
        tracking="",
        asked_at=work.now(),
        changed_at=work.now(),
        due_at=steps.due_at(work, quoted.kind, CaseState.ASKED, printed=printed),
    )


def _printed(work: Work, order: Order) -> bool:
    query = select(OrderMark.printed_at).where(OrderMark.merchant_id == order.merchant_id)
    return work.session.scalar(query.where(OrderMark.order_id == order.id)) is not None


def _count(work: Work, order: Order, origin: Side | None = None) -> int:
    query = select(func.count()).select_from(Case).where(Case.merchant_id == order.merchant_id)
    if origin is not None:
        query = query.where(Case.origin == origin.value)
    return work.session.scalar(query.where(Case.order_id == order.id)) or 0
