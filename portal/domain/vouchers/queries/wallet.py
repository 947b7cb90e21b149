"""A person's own vouchers: the wallet by tabs, and one voucher with what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, select

from portal.domain.vouchers.models import Redemption, Voucher
from portal.domain.vouchers.queries.offers import Place, places
from portal.domain.vouchers.rules import periods, words
from portal.domain.vouchers.values import Receipt, Scanned, Stage, Terms, VoucherState
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.words import Text
from portal.kernel.work import Work

WALLET_PAGE = 50


@dataclass(frozen=True)
class WalletVoucher:
    """A voucher in its holder's hands. `receipt` says where it was used."""

    id: UUID
    coupon_id: UUID
    terms: Terms
    stage: Stage
    code: str
    qr: Scanned
    valid_from: datetime
    expires_at: datetime
    left: Text
    soon: bool
    receipt: Receipt | None


def wallet(work: Work, stage: Stage, *, after: UUID | None = None) -> list[WalletVoucher]:
    """The person's vouchers of one tab: usable ones (waiting too) by their end, the others latest first."""
    work.require(Permission.VOUCHER_VIEW)
    query = _mine(work).where(_stage(work.now()) == stage.value).limit(WALLET_PAGE)
    if stage is Stage.USABLE:
        query = query.order_by(Voucher.expires_at, Voucher.id)
    else:
        query = query.order_by(Voucher.id.desc())
    if after is not None and stage is not Stage.USABLE:
        query = query.where(Voucher.id < after)
    return [_voucher(work, row) for row in work.session.execute(query)]


def wallet_counts(work: Work) -> dict[Stage, int]:
    """How many vouchers lie in each tab."""
    work.require(Permission.VOUCHER_VIEW)
    tab = _stage(work.now()).label("tab")
    rows = work.session.execute(
        select(tab, func.count()).select_from(Voucher).where(Voucher.holder_id == work.person_id).group_by(tab)
    )
    found = {Stage(stage): number for stage, number in rows}
    return {stage: found.get(stage, 0) for stage in (Stage.USABLE, Stage.USED, Stage.EXPIRED)}


def wallet_voucher(work: Work, voucher_id: UUID) -> tuple[WalletVoucher, tuple[Place, ...]]:
    """One of the person's vouchers and the stores that accept it. Raises NotFound for anybody else's."""
    work.require(Permission.VOUCHER_VIEW)
    row = work.session.execute(_mine(work).where(Voucher.id == voucher_id)).one_or_none()
    if row is None:
        raise NotFound
    return _voucher(work, row), places(work, row.Voucher.merchant_id, row.Voucher.coupon_id)


def _mine(work: Work) -> Any:
    in_force = and_(
        Redemption.merchant_id == Voucher.merchant_id,
        Redemption.voucher_id == Voucher.id,
        Redemption.holder_id == work.person_id,
        Redemption.undone_at.is_(None),
    )
    return (
        select(Voucher, Redemption.receipt).outerjoin(Redemption, in_force).where(Voucher.holder_id == work.person_id)
    )


def _stage(now: datetime) -> ColumnElement[str]:
    """The tab of a voucher in SQL; what waits lies with the usable ones."""
    return case(
        (Voucher.state == VoucherState.USED.value, Stage.USED.value),
        (Voucher.expires_at <= now, Stage.EXPIRED.value),
        else_=Stage.USABLE.value,
    )


def _voucher(work: Work, row: Any) -> WalletVoucher:
    voucher: Voucher = row.Voucher
    now = work.now()
    return WalletVoucher(
        id=voucher.id,
        coupon_id=voucher.coupon_id,
        terms=Terms.from_json(voucher.terms),
        stage=periods.stage(now, VoucherState(voucher.state), voucher.valid_from, voucher.expires_at),
        code=voucher.code,
        qr=Scanned(voucher.merchant_id, voucher.secret),
        valid_from=voucher.valid_from,
        expires_at=voucher.expires_at,
        left=words.left(now, voucher.expires_at),
        soon=words.is_soon(now, voucher.expires_at),
        receipt=Receipt.from_json(row.receipt) if row.receipt else None,
    )
