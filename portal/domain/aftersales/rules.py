"""How much of a line may go back, in pieces and whole fen: pure, from frozen figures and what other cases took.

A piece costs its unit price. Freight follows the pieces in cumulative shares, so that however the pieces are asked for,
their freight adds up to what was paid. What has not left and what has left are two purses: a refund for goods that
were sent never eats the money of pieces that can still be cancelled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.domain.aftersales import errors
from portal.domain.aftersales.values import FAULTS, REASONS, CaseKind, Reason
from portal.domain.ordering.values import OrderState
from portal.kernel.money import Fen, allocate


@dataclass(frozen=True)
class Taken:
    """What living cases have taken or asked of a line: freight of cancelled pieces; pieces, goods and freight of what
    had left.
    """

    cancel_freight_fen: int = 0
    return_pieces: int = 0
    goods_fen: int = 0
    freight_fen: int = 0


@dataclass(frozen=True)
class LineFacts:
    """A line's frozen figures and counters."""

    id: UUID
    quantity: int
    unit_fen: int
    freight_fen: int
    shipped: int
    cancelled: int
    blocked: int
    returnable: bool

    @property
    def to_ship(self) -> int:
        """Pieces that may still be cancelled."""
        return self.quantity - self.shipped - self.cancelled - self.blocked


@dataclass(frozen=True)
class Room:
    """What may still be asked of a line."""

    line: LineFacts
    taken: Taken

    @property
    def to_cancel(self) -> int:
        """Pieces that have not left."""
        return self.line.to_ship

    @property
    def to_return(self) -> int:
        """Pieces that left and that nobody sends back."""
        return max(0, self.line.shipped - self.taken.return_pieces)

    @property
    def goods_fen(self) -> int:
        """The most for goods that left."""
        return max(0, self.line.unit_fen * self.line.shipped - self.taken.goods_fen)

    @property
    def _sent_freight(self) -> int:
        """The freight of the pieces that left: what the others leave of it."""
        return self.line.freight_fen - self._share(self.line.quantity - self.line.shipped)

    @property
    def freight_fen(self) -> int:
        """The most of the freight of goods that left."""
        return max(0, min(self._sent_freight - self.taken.freight_fen, self._left))

    @property
    def _left(self) -> int:
        return self.line.freight_fen - self.taken.cancel_freight_fen - self.taken.freight_fen

    def can_come_back(self, pieces: int) -> bool:
        """Whether so many pieces may be said not to have left after all: no case took anything for them as sent."""
        line, taken = self.line, self.taken
        left = line.shipped - pieces
        freight = line.freight_fen - self._share(line.quantity - left)
        return taken.return_pieces <= left and taken.goods_fen <= line.unit_fen * left and taken.freight_fen <= freight

    def _share(self, pieces: int) -> int:
        return self.line.freight_fen * pieces // self.line.quantity

    def cancelled(self, pieces: int) -> tuple[int, int]:
        """Goods and freight that go back with so many pieces that have not left."""
        gone = self.line.cancelled + self.line.blocked + pieces
        freight = self._share(gone) - self.taken.cancel_freight_fen
        return self.line.unit_fen * pieces, max(0, min(freight, self._left))

    def returned(self, pieces: int, *, fault: bool) -> tuple[int, int]:
        """Goods and freight that go back with so many pieces that had left; freight only for the merchant's fault."""
        goods = min(self.line.unit_fen * pieces, self.goods_fen)
        if not fault or not self.line.shipped:
            return goods, 0
        whole, gone = self._sent_freight, self.taken.return_pieces + pieces
        freight = min(
            whole * gone // self.line.shipped - self.taken.freight_fen, -(-whole * pieces // self.line.shipped)
        )
        return goods, max(0, min(freight, self.freight_fen))


@dataclass(frozen=True)
class Share:
    """What goes back of one line."""

    line_id: UUID
    pieces: int
    goods_fen: int
    freight_fen: int


@dataclass(frozen=True)
class Quote:
    """What would go back, and the most there is for these lines; `fault`: the merchant bears the freight."""

    kind: CaseKind
    reason: Reason
    shares: tuple[Share, ...]
    most_fen: int

    @property
    def goods_fen(self) -> int:
        """For goods."""
        return sum(one.goods_fen for one in self.shares)

    @property
    def freight_fen(self) -> int:
        """Of the freight that was paid."""
        return sum(one.freight_fen for one in self.shares)

    @property
    def total_fen(self) -> int:
        """Together."""
        return self.goods_fen + self.freight_fen

    @property
    def fault(self) -> bool:
        """Whether the reason lies with the merchant."""
        return self.reason in FAULTS


