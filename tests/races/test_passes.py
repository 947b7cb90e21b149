"""The last use at counters and beside bookings; a use and a refund at once; takers of one link; one's share.

Controls: without the lock on the pass the keys of the uses let nobody through twice; without these a use is made.
"""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.domain.commissions import actions as commissions
from portal.domain.commissions.actions import sales
from portal.domain.commissions.errors import NotSoldHere
from portal.domain.commissions.values import Kind, RuleDraft, Turn
from portal.domain.ledger import actions as ledger
from portal.domain.passes import actions, errors
from portal.domain.passes.actions import ending, sharing, using
from portal.domain.passes.models import Pass
from portal.domain.passes.values import GiftKind
from portal.domain.vouchers.values import Digits
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from portal.localdb.bootstrap import connect
from tests.factories.passes import MadePass
from tests.factories.persons import MadePerson
from tests.factories.stores import MadeStore
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World
from tests.races.gates import gate_at, outcomes, together

MANY = 10
AT_COUNTER = "passes.counter.checked"


class Shop:
    """A store with a clerk, a client with a pass."""

    def __init__(self, world: World, uses: int) -> None:
        self.world, self.client = world, world.person()
        self.merchant: MadeMerchant = world.merchant()
        self.store = world.store(self.merchant).id
        self.clerk = world.staff(self.merchant)
        kind = world.pass_kind(self.merchant, uses=uses, price_fen=uses * 100_00, worth_fen=0)
        self.made: MadePass = world.bought_pass(self.client, kind)

    def use(self) -> UUID:
        """One counter."""
        with self.world.at_counter(self.merchant, self.clerk) as work:
            return actions.use_at_counter(work, code=Digits(self.made.digits), store_id=self.store)

    def hold(self) -> UUID:
        """A booking."""
        facts = {"merchant_id": self.merchant.id, "pass_id": self.made.id, "person_id": self.client.id}
        with self.world.work(Face.JOB) as work:
            return actions.hold_use(work, **facts, service_id=uuid4(), booking_id=uuid4())

    def refund(self, fen: int) -> int:
        """The client takes back what he sees."""
        with self.world.work(Face.PERSON, person=self.client.id, kind=ActorKind.PERSON) as work:
            return actions.refund_mine(work, self.made.id, shown_fen=fen)

    def proved(self) -> Any:
        """The counters, once the books are proved."""
        with self.world.work(Face.JOB) as work:
            assert ledger.prove(work).differences == 0
        return self.world.pass_of(self.made.id, self.merchant.id).line


def unlocked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pass is read without its lock."""

    def read(work: Any, merchant_id: UUID, pass_id: UUID) -> Pass:
        query = select(Pass).where(Pass.merchant_id == merchant_id, Pass.id == pass_id)
        return work.session.scalars(query).one()  # type: ignore[no-any-return]

    for module in (using, ending, sharing, sales):
        monkeypatch.setattr(module, "access_held", read)


def race(shop: Shop, admin_url: str, acts: list[Any], *, at_gate: int) -> tuple[list[Any], list[BaseException]]:
    """All of them inside the window between check and write, as far as the lock lets them."""
    with gate_at(AT_COUNTER, admin_url) as gate:
        running = together(acts)
        seen = gate.wait_for(at_gate, len(acts) - at_gate)
        gate.open()
        result = outcomes(running)
    assert seen[0] == at_gate, seen
    return result


def test_two_counters_and_bookings_at_the_last_use(wide: World, admin_url: str) -> None:
    shop = Shop(wide, uses=1)
    done, raised = race(shop, admin_url, [shop.use] * MANY, at_gate=1)
    assert len(done) == 1
    assert {type(one) for one in raised} == {errors.NothingLeft}
    assert shop.proved().tally.used == 1
    other = Shop(wide, uses=3)
    done, raised = outcomes(together([other.use, other.hold] * 5))
    assert (len(done), len(raised)) == (3, 7)
    tally = other.proved().tally
    assert tally.used + tally.held == 3


def test_a_use_and_a_refund_at_once(wide: World) -> None:
    """Whoever is first: what was used is not refunded, what was refunded is not used."""
    for _round in range(3):
        shop = Shop(wide, uses=2)
        done, _raised = outcomes(together([shop.use, lambda shop=shop: shop.refund(200_00)] * 4))
        line = shop.proved()
        assert line.earned_fen + line.refunded_fen == line.tally.price_fen - line.left * 100_00
        assert (line.tally.used == 0) == (line.refunded_fen == 200_00)
        assert done


def test_control_without_the_lock_the_pass_refuses_by_itself(
    wide: World, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten read "one left"; the same use cannot be written twice."""
    shop = Shop(wide, uses=1)
    unlocked(monkeypatch)
    done, raised = race(shop, admin_url, [shop.use] * MANY, at_gate=MANY)
    print(f"control without lock: {len(done)} used, {len(raised)} refused below")
    assert len(done) == 1
    assert IntegrityError in {type(one) for one in raised} or len(raised) == MANY - 1


