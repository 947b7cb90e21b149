"""Holders are told when their voucher was used, and when that was taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.domain.messages.actions import notify
from portal.domain.vouchers.events import VoucherRedeemed, VoucherUndone
from portal.kernel.words import say
from portal.kernel.work import Work


def tell_redeemed(work: Work, event: VoucherRedeemed) -> None:
    """The voucher was used in a store."""
    text = say(
        "您的券“%(title)s”已在%(store)s核销。不是您本人用的？请马上联系门店。", title=event.title, store=event.store
    )
    notify(work, person_id=event.holder_id, kind="voucher.redeemed", text=text, link=f"/wallet/{event.voucher_id}")


def tell_undone(work: Work, event: VoucherUndone) -> None:
    """The voucher is its holder's again."""
    text = say("%(store)s撤销了“%(title)s”的核销，券已退回您的券包。", title=event.title, store=event.store)
    notify(work, person_id=event.holder_id, kind="voucher.undone", text=text, link=f"/wallet/{event.voucher_id}")


REACTIONS: tuple[tuple[type, Callable[[Any, Any], None]], ...] = (
    (VoucherRedeemed, tell_redeemed),
    (VoucherUndone, tell_undone),
)
