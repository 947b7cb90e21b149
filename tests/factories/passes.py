"""Passes: what a merchant sells, and one that somebody has bought and paid."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from portal.domain.passes import actions, queries
from portal.domain.passes.models import Pass
from portal.domain.passes.queries import PassShown
from portal.domain.passes.values import KindDraft
from portal.domain.payments import actions as payments
from portal.domain.sandbox.values import MERCHANT_NO
from portal.domain.vouchers.rules import codes
from portal.domain.vouchers.values import CodeKind, Scanned
from portal.kernel.permissions import Permission
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.factories.payments import Payments
from tests.factories.persons import MadePerson
from tests.factories.tenants import MadeMerchant

TEN = KindDraft("补水护理 10 次卡", "提前一天预约", 10, 1280_00, 1680_00, 365, True, True, 0, frozenset())


@dataclass(frozen=True)
class MadePass:
    """A pass a test knows: its code as the QR and as digits."""

    id: UUID
    merchant_id: UUID
    payment_id: UUID
    qr: str
    digits: str


class Passes(Payments):
    """Makers of passes."""

    def pass_kind(self, merchant: MadeMerchant, *, on_sale: bool = True, **changes: object) -> UUID:
        """Ten uses for ¥1280."""
        with self.work(Face.OFFICE, merchant=merchant.id, kind=ActorKind.STAFF) as work:
            kind = actions.draft(work, replace(TEN, **changes))  # type: ignore[arg-type]
            if on_sale:
                actions.put_on_sale(work, kind)
            return kind

    def pass_unpaid(self, person: MadePerson, kind: UUID) -> MadePass:
        """Bought and not paid."""
        with self.work(Face.PERSON, person=person.id, kind=ActorKind.PERSON) as work:
            shown = queries.kind(work, kind, may=Permission.PASS_BUY)
            pass_id, payment = actions.buy(work, kind, shown_fen=shown.price_fen)
        return self._made_pass(pass_id, payment)

    def _made_pass(self, pass_id: UUID, payment: UUID) -> MadePass:
        with self.work(Face.JOB) as work:
            row = work.session.query(Pass).filter(Pass.id == pass_id).one()
            key = codes.signing_key(self.services.settings.secret_key)
            text = codes.write(Scanned(row.merchant_id, row.secret, CodeKind.PASS), key)
            return MadePass(row.id, row.merchant_id, payment, text, row.code)

    def pass_paid(self, made: MadePass, person: MadePerson) -> None:
        """The provider has the money."""
        with self.work(Face.PERSON, person=person.id, kind=ActorKind.PERSON) as work:
            attempt = payments.begin(work, made.payment_id, provider="sandbox", merchant_no=MERCHANT_NO)
        with self.work(Face.JOB) as work:
            price = work.session.query(Pass.price_fen).filter(Pass.id == made.id).scalar()
        self.told(self.paid_fact(attempt, price))

    def bought_pass(self, person: MadePerson, kind: UUID) -> MadePass:
        """Bought and paid."""
        made = self.pass_unpaid(person, kind)
        self.pass_paid(made, person)
        return made

    def pass_of(self, pass_id: UUID, merchant_id: UUID) -> PassShown:
        """How it stands, with its log."""
        with self.work(Face.OFFICE, merchant=merchant_id) as work:
            return queries.sold_one(work, pass_id)
