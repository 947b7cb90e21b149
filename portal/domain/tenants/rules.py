"""Who may have which role where, and how a phone is recognised without being kept; pure."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final
from uuid import UUID

from portal.domain.tenants.values import (
    KINDS_WITH_STORES,
    MERCHANT_MOVES,
    ROLES_OF_KIND,
    InvitationState,
    Kind,
    MerchantState,
)
from portal.kernel.permissions import Role
from portal.kernel.refusals import Conflict, Refusal
from portal.kernel.words import say

_SALT: Final = b"jieshi/invitations/1"
WHOLE_MERCHANT: Final = frozenset({Role.OWNER, Role.FINANCE, Role.SHIPPER})
"""Roles that always cover the whole merchant."""


def phone_digest(phone: str) -> bytes:
    """A digest of 11 digits, slow on purpose: all numbers there are would take years to try."""
    return hashlib.scrypt(phone.encode(), salt=_SALT, n=2**14, r=8, p=1, dklen=32)


def check_role(kind: Kind, role: Role) -> None:
    """Refuse a role this kind of merchant does not have."""
    if role not in ROLES_OF_KIND[kind]:
        raise Refusal(say("这类商家没有这个角色。"), field="role")


def check_cover(kind: Kind, role: Role, store_ids: frozenset[UUID] | None, known: frozenset[UUID]) -> None:
    """Refuse stores that are not the merchant's, none at all, or a part for a role of the whole merchant."""
    if store_ids is None:
        return
    if kind not in KINDS_WITH_STORES or role in WHOLE_MERCHANT:
        raise Refusal(say("这个角色管整个商家，不能只选部分门店。"), field="store_ids")
    if not store_ids:
        raise Refusal(say("请至少选一家门店，或者选“所有门店”。"), field="store_ids")
    if not store_ids <= known:
        raise Refusal(say("选中的门店里有不属于本商家的，请重新选择。"), field="store_ids")


def state_now(state: str, expires_at: datetime, now: datetime) -> InvitationState:
    """The state of an invitation; one that was not answered in time has expired."""
    kept = InvitationState(state)
    return InvitationState.EXPIRED if kept is InvitationState.PENDING and expires_at <= now else kept


def check_move(old: MerchantState, new: MerchantState) -> None:
    """Refuse a change of state that does not exist."""
    if new in MERCHANT_MOVES[old]:
        return
    sentences = {
        MerchantState.ACTIVE: say("这家商家正常营业中，不需要恢复。"),
        MerchantState.SUSPENDED: say("这家商家已经是暂停状态。"),
        MerchantState.CLOSED: say("这家商家已经关闭，不能再变更。"),
    }
    raise Conflict(sentences[old])