def quote(
    kind: CaseKind,
    reason: Reason,
    wanted: Mapping[UUID, int],
    rooms: Mapping[UUID, Room],
    *,
    amount_fen: int | None = None,
    any_reason: bool = False,
) -> Quote:
    """What goes back for these pieces (of MONEY: for these lines, `amount_fen` or the most).

    Refuses lines that are not there, more pieces or more money than there are, nothing at all, a reason that does not
    fit, and 无理由 for what cannot be returned so. `any_reason`: the merchant grants it himself.
    """
    if not any_reason and reason not in REASONS[kind]:
        raise errors.WrongReason
    if not wanted:
        raise errors.NothingAsked
    if any(line_id not in rooms or pieces <= 0 for line_id, pieces in wanted.items()):
        raise errors.NoSuchPieces
    chosen = {line_id: (rooms[line_id], pieces) for line_id, pieces in wanted.items()}
    if reason is Reason.NO_REASON and any(not room.line.returnable for room, _ in chosen.values()):
        raise errors.NotReturnable
    if kind is CaseKind.MONEY:
        return _money(reason, [room for room, _ in chosen.values()], amount_fen)
    shares = tuple(_pieces(kind, reason, room, pieces) for room, pieces in chosen.values())
    whole = Quote(kind, reason, shares, sum(one.goods_fen + one.freight_fen for one in shares))
    if kind is CaseKind.RETURN and amount_fen is not None:
        return lowered(whole, amount_fen)
    return whole


def _pieces(kind: CaseKind, reason: Reason, room: Room, pieces: int) -> Share:
    most = room.to_cancel if kind is CaseKind.UNSHIPPED else room.to_return
    if pieces > most:
        raise errors.TooManyPieces(most)
    if kind is CaseKind.UNSHIPPED:
        return Share(room.line.id, pieces, *room.cancelled(pieces))
    return Share(room.line.id, pieces, *room.returned(pieces, fault=reason in FAULTS))


def _money(reason: Reason, rooms: Sequence[Room], amount_fen: int | None) -> Quote:
    goods = [room.goods_fen for room in rooms]
    freight = [room.freight_fen if reason in FAULTS else 0 for room in rooms]
    most = sum(goods) + sum(freight)
    if not any(room.line.shipped for room in rooms):
        raise errors.NotShipped
    if not most:
        raise errors.NothingLeft
    amount = most if amount_fen is None else amount_fen
    if not 0 < amount <= most:
        raise errors.TooMuch(most)
    return Quote(CaseKind.MONEY, reason, _spread([room.line.id for room in rooms], goods, freight, amount), most)


def _spread(ids: Sequence[UUID], goods: Sequence[int], freight: Sequence[int], amount: int) -> tuple[Share, ...]:
    """Goods first, then freight; each line in proportion, never more than its own."""
    for_goods = min(amount, sum(goods))
    parts = zip(ids, allocated(for_goods, goods), allocated(amount - for_goods, freight), strict=True)
    return tuple(Share(line_id, 0, part, more) for line_id, part, more in parts)


def allocated(amount: int, most: Sequence[int]) -> list[int]:
    """An amount shared out by what there is; no part is more than that."""
    return [0] * len(most) if not sum(most) else [int(part) for part in allocate(Fen(amount), most)]


def lowered(asked: Quote, amount_fen: int) -> Quote:
    """The same lines and pieces for less money. Refuses nothing and more than was asked."""
    if not 0 < amount_fen <= asked.total_fen:
        raise errors.TooMuch(asked.total_fen)
    ids = [one.line_id for one in asked.shares]
    spread = _spread(
        ids, [one.goods_fen for one in asked.shares], [one.freight_fen for one in asked.shares], amount_fen
    )
    shares = tuple(
        Share(one.line_id, one.pieces, part.goods_fen, part.freight_fen)
        for one, part in zip(asked.shares, spread, strict=True)
    )
    return Quote(asked.kind, asked.reason, shares, asked.most_fen)


def fits(kind: CaseKind, share: Share, room: Room) -> bool:
    """True when what was asked before may still be asked, in pieces and in money."""
    if kind is CaseKind.UNSHIPPED:
        freight = room.cancelled(share.pieces)[1]
        return share.pieces <= room.to_cancel and share.freight_fen <= freight
    pieces = share.pieces <= room.to_return if kind is CaseKind.RETURN else True
    return pieces and share.goods_fen <= room.goods_fen and share.freight_fen <= room.freight_fen


def check_open(state: OrderState, claim_until: datetime | None, now: datetime) -> None:
    """Refuse when a buyer cannot ask about an order in this state, or not any more."""
    if state in (OrderState.UNPAID, OrderState.CLOSED):
        raise errors.NotNow
    if state is OrderState.COMPLETED or (claim_until is not None and claim_until < now):
        raise errors.TooLate


def possible(rooms: Iterable[Room]) -> tuple[CaseKind, ...]:
    """What there is room for."""
    found = list(rooms)
    kinds = {
        CaseKind.UNSHIPPED: any(room.to_cancel for room in found),
        CaseKind.RETURN: any(room.to_return and room.goods_fen for room in found),
        CaseKind.MONEY: any(room.goods_fen or room.freight_fen for room in found),
    }
    return tuple(kind for kind, there in kinds.items() if there)
