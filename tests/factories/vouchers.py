"""Coupons on offer and vouchers in wallets, made by the portal's own acts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.domain.tenants.models import Membership
from portal.domain.vouchers import actions
from portal.domain.vouchers.models import Voucher
from portal.domain.vouchers.rules import codes
from portal.domain.vouchers.values import EVERY_DAY, CouponDraft, CouponKind, Digits, Scanned, Worth
from portal.kernel.permissions import ROLES, Role
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Actor, ActorKind, Work, open_work
from tests.factories.base import Maker
from tests.factories.persons import MadePerson
from tests.factories.stores import MadeStore
from tests.factories.tenants import MadeMerchant

JULY = (date(2026, 7, 1), date(2026, 7, 31))
FIVE_OFF_THIRTY = Worth(CouponKind.AMOUNT, amount_fen=500, threshold_fen=3000)


@dataclass(frozen=True)
class MadeVoucher:
    """A voucher a test knows; `qr` is the text of its QR code."""

    id: UUID
    merchant_id: UUID
    coupon_id: UUID
    code: str
    secret: bytes
    qr: str

    @property
    def digits(self) -> Digits:
        """As typed."""
        return Digits(self.code)

    @property
    def scanned(self) -> Scanned:
        """As scanned."""
        return Scanned(self.merchant_id, self.secret)


def a_draft(stores: tuple[UUID, ...] = (), **changes: object) -> CouponDraft:
    """A draft that passes every check, unless a change breaks it."""
    facts: dict[str, object] = {
        "title": "满 30 减 5",
        "worth": FIVE_OFF_THIRTY,
        "collect_from": JULY[0],
        "collect_until": JULY[1],
        "valid_from": JULY[0],
        "valid_until": JULY[1],
        "valid_days": None,
        "weekdays": EVERY_DAY,
        "total": 100,
        "per_person": 1,
        "note": "不与其他优惠同用",
        "store_ids": frozenset(stores),
    }
    return CouponDraft(**{**facts, **changes})  # type: ignore[arg-type]


class Vouchers(Maker):
    """Makers of coupons and vouchers."""

    def coupon(self, merchant: MadeMerchant, *stores: MadeStore, publish: bool = True, **changes: object) -> UUID:
        """A coupon accepted at `stores`, on offer in July 2026 unless `publish` is False."""
        with self.work(Face.OFFICE, merchant=merchant.id) as work:
            coupon_id = actions.create(work, draft=a_draft(tuple(store.id for store in stores), **changes))
            if publish:
                actions.publish(work, coupon_id)
        return coupon_id

    def collected(self, coupon_id: UUID, person: MadePerson) -> MadeVoucher:
        """The person collects the coupon."""
        with self.work(Face.PERSON, person=person.id) as work:
            voucher_id = actions.collect(work, coupon_id)
            row = work.session.execute(select(Voucher).where(Voucher.id == voucher_id)).scalar_one()
            key = codes.signing_key(self.services.settings.secret_key)
            text = codes.write(Scanned(row.merchant_id, row.secret), key)
            return MadeVoucher(row.id, row.merchant_id, row.coupon_id, row.code, row.secret, text)

    @contextmanager
    def at_counter(self, merchant: MadeMerchant, person: MadePerson, *, role: Role = Role.CLERK) -> Iterator[Work]:
        """A Work of a member of staff, with the rights of `role` in all of the merchant's stores."""
        with self.work(Face.OFFICE, merchant=merchant.id) as work:
            mine = select(Membership.id).where(Membership.person_id == person.id)
            membership_id = work.session.execute(mine).scalar_one()
        actor = Actor(ActorKind.STAFF, person.id, membership_id)
        scope = Scope(Face.OFFICE, merchant_id=merchant.id)
        with open_work(
            self.engine, scope=scope, actor=actor, clock=self.clock, permissions=ROLES[role], request_id="test"
        ) as work:
            yield work

    def redeemed(self, merchant: MadeMerchant, clerk: MadePerson, store: MadeStore, voucher: MadeVoucher) -> UUID:
        """The clerk redeems the voucher at the store."""
        with self.at_counter(merchant, clerk) as work:
            return actions.redeem(work, code=voucher.digits, store_id=store.id)