def test_control_without_lock_and_keys_a_use_is_made(
    wide: World, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop(wide, uses=1)
    unlocked(monkeypatch)
    with connect(admin_url) as admin:
        admin.execute("ALTER TABLE pass_uses DROP CONSTRAINT uq_pass_uses_merchant_id_pass_id_nth")
    done, _raised = race(shop, admin_url, [shop.use] * MANY, at_gate=MANY)
    print(f"control without lock and keys: {len(done)} of {MANY} used a pass of one")
    assert len(done) > 1


@pytest.mark.parametrize("control", [False, True])
def test_two_managers_who_credit_its_sale(
    wide: World, admin_url: str, monkeypatch: pytest.MonkeyPatch, control: bool
) -> None:
    """One technician sold it; without lock and key both did."""
    shop = Shop(wide, uses=1)
    store = MadeStore(shop.store, shop.merchant.id, "")
    people = [wide.resource(store, name=name).id for name in ("黄嘉怡", "何小雨")]
    with wide.work(Face.OFFICE, merchant=shop.merchant.id) as work:
        commissions.add_rule(work, RuleDraft(Kind.CARD_SALE, None, None, Turn.ANY, 1_000, None))
    if control:
        unlocked(monkeypatch)
        with connect(admin_url) as admin:
            admin.execute("DROP INDEX uq_commission_entries_sale")

    def credit(who: UUID) -> None:
        with wide.work(Face.OFFICE, merchant=shop.merchant.id) as work:
            commissions.credit_sale(work, shop.made.id, who)

    with gate_at("commissions.sale.checked", admin_url) as gate:
        running = together([partial(credit, who) for who in people])
        gate.wait_for(2 if control else 1, 0 if control else 1)
        gate.open()
        done, raised = outcomes(running)
    assert (len(done), [type(one) for one in raised]) == ((2, []) if control else (1, [NotSoldHere]))


def test_one_link_has_one_taker(wide: World) -> None:
    shop = Shop(wide, uses=2)
    friends: list[MadePerson] = [wide.person() for _ in range(8)]
    with wide.work(Face.PERSON, person=shop.client.id, kind=ActorKind.PERSON) as work:
        token = actions.offer(work, shop.made.id, GiftKind.TRANSFER)

    def take(friend: MadePerson) -> UUID:
        with wide.work(Face.PERSON, person=friend.id, kind=ActorKind.PERSON) as work:
            return actions.take(work, token)

    done, raised = outcomes(together([lambda one=one: take(one) for one in friends]))
    assert len(done) == 1
    assert {type(one) for one in raised} == {errors.GiftGone}


def test_nobody_buys_more_than_his_share(wide: World) -> None:
    shop = Shop(wide, uses=2)
    kind = wide.pass_kind(shop.merchant, per_person=2, price_fen=10_00, worth_fen=0)

    def buy() -> tuple[UUID, UUID]:
        with wide.work(Face.PERSON, person=shop.client.id, kind=ActorKind.PERSON) as work:
            return actions.buy(work, kind, shown_fen=10_00)

    done, raised = outcomes(together([buy] * 6))
    assert len(done) == 2
    assert {type(one) for one in raised} == {errors.PassLimit}
