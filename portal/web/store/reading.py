"""One code, whatever it is: a voucher, a pass, a booking, a pick-up. What a QR code is of stands in it; twelve digits
are looked for in turn. Each feature's counter page says here how its own are looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from portal.domain.vouchers.errors import PickupUnknown, VoucherUnknown
from portal.domain.vouchers.values import CodeKind, Presented, Scanned
from portal.kernel.refusals import Refusal
from portal.kernel.work import Work
from portal.web.pages import Answer

Looker = Callable[[Work, UUID, Presented, str], Answer]
_LOOKERS: dict[CodeKind, tuple[Looker, type[Refusal]]] = {}


def looks(kind: CodeKind, unknown: type[Refusal]) -> Callable[[Looker], Looker]:
    """Say how codes of this kind are looked at; `unknown` is raised when this merchant has none behind the code."""

    def keep(looker: Looker) -> Looker:
        _LOOKERS[kind] = (looker, unknown)
        return looker

    return keep


def look(work: Work, store: UUID, presented: Presented, typed: str) -> Answer:
    """The page of what the code is. Refuses a code that nothing here has, and what stands against using it."""
    if isinstance(presented, Scanned):
        known = _LOOKERS.get(presented.kind)
        if known is None:
            raise PickupUnknown
        return known[0](work, store, presented, typed)
    for looker, unknown in _LOOKERS.values():
        try:
            return looker(work, store, presented, typed)
        except unknown:
            continue
    raise VoucherUnknown
