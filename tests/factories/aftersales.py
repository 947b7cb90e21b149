"""Cases, asked and answered by the portal's own acts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import select

from portal.domain.aftersales import actions, queries
from portal.domain.aftersales.models import Case
from portal.domain.aftersales.values import CaseKind, CaseShown, Reason
from portal.domain.payments import actions as payments
from portal.domain.payments.values import ReturnState
from portal.kernel.permissions import Permission
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind, Work
from tests.factories.ordering import MadeOrder
from tests.factories.payments import Payments
from tests.factories.persons import MadePerson

REASONS = {
    CaseKind.UNSHIPPED: Reason.NOT_WANTED,
    CaseKind.MONEY: Reason.QUALITY,
    CaseKind.RETURN: Reason.NO_REASON,
}


class Cases(Payments):
    """Makers of cases."""

    @contextmanager
    def buying(self, person: MadePerson) -> Iterator[Work]:
        """A Work of a buyer."""
        with self.work(Face.PERSON, person=person.id, kind=ActorKind.PERSON) as work:
            yield work

    @contextmanager
    def answering(self, merchant_id: UUID) -> Iterator[Work]:
        """A Work of the merchant's people."""
        with self.work(Face.OFFICE, merchant=merchant_id, kind=ActorKind.STAFF) as work:
            yield work

    def case(
        self,
        order: MadeOrder,
        kind: CaseKind,
        *counts: int,
        reason: Reason | None = None,
        amount_fen: int | None = None,
        words: str = "说明",
        pictures: tuple[bytes, ...] = (),
    ) -> UUID:
        """The buyer asks for so many pieces of the first line, of the second, …; of everything when nothing is said."""
        wanted = {line: count for line, count in order.pieces(*(counts or (1,))).items() if count}
        wish = actions.Wish(kind, reason or REASONS[kind], wanted, amount_fen)
        with self.buying(order.person) as work:
            return actions.ask(work, order.id, wish, words=words, storage=self.services.storage, pictures=pictures)

    def case_now(self, case_id: UUID) -> CaseShown:
        """How it stands."""
        with self.work(Face.PLATFORM) as work:
            return queries.case(work, case_id, may=Permission.ORDER_OVERSEE)

    def return_address(self, merchant_id: UUID) -> None:
        """Where returned goods go."""
        with self.answering(merchant_id) as work:
            actions.keep_address(work, name="退货组", phone="0769-12345678", detail="东莞市石排镇庙边王工业区 2 号")

    def agreed(self, order: MadeOrder, case_id: UUID) -> None:
        """The merchant says yes."""
        with self.answering(order.merchant_id) as work:
            actions.agree(work, case_id)

    def refused(self, order: MadeOrder, case_id: UUID) -> None:
        """The merchant says no."""
        with self.answering(order.merchant_id) as work:
            actions.refuse(work, case_id, note="商品完好，不同意。", storage=self.services.storage)

    def sent_back(self, order: MadeOrder, case_id: UUID) -> None:
        """The buyer sends the goods."""
        with self.buying(order.person) as work:
            actions.send(work, case_id, carrier="顺丰速运", tracking=f"SF{next(self.numbers):013d}")

    def came_back(self, order: MadeOrder, case_id: UUID, restock: dict[UUID, int] | None = None) -> None:
        """The merchant has them and is content."""
        with self.answering(order.merchant_id) as work:
            actions.receive(work, case_id, restock=restock or {})

    def money_arrives(self, case_id: UUID) -> None:
        """The provider has made the refund."""
        case = self.case_now(case_id)
        assert case.refund_id is not None
        with self.work(Face.JOB) as work:
            fact = self.refund_fact(case.refund_id, case.total_fen, ReturnState.DONE)
            payments.refund_told(work, fact, provider="sandbox")

    def deadline(self, case_id: UUID) -> bool:
        """The worker looks at one case."""
        with self.work(Face.JOB) as work:
            return actions.pass_deadline(work, case_id)

    def until_due(self, case_id: UUID) -> None:
        """The clock moves to its deadline."""
        due_at = self.case_now(case_id).due_at
        assert due_at is not None
        self.clock.advance(seconds=(due_at - self.clock.now()).total_seconds())

    def cases_of(self, order: MadeOrder) -> list[UUID]:
        """All cases of an order, the first first."""
        with self.work(Face.JOB) as work:
            return list(work.session.scalars(select(Case.id).where(Case.order_id == order.id).order_by(Case.id)))
