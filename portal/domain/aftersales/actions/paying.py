"""The money and the goods of a decided case: counted in the order, taken back from who got it, given to the buyer.

Once for each case: the refund's key is the case. The ledger moves now; the provider follows and may take its time.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from portal.domain.aftersales import errors
from portal.domain.aftersales.access import Held
from portal.domain.aftersales.values import CaseKind, Side
from portal.domain.catalogue import actions as catalogue
from portal.domain.catalogue.values import Wanted
from portal.domain.ordering import actions as ordering
from portal.domain.ordering.models import Checkout
from portal.domain.ordering.values import Happening
from portal.domain.payments import actions as payments
from portal.domain.settlement import actions as settlement
from portal.kernel import faults
from portal.kernel.figures import say_yuan
from portal.kernel.work import Work


def pay_back(work: Work, held: Held) -> None:
    """Give back what the case's lines say; its pieces are not blocked any more.

    Refuses a merchant who gives away of his own accord more than he has: that would be the platform's money.
    """
    case = held.case
    faults.point(work, "aftersales.pay.checked")
    unshipped, came_back = case.kind == CaseKind.UNSHIPPED, case.kind == CaseKind.RETURN
    for item in held.items:
        of = (case.merchant_id, case.order_id, item.line_id)
        given = settlement.give_back(work, *of, item.goods_fen, item.freight_fen)
        if given.shortfall_fen and case.origin == Side.MERCHANT:
            raise errors.NotCovered
        ordering.write_back(
            work,
            case.merchant_id,
            item.line_id,
            cancelled=item.pieces if unshipped else 0,
            returned=item.pieces if came_back else 0,
            goods_fen=item.goods_fen,
            freight_fen=item.freight_fen,
        )
    if unshipped:
        put_back(work, held, held.pieces())
    amount = case.goods_fen + case.freight_fen
    if amount:
        case.refund_id = payments.refund(
            work, _intent(work, held), subject_id=case.order_id, amount_fen=amount, key=case.id
        )
    ordering.tell(work, held.order, Happening.REFUNDED, say_yuan(amount))


def put_back(work: Work, held: Held, pieces: Mapping[UUID, int]) -> None:
    """Pieces return into stock."""
    skus = {line.id: line.sku_id for line in held.lines}
    wanted = [Wanted(held.case.merchant_id, skus[line_id], count) for line_id, count in pieces.items() if count]
    if wanted:
        catalogue.put_back(work, business_id=held.case.order_id, wanted=wanted)


def _intent(work: Work, held: Held) -> UUID:
    """The payment of the checkout this order was paid with."""
    query = select(Checkout.intent_id).where(
        Checkout.person_id == held.order.person_id, Checkout.id == held.order.checkout_id
    )
    found = work.session.scalars(query).one()
    if found is None:
        raise RuntimeError("an order that was paid has a payment")
    return found
