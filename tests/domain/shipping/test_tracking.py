"""Where a parcel is: the same whatever the order in which it was said, never back, and told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.adapters.tracking.sandbox import Fate, SandboxTracker, fate_of
from portal.domain.messages.queries import letters as letters_of
from portal.domain.shipping import actions as shipping
from portal.domain.shipping.actions import tracking
from portal.domain.shipping.ports import Report, Track
from portal.domain.shipping.rules.recognising import CARRIERS, OTHER, called, recognise
from portal.domain.shipping.rules.tracking import RANK, is_ours, next_question, standing
from portal.domain.shipping.values import ParcelState, TrackEvent
from portal.jobs.tracking import MOST_SILENCES, ask_carriers
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.factories.catalogue import MadeProduct
from tests.factories.persons import MadePerson
from tests.factories.world import World

S = ParcelState
START = datetime(2026, 7, 4, 4, 0, tzinfo=UTC)
SPOKEN = (S.COLLECTED, S.MOVING, S.DELIVERING, S.DELIVERED, S.TROUBLE, S.RETURNED)
saids = st.lists(
    st.builds(
        lambda minutes, state: TrackEvent(START + timedelta(minutes=minutes), state, "", ""),
        st.integers(0, 9000),
        st.sampled_from(SPOKEN),
    ),
    max_size=12,
    unique_by=lambda one: one.at,
)


@given(saids, st.randoms())
@settings(max_examples=60)
def test_the_order_of_hearing_does_not_matter(said: list[TrackEvent], chance: object) -> None:
    mixed = list(said)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert standing(mixed) == standing(said) == standing(mixed + said)


@given(saids)
@settings(max_examples=60)
def test_it_never_goes_back(said: list[TrackEvent]) -> None:
    furthest = 0
    for at in range(len(said) + 1):
        now = standing(said[:at])
        moves = [RANK[one.state] for one in said[:at] if one.state is not S.TROUBLE]
        if now.state is S.TROUBLE:
            assert max(moves, default=0) < RANK[S.DELIVERED]
            continue
        assert RANK[now.state] == max(moves, default=0)
        assert RANK[now.state] >= furthest
        furthest = RANK[now.state]


def test_trouble_shows_while_it_is_the_last_word() -> None:
    def at(hour: int, state: ParcelState) -> TrackEvent:
        return TrackEvent(START + timedelta(hours=hour), state, "", "")

    way = [at(1, S.COLLECTED), at(9, S.MOVING), at(12, S.TROUBLE)]
    assert standing(way).state is S.TROUBLE
    assert standing([*way, at(13, S.MOVING)]).state is S.MOVING
    assert standing([*way, at(14, S.DELIVERED)]).state is S.DELIVERED
    assert standing([*way, at(14, S.DELIVERED), at(15, S.MOVING), at(16, S.TROUBLE)]).state is S.DELIVERED
    assert standing([*way, at(14, S.DELIVERED), at(20, S.RETURNED)]).state is S.RETURNED
    assert standing([]).state is S.SENT


def test_what_is_not_of_this_parcel() -> None:
    now = START + timedelta(days=3)
    for days, ours in ((-90, False), (-1, True), (2, True), (30, False)):
        assert is_ours(START + timedelta(days=days), sent_at=START, now=now) is ours
    assert next_question(S.DELIVERED, sent_at=START, now=now) is None
    assert next_question(S.MOVING, sent_at=START, now=START + timedelta(days=60)) is None
    assert next_question(S.DELIVERING, sent_at=START, now=now) == now + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("number", "carriers"),
    [
        ("SF1234567890123", ("sf",)),
        ("JDVA12345678901", ("jd",)),
        ("JD0123456789012-1-1-", ("jd",)),
        ("78123456789012", ("zto",)),
        ("YT1234567890123", ("yto",)),
        ("777123456789012", ("sto",)),
        ("431234567890123", ("yunda",)),
        ("JT1234567890123", ("jt",)),
        ("DPK123456789012", ("deppon",)),
        ("EA123456785CN", ("ems",)),
        ("EA123456789CN", ()),
        ("9712345678901", ("yunda", "post", OTHER)),
        ("612345678901", ("zto", "sto", "sf", OTHER)),
        ("99", ()),
    ],
)
def test_numbers_name_their_carrier_or_several(number: str, carriers: tuple[str, ...]) -> None:
    assert recognise(number) == carriers


def test_carriers_have_their_codes() -> None:
    assert len({one.kuaidi100 for one in CARRIERS}) == len(CARRIERS)
    for one in CARRIERS:
        assert called(str(one.name)) == one.code
        if one.code != OTHER:
            assert called(one.kuaidi100) == called(one.kdniao) == one.code


@given(st.text(alphabet="SFJDYT0123456789ECNK-", max_size=24))
@settings(max_examples=80)
def test_one_carrier_only_when_the_shape_is_its_own(number: str) -> None:
    found = recognise(number)
    assert len(found) != 1 or found[0] != OTHER
    assert len(found) == len(set(found))
    assert (OTHER in found) == (len(found) > 1)


def with_fate(fate: Fate, carrier: str = "SF", after: int = 0) -> str:
    numbers = (f"{carrier}{9_000_000_000_000 + at}" for at in range(after, after + 3000))
    return next(one for one in numbers if fate_of(one) is fate)


def moved(world: World, hours: float) -> int:
    world.clock.advance(hours=hours)
    return ask_carriers(world.services)


def letters(world: World, person: MadePerson) -> list[str]:
    with world.work(Face.PERSON, person=person.id) as work:
        return [one.kind for one in letters_of(work).rows if one.kind.startswith("parcel.")]


def test_a_parcel_is_followed_to_the_door(world: World, goods: MadeProduct, buyer: MadePerson) -> None:
    order = world.order(buyer, (goods, 1))
    parcel = world.parcel(order, number=with_fate(Fate.ARRIVES))
    assert letters(world, buyer) == ["parcel.sent"]
    assert moved(world, 0) == 1
    assert world.parcels(order)[0].state is S.SENT
    assert ask_carriers(world.services) == 0, "not asked again at once"
    seen = []
    for _ in range(20):
        moved(world, 3.5)
        seen.append(world.parcels(order)[0].state)
    assert list(dict.fromkeys(seen)) == [S.COLLECTED, S.MOVING, S.DELIVERING, S.DELIVERED]
    shown = world.parcels(order)[0]
    assert len(shown.events) == 8
    assert [one.at for one in shown.events] == sorted((one.at for one in shown.events), reverse=True)
    assert shown.collected_at is not None
    assert shown.delivered_at is not None
    assert "东莞市" in shown.events[0].place
    assert sorted(letters(world, buyer)) == ["parcel.delivered", "parcel.delivering", "parcel.sent"]
    assert moved(world, 24) == 0, "nothing more to learn"
    assert shown.id == parcel


FATES = {Fate.LATE: S.DELIVERED, Fate.STUCK: S.DELIVERED, Fate.REFUSED: S.RETURNED, Fate.UNKNOWN: S.SENT}


def test_other_fates(world: World, goods: MadeProduct, buyer: MadePerson) -> None:
    orders = {fate: world.order(buyer, (goods, 1)) for fate in FATES}
    for fate, order in orders.items():
        world.parcel(order, number=with_fate(fate))
    for _ in range(18):
        moved(world, 10)
    assert {fate: world.parcels(order)[0].state for fate, order in orders.items()} == FATES


def test_who_does_not_answer_is_not_asked_about_every_parcel(
    world: World, goods: MadeProduct, buyer: MadePerson
) -> None:
    for at in range(MOST_SILENCES + 2):
        world.parcel(world.order(buyer, (goods, 1)), number=with_fate(Fate.ARRIVES, after=at * 3000))
    deaf = replace(world.services, tracker=SandboxTracker(world.clock, out=lambda: True))
    assert ask_carriers(deaf) == MOST_SILENCES
    assert moved(world, 1) == MOST_SILENCES + 2, "all of them are asked about later"


def test_silence_and_corrections_do_no_harm(world: World, goods: MadeProduct, buyer: MadePerson) -> None:
    order, wrong, right = world.order(buyer, (goods, 1)), with_fate(Fate.ARRIVES), with_fate(Fate.LATE)
    parcel = world.parcel(order, number=wrong)
    deaf = replace(world.services, tracker=SandboxTracker(world.clock, out=lambda: True))
    assert ask_carriers(deaf) == 1
    assert ask_carriers(world.services) == 0
    world.clock.advance(minutes=16)
    with world.work(Face.JOB) as work:
        (errand,) = tracking.due(work)
    with world.work(Face.OFFICE, merchant=goods.merchant_id, kind=ActorKind.STAFF) as work:
        shipping.correct(work, parcel, number=right)
    told = Track((Report("1", world.clock.now(), S.DELIVERED, "已签收"),))
    with world.work(Face.JOB) as work:
        assert tracking.store(work, errand, told) == 0, "an answer about the former number"
        (again,) = tracking.due(work)
        assert again.sought.number == right
        assert tracking.store(work, again, told) == 1
        assert tracking.store(work, again, told) == 0
        assert tracking.store(work, again, Track((Report("2", world.clock.now(), S.MOVING, "补扫"),))) == 1
    shown = world.parcels(order)[0]
    assert (shown.state, len(shown.events)) == (S.DELIVERED, 2)
    assert letters(world, buyer).count("parcel.delivered") == 1


def test_a_former_life_of_a_number_is_not_shown(world: World, goods: MadeProduct, buyer: MadePerson) -> None:
    order = world.order(buyer, (goods, 1))
    world.parcel(order)
    with world.work(Face.JOB) as work:
        (errand,) = tracking.due(work)
        old = Track((Report("1", world.clock.now() - timedelta(days=200), S.DELIVERED, "已签收"),))
        assert tracking.store(work, errand, old) == 0
    assert world.parcels(order)[0].state is S.SENT


def test_two_workers_share_the_questions(world: World, goods: MadeProduct, buyer: MadePerson) -> None:
    for _ in range(3):
        world.parcel(world.order(buyer, (goods, 1)))
    with world.work(Face.JOB) as one, world.work(Face.JOB) as two:
        assert (len(tracking.due(one)), len(tracking.due(two))) == (3, 0)
