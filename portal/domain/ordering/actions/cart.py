"""What a person does with his cart: put in, change, choose, take out and put back. His rows, written with his face.

Acts on one cart take turns, so that two windows cannot bring it past its limit. What a thing costs is never taken from
a page: it is read from the card of the street when it is put in, and again at each look.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Text, and_, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from portal.domain.catalogue.models import ProductCard, SkuCard
from portal.domain.ordering import errors
from portal.domain.ordering.access import access_order
from portal.domain.ordering.models import CartItem, OrderLine
from portal.domain.ordering.queries.cart import UNDO_FOR, available
from portal.domain.ordering.values import MOST_CART_LINES, MOST_PIECES
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.scope import fixed
from portal.kernel.words import say
from portal.kernel.work import Work

BUY = Permission.ORDER_BUY
_BULK: dict[str, Any] = {"synchronize_session": False}


def add(work: Work, *, product_id: UUID, sku_id: UUID, quantity: int = 1, alone: bool = False) -> None:
    """Put so many pieces in, beside those that are there, and choose them. `alone` means "buy now": exactly so many,
    and nothing else chosen. Refuses what is not on sale, more than there are, and a full cart.
    """
    work.require(BUY)
    _check_pieces(quantity)
    sku, card = _on_sale(work, product_id, sku_id)
    take_turns(work)
    there = 0 if alone else _pieces_in(work, sku_id)
    left = available(work, [(sku.merchant_id, sku_id)]).get((sku.merchant_id, sku_id), 0)
    if there + quantity > left:
        raise errors.OnlyLeft(card.name, left)
    _check_pieces(there + quantity)
    if alone:
        _choose(work, CartItem.sku_id != sku_id, chosen=False)
    _put(work, sku, card, there + quantity)
    total = select(func.count()).select_from(CartItem).where(*_mine(work), CartItem.removed_at.is_(None))
    if work.session.execute(total).scalar_one() > MOST_CART_LINES:
        raise errors.CartFull(MOST_CART_LINES)


def _check_pieces(quantity: int) -> None:
    if not 1 <= quantity <= MOST_PIECES:
        raise Refusal(say("数量请填 1 到 %(most)s。", most=MOST_PIECES), field="quantity")


def _on_sale(work: Work, product_id: UUID, sku_id: UUID) -> tuple[SkuCard, ProductCard]:
    same = and_(ProductCard.merchant_id == SkuCard.merchant_id, ProductCard.product_id == SkuCard.product_id)
    query = select(SkuCard, ProductCard).join(ProductCard, same)
    row = work.session.execute(query.where(SkuCard.product_id == product_id, SkuCard.sku_id == sku_id)).one_or_none()
    if row is None:
        raise errors.NotOnSale
    return row.SkuCard, row.ProductCard


def _pieces_in(work: Work, sku_id: UUID) -> int:
    query = select(CartItem.quantity).where(*_mine(work), CartItem.sku_id == sku_id, CartItem.removed_at.is_(None))
    found: int | None = work.session.execute(query).scalar()
    return 0 if found is None else found


def _put(work: Work, sku: SkuCard, card: ProductCard, quantity: int) -> None:
    values = {
        "merchant_name": card.merchant_name,
        "name": card.name,
        "choice": " / ".join(sku.choice),
        "picture": card.pictures[0]["small"] if card.pictures else "",
        "quantity": quantity,
        "chosen": True,
        "seen_fen": sku.sale_fen,
        "added_at": work.now(),
        "removed_at": None,
    }
    new = insert(CartItem).values(
        person_id=work.person_id, sku_id=sku.sku_id, merchant_id=sku.merchant_id, product_id=sku.product_id, **values
    )
    keys = [CartItem.person_id, CartItem.sku_id]
    work.session.execute(new.on_conflict_do_update(index_elements=keys, set_=values), execution_options=_BULK)


def arrange(work: Work, *, quantities: Mapping[UUID, int], chosen: Collection[UUID]) -> None:
    """The whole cart as a page sends it: how many of each, and exactly which are chosen. What is not in the cart any
    more is passed over; more pieces than there are stay and are told as such.
    """
    work.require(BUY)
    for quantity in quantities.values():
        _check_pieces(quantity)
    take_turns(work)
    query = select(CartItem.sku_id, CartItem.quantity, CartItem.chosen).where(*_mine(work))
    for sku_id, quantity, was in work.session.execute(query.where(CartItem.removed_at.is_(None))).all():
        wanted, choose = quantities.get(sku_id, quantity), sku_id in chosen
        if (wanted, choose) != (quantity, was):
            change = update(CartItem).where(*_mine(work), CartItem.sku_id == sku_id)
            work.session.execute(change.values(quantity=wanted, chosen=choose), execution_options=_BULK)


def remove(work: Work, sku_ids: Collection[UUID]) -> int:
    """Take these out; how many. It may be undone for a while, until the next removal."""
    work.require(BUY)
    take_turns(work)
    return _remove(work, sku_ids)


def _remove(work: Work, sku_ids: Collection[UUID]) -> int:
    forget = delete(CartItem).where(*_mine(work), CartItem.removed_at.is_not(None))
    work.session.execute(forget, execution_options=_BULK)
    gone = update(CartItem).where(*_mine(work), CartItem.sku_id.in_(list(sku_ids)))
    found = work.session.execute(
        gone.values(removed_at=work.now()).returning(CartItem.sku_id), execution_options=_BULK
    ).scalars()
    return len(found.all())


def remove_gone(work: Work) -> int:
    """Take out all that cannot be bought any more: off sale or sold out; how many."""
    work.require(BUY)
    take_turns(work)
    card = and_(SkuCard.merchant_id == CartItem.merchant_id, SkuCard.sku_id == CartItem.sku_id)
    query = select(CartItem.merchant_id, CartItem.sku_id, SkuCard.sku_id).outerjoin(SkuCard, card)
    rows: list[Any] = list(work.session.execute(query.where(*_mine(work), CartItem.removed_at.is_(None))))
    left = available(work, [(row[0], row[1]) for row in rows])
    gone = [row[1] for row in rows if row[2] is None or left.get((row[0], row[1]), 0) <= 0]
    return _remove(work, gone) if gone else 0


def put_back(work: Work) -> int:
    """Undo the last removal; how many came back, none when it is too late."""
    work.require(BUY)
    take_turns(work)
    back = update(CartItem).where(*_mine(work), CartItem.removed_at > work.now() - UNDO_FOR)
    found = work.session.execute(
        back.values(removed_at=None).returning(CartItem.sku_id), execution_options=_BULK
    ).scalars()
    return len(found.all())


def accept_prices(work: Work) -> None:
    """The person has seen today's prices: from here on only newer changes are told."""
    work.require(BUY)
    take_turns(work)
    price = select(SkuCard.sale_fen).where(
        SkuCard.merchant_id == CartItem.merchant_id, SkuCard.sku_id == CartItem.sku_id
    )
    known = func.coalesce(price.scalar_subquery(), CartItem.seen_fen)
    work.session.execute(update(CartItem).where(*_mine(work)).values(seen_fen=known), execution_options=_BULK)


def _choose(work: Work, which: Any, *, chosen: bool) -> None:
    work.session.execute(update(CartItem).where(*_mine(work), which).values(chosen=chosen), execution_options=_BULK)


def _mine(work: Work) -> tuple[Any, ...]:
    return (CartItem.person_id == work.person_id,)


_TURN: Final = fixed(select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("turn", type_=Text), 0))))


def take_turns(work: Work) -> None:
    """Another window of the same person waits until this act has committed."""
    work.session.execute(_TURN, {"turn": f"cart/{work.person_id}"})


def add_again(work: Work, order_id: UUID) -> list[str]:
    """Put what an earlier order of his held into the cart; the names of what cannot be had any more."""
    access_order(work, order_id, may=BUY)
    query = select(OrderLine).where(OrderLine.order_id == order_id, OrderLine.person_id == work.person_id)
    missing = []
    for line in work.session.scalars(query.order_by(OrderLine.nth)).all():
        try:
            add(work, product_id=line.product_id, sku_id=line.sku_id, quantity=line.quantity)
        except (errors.NotOnSale, errors.OnlyLeft):
            missing.append(line.name)
    return missing
