"""Held, consumed, given back, undone, shared, handed on: what a pass allows and what it refuses."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from portal.domain.ledger import actions as ledger
from portal.domain.ledger.access import access_balance
from portal.domain.ledger.values import HOUSE, AccountKind, AccountRef
from portal.domain.passes import actions, errors, queries
from portal.domain.passes.queries import PassShown
from portal.domain.passes.values import GiftKind, Happening, PassState, UseState
from portal.domain.vouchers.rules import codes
from portal.domain.vouchers.values import CodeKind, Digits, Scanned
from portal.jobs import passes as jobs
from portal.kernel.permissions import Role
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind, Work
from tests.factories.passes import MadePass
from tests.factories.persons import MadePerson
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World

FACIAL = uuid4()


@dataclass
class Salon:
    """A merchant with a store and a clerk, a client with a pass of ten uses."""

    world: World
    merchant: MadeMerchant
    store: UUID
    clerk: MadePerson
    client: MadePerson
    kind: UUID
    made: MadePass

    def now(self) -> PassShown:
        """The pass as it stands."""
        return self.world.pass_of(self.made.id, self.merchant.id)

    def hold(self, person: MadePerson | None = None, service: UUID = FACIAL, **more: object) -> UUID:
        """A booking holds one use."""
        who = (person or self.client).id
        with self.world.work(Face.JOB) as work:
            return actions.hold_use(
                work,
                merchant_id=self.merchant.id,
                pass_id=self.made.id,
                person_id=who,
                service_id=service,
                booking_id=uuid4(),
                **more,  # type: ignore[arg-type]
            )


@pytest.fixture
def salon(world: World) -> Salon:
    merchant = world.merchant()
    store = world.store(merchant)
    client = world.person()
    kind = world.pass_kind(merchant, service_ids=frozenset({FACIAL}))
    made = world.bought_pass(client, kind)
    return Salon(world, merchant, store.id, world.staff(merchant, Role.CLERK), client, kind, made)


def test_a_booking_holds_a_use_and_arrival_consumes_it(salon: Salon) -> None:
    world = salon.world
    first, second = salon.hold(), salon.hold()
    with world.work(Face.PERSON, person=salon.client.id, kind=ActorKind.PERSON) as work:
        (left,) = queries.usable(work, salon.client.id, salon.merchant.id, FACIAL)
        assert queries.usable(work, salon.client.id, salon.merchant.id, uuid4()) == ()
    assert left.left == 8
    with world.work(Face.JOB) as work:
        assert actions.use(work, first) == actions.use(work, first) == 128_00
        actions.give_back(work, second)
        actions.give_back(work, second)
        with pytest.raises(errors.UseMoved):
            actions.use(work, second)
        with pytest.raises(errors.UseMoved):
            actions.give_back(work, first)
    shown = salon.now()
    assert (shown.line.tally.used, shown.line.tally.held, shown.line.left) == (1, 0, 9)
    assert [line.kind for line in reversed(shown.log)] == [
        *(Happening.BOUGHT, Happening.PAID, Happening.HELD, Happening.HELD, Happening.USED, Happening.RETURNED),
    ]


def test_what_cannot_pay(salon: Salon) -> None:
    with pytest.raises(errors.NotYours):
        salon.hold(salon.world.person())
    with pytest.raises(errors.WrongService):
        salon.hold(service=uuid4())
    with pytest.raises(errors.PassExpired):
        salon.hold(at=salon.world.clock.now() + timedelta(days=366))
    for _ in range(10):
        salon.hold()
    with pytest.raises(errors.NothingLeft, match="10 次"):
        salon.hold()
    unpaid = salon.world.pass_unpaid(salon.client, salon.kind)
    salon.made = unpaid
    with pytest.raises(errors.NotPaid):
        salon.hold()


def test_what_is_unused_goes_back_within_seven_days_and_what_is_held_does_not(salon: Salon) -> None:
    world = salon.world
    with world.work(Face.JOB) as work:
        actions.use(work, salon.hold())
    kept = salon.hold()
    with as_person(world, salon.client) as work, pytest.raises(errors.RefundMoved):
        actions.refund_mine(work, salon.made.id, shown_fen=1152_00)
    with as_person(world, salon.client) as work:
        assert actions.refund_mine(work, salon.made.id, shown_fen=1024_00) == 1024_00
    shown = salon.now()
    assert (shown.line.state, shown.line.left, shown.line.tally.back) == (PassState.ACTIVE, 0, 8)
    with world.work(Face.JOB) as work:
        actions.use(work, kept)
        assert access_balance(work, AccountRef(AccountKind.ESCROW, HOUSE, subject_id=salon.made.id)) == 0
        net = 256_00 - 256_00 * 3 // 100
        assert access_balance(work, AccountRef(AccountKind.AVAILABLE, salon.merchant.id)) == net
    with world.work(Face.JOB) as work:
        assert ledger.prove(work).differences == 0
    assert salon.now().line.state is PassState.SPENT


def test_later_only_the_merchant_gives_back(salon: Salon) -> None:
    world = salon.world
    world.clock.advance(days=7, seconds=1)
    with as_person(world, salon.client) as work, pytest.raises(errors.RefundTooLate):
        actions.refund_mine(work, salon.made.id, shown_fen=1280_00)
    with world.work(Face.OFFICE, merchant=salon.merchant.id, kind=ActorKind.STAFF) as work:
        actions.refund(work, salon.made.id, shown_fen=1280_00, reason="搬家了")
    assert salon.now().line.state is PassState.REFUNDED
    other = world.merchant()
    with world.work(Face.OFFICE, merchant=other.id, kind=ActorKind.STAFF) as work, pytest.raises(NotFound):
        actions.refund(work, salon.made.id, shown_fen=1280_00, reason="别家的")


def test_it_lapses_at_the_end_of_its_last_day_but_not_what_a_booking_holds(salon: Salon) -> None:
    world = salon.world
    held = salon.hold()
    world.clock.advance(days=365, hours=11)  # noon and eleven hours: 23:00 of the last day
    assert jobs.expire(world.services) == 0
    world.clock.advance(hours=1)
    assert jobs.expire(world.services) == 1
    shown = salon.now()
    assert (shown.line.tally.lapsed, shown.line.tally.held, shown.line.earned_fen) == (9, 1, 1152_00)
    with world.work(Face.JOB) as work:
        actions.give_back(work, held)
        assert access_balance(work, AccountRef(AccountKind.ESCROW, HOUSE, subject_id=salon.made.id)) == 0
    assert salon.now().line.state is PassState.EXPIRED


def test_the_merchant_gives_it_more_time(salon: Salon) -> None:
    with salon.world.work(Face.OFFICE, merchant=salon.merchant.id, kind=ActorKind.STAFF) as work:
        actions.extend(work, salon.made.id, days=30)
    salon.world.clock.advance(days=380)
    assert jobs.expire(salon.world.services) == 0
    salon.hold()


def test_at_the_counter_by_digits_and_by_picture(salon: Salon) -> None:
    world = salon.world
    key = codes.signing_key(world.services.settings.secret_key)
    scanned = codes.read(salon.made.qr, key, salon.merchant.id)
    assert isinstance(scanned, Scanned)
    assert scanned.kind is CodeKind.PASS
    for presented in (Digits(salon.made.digits), scanned):
        with world.at_counter(salon.merchant, salon.clerk) as work:
            assert queries.look(work, presented, salon.store).line.id == salon.made.id
            made = actions.use_at_counter(work, code=presented, store_id=salon.store)
    with world.at_counter(salon.merchant, salon.clerk) as work:
        actions.undo(work, made, store_id=salon.store)
        with pytest.raises(errors.UseMoved):
            actions.undo(work, made, store_id=salon.store)
        with pytest.raises(errors.PassUnknown):
            queries.look(work, Digits("999999999999"), salon.store)
    shown = salon.now()
    assert (shown.line.left, shown.line.earned_fen) == (9, 128_00)
    assert {use.state for use in shown.uses} == {UseState.USED, UseState.UNDONE}
    world.clock.advance(minutes=61)
    (used,) = [use.id for use in shown.uses if use.state is UseState.USED]
    with world.at_counter(salon.merchant, salon.clerk) as work, pytest.raises(errors.UndoTooLate):
        actions.undo(work, used, store_id=salon.store)


def test_handed_on_it_belongs_to_the_other_one_alone(salon: Salon) -> None:
    world, friend, stranger = salon.world, salon.world.person(), salon.world.person()
    with as_person(world, salon.client) as work:
        lost = actions.offer(work, salon.made.id, GiftKind.TRANSFER)
        token = actions.offer(work, salon.made.id, GiftKind.TRANSFER)
        with pytest.raises(errors.OwnGift):
            actions.take(work, token)
    with as_person(world, stranger) as work:
        for wrong in (lost, "guessed", ""):
            with pytest.raises(errors.GiftGone):
                actions.take(work, wrong)
        with pytest.raises(NotFound):
            actions.offer(work, salon.made.id, GiftKind.SHARE)
    with as_person(world, friend) as work:
        assert queries.gift_shown(work, token).line.left == 10
        assert actions.take(work, token) == salon.made.id
        assert queries.one(work, salon.made.id).code != salon.made.digits
    with as_person(world, stranger) as work, pytest.raises(errors.GiftGone):
        actions.take(work, token)
    with as_person(world, salon.client) as work:
        with pytest.raises(NotFound):
            queries.one(work, salon.made.id)
        assert queries.mine(work) == ()
    with pytest.raises(errors.NotYours):
        salon.hold()
    with as_person(world, friend) as work, pytest.raises(errors.Transferred):
        actions.refund_mine(work, salon.made.id, shown_fen=1280_00)
    salon.hold(friend)


def test_shared_it_is_used_by_both_until_the_share_ends(salon: Salon) -> None:
    world, friend = salon.world, salon.world.person()
    with as_person(world, salon.client) as work:
        token = actions.offer(work, salon.made.id, GiftKind.SHARE)
    with as_person(world, friend) as work:
        actions.take(work, token)
        assert [line.id for line in queries.mine(work)] == [salon.made.id]
        with pytest.raises(NotFound):
            actions.refund_mine(work, salon.made.id, shown_fen=1280_00)
    salon.hold(friend)
    with as_person(world, salon.client) as work:
        actions.unshare(work, salon.made.id, friend.id)
    with pytest.raises(errors.NotYours):
        salon.hold(friend)
    desk = world.work(Face.OFFICE, merchant=salon.merchant.id, kind=ActorKind.STAFF)
    with desk as work, pytest.raises(errors.PassUnknown):  # the picture he took of it
        actions.use_at_counter(work, code=Digits(salon.made.digits), store_id=salon.store)


def test_what_one_may_buy(salon: Salon) -> None:
    world = salon.world
    limited = world.pass_kind(salon.merchant, per_person=1, price_fen=99_00, worth_fen=0)
    draft = world.pass_kind(salon.merchant, on_sale=False)
    world.bought_pass(salon.client, limited)
    wrong = ((limited, 99_00, errors.PassLimit), (salon.kind, 1, errors.PriceMoved), (draft, 1280_00, NotFound))
    for kind, fen, error in wrong:
        with as_person(world, salon.client) as work, pytest.raises(error):
            actions.buy(work, kind, shown_fen=fen)
    with world.work(Face.OFFICE, merchant=salon.merchant.id, kind=ActorKind.STAFF) as work:
        actions.stop(work, salon.kind)
        with pytest.raises(Refusal):
            actions.stop(work, salon.kind)
    with as_person(world, salon.client) as work, pytest.raises(errors.NotOnSale):
        actions.buy(work, salon.kind, shown_fen=1280_00)


def as_person(world: World, person: MadePerson) -> AbstractContextManager[Work]:
    """A consumer's Work."""
    return world.work(Face.PERSON, person=person.id, kind=ActorKind.PERSON)
