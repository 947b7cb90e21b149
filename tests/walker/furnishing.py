"""What the makers put into a town: coupons and vouchers, applications at every stage, invitations, letters."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from portal.domain.catalogue import actions as catalogue
from portal.domain.catalogue.queries import brands
from portal.domain.catalogue.queries.pricing import moves
from portal.domain.catalogue.rules.markup import Ending, Rule, parse_times
from portal.domain.identity.actions import consents, factors
from portal.domain.identity.models import Referral
from portal.domain.identity.values import ConsentKind
from portal.domain.ledger import actions as ledger
from portal.domain.ledger.values import Business
from portal.domain.reference.actions import announcements, categories, parameters
from portal.domain.reference.values import Audience, Purpose
from portal.domain.regions import actions as regions
from portal.domain.regions.values import Level, RegionName
from portal.domain.stores import actions as stores
from portal.domain.stores.values import Picture
from portal.domain.tenants.values import KINDS_WITH_STORES, Kind
from portal.jobs.timetable import close_days, prove_ledger
from portal.kernel.database import new_id
from portal.kernel.permissions import Role
from portal.kernel.pictures import read_picture
from portal.kernel.scope import Face
from portal.kernel.words import say
from portal.kernel.work import ActorKind
from tests.factories.onboarding import photo
from tests.factories.persons import MadePerson
from tests.factories.world import World
from tests.walker import (
    asking,
    bills,
    bookings,
    buying,
    calendar,
    crew,
    floor,
    flows,
    kitchen,
    listing,
    menus,
    parcels,
    passes,
    paying,
    paying_out,
    sending,
    settling,
    tables,
)
from tests.walker.town import FURNISHERS, Town


def vouchers(world: World, town: Town) -> None:
    """Every merchant with stores gives a coupon away; the consumer holds two of it and has used one."""
    consumer = town.actors["consumer"].person
    assert consumer is not None
    for kind in sorted(KINDS_WITH_STORES):
        merchant = town.merchants[kind]
        store, clerk = town.stores[merchant.id][0], town.actors[f"{kind.value}.clerk"].person
        assert clerk is not None
        world.coupon(merchant, store, publish=False, title=f"{town.letter} 镇还没发的券")
        coupon = world.coupon(merchant, store, title=f"{town.letter} 镇满减券", per_person=3, note="不与其他优惠同用")
        world.redeemed(merchant, clerk, store, world.collected(coupon, consumer))
        world.collected(coupon, consumer)


def onboarding(world: World, town: Town) -> None:
    """Applications: a draft, one that waits, one that was asked for more; legal data and a change; invitations."""
    consumer, reviewer = town.actors["consumer"].person, town.actors[Role.PLATFORM_REVIEWER.value].person
    assert consumer is not None
    assert reviewer is not None
    world.ask(world.submitted(Kind.REGION, person=consumer), reviewer, name="请与执照一致")
    world.draft(Kind.ALLIANCE, person=consumer)
    world.submitted(Kind.BRAND, person=consumer)
    for kind, merchant in town.merchants.items():
        owner = town.actors[f"{kind.value}.owner"].person
        assert owner is not None
        world.profile(merchant)
        world.change(merchant, owner, address=f"{town.letter} 镇新街 8 号")
        world.invited(merchant, owner, f"15400{next(world.numbers):06d}", Role.MANAGER)
    brand = town.merchants[Kind.BRAND]
    inviter = town.actors["brand.owner"].person
    assert inviter is not None
    world.invited(brand, inviter, consumer.phone, Role.CLERK, frozenset({town.stores[brand.id][0].id}))


def people(world: World, town: Town) -> None:
    """The consumer has a password, addresses, letters and a link; the neighbour an authenticator and a consent."""
    consumer, neighbour = town.actors["consumer"].person, town.actors["neighbour"].person
    assert consumer is not None
    assert neighbour is not None
    world.password(consumer)
    world.address(consumer, detail=f"{town.letter} 镇体育路 8 号")
    world.address(consumer, detail=f"{town.letter} 镇鸿福路 9 号", is_default=False)
    world.letter(consumer, say(f"{town.letter} 镇的店有新券。"))
    world.referral_link(consumer)
    world.authenticator(neighbour)
    with world.work(Face.PERSON, person=neighbour.id, kind=ActorKind.PERSON) as work:
        consents.give(work, ConsentKind.MARKETING)
    mover = town.actors["mover"].person
    assert mover is not None
    with world.work(Face.PERSON, person=mover.id, kind=ActorKind.PERSON) as work:
        factors.start_setup(work, world.services.seal)
    brought(world, town, consumer, neighbour)


def brought(world: World, town: Town, referrer: MadePerson, contesting: MadePerson) -> None:
    """The consumer brought the neighbour, who says it was not so."""
    with world.work(Face.GATE) as work:
        work.session.add(
            Referral(
                person_id=contesting.id,
                token=f"{town.letter}-token",
                referrer_person_id=referrer.id,
                shown_name="陈**",
                bound_at=work.now(),
                state="contested",
                contested_at=work.now(),
                contest_reason=f"{town.letter} 镇的人我不认识",
            )
        )


def pictures(world: World, town: Town) -> None:
    """Every store on the street has two pictures with real files."""
    put = world.services.pictures.put
    for merchant in (town.merchants[kind] for kind in sorted(KINDS_WITH_STORES)):
        for store in town.stores[merchant.id]:
            drawn = [read_picture(photo((90, 60 * number, 40)), field="pictures") for number in (1, 2)]
            kept = [
                Picture(
                    *(put(file.content, file.suffix) for file in (one.full, one.wide, one.small)),
                    one.full.width,
                    one.full.height,
                    one.colour,
                )
                for one in drawn
            ]
            with world.work(Face.OFFICE, merchant=merchant.id) as work:
                stores.add_pictures(work, store.id, pictures=kept)


def goods(world: World, town: Town) -> None:
    """Two merchants have goods in every state, a version and a price that wait, prices by a rule, a hold."""
    with world.work(Face.PLATFORM) as work:
        brand = brands(work)[0].id
    for kind in (Kind.SUPPLIER, Kind.BRAND):
        merchant = town.merchants[kind]
        draft = replace(world.product_draft(f"{town.letter} 镇腊肠"), brand_id=brand)
        on_sale = world.product(merchant, draft=draft)
        world.product(merchant, f"{town.letter} 镇草稿", on_sale=False, submit=False)
        world.product(merchant, f"{town.letter} 镇待审", on_sale=False)
        off = world.product(merchant, f"{town.letter} 镇下架")
        world.reserve(on_sale, 2)
        rule = Rule(parse_times("1.4"), Ending.NINETY)
        with world.work(Face.PLATFORM, person=world.person().id, kind=ActorKind.PLATFORM) as work:
            catalogue.apply_rule(work, on_sale.skus[:1], rule, seen=moves(work, on_sale.skus[:1], rule).mark)
        with world.work(Face.OFFICE, merchant=merchant.id) as work:
            catalogue.take_off(work, [off.id])
            catalogue.ask(work, on_sale.skus[0], supply_fen=4000, suggested_fen=5000, note=f"{town.letter} 镇涨价")
            catalogue.ask(work, on_sale.skus[1], supply_fen=6500, suggested_fen=9180)


DIVISIONS = (
    RegionName("44", "广东省", Level.PROVINCE, None),
    RegionName("4419", "东莞市", Level.CITY, "44"),
    RegionName("441900", "东莞市", Level.AREA, "4419"),
    RegionName("441900004", "南城街道", Level.STREET, "441900"),
    RegionName("441900107", "石排镇", Level.STREET, "441900"),
)


def ground(world: World) -> None:
    """What both towns stand on: divisions, a hidden category, a coming parameter, announcements out and not yet out."""
    with world.work(Face.JOB) as work:
        regions.load(work, DIVISIONS)
    words = {"title": "停机通知", "body": "今晚 2 点维护", "title_en": "", "body_en": "", "audience": Audience.OFFICES}
    founder = world.person()
    with world.work(Face.PLATFORM, person=founder.id, kind=ActorKind.PLATFORM) as work:
        catalogue.add_brand(work, name="莞味", name_en="Guanwei")
        catalogue.show_brand(work, catalogue.add_brand(work, name="老字号"), shown=False)
        old = categories.add(work, purpose=Purpose.STORES, parent_id=None, name="老行当", name_en="Old trades")
        categories.hide(work, old)
        tomorrow = work.now() + timedelta(days=1)
        parameters.set_value(work, "undo_minutes", value=30, effective_at=tomorrow, note="试行")
        announcements.draft(work, **words, until=tomorrow)
        announcements.publish(work, announcements.draft(work, **words, until=tomorrow))


def money(world: World, town: Town) -> None:
    """Every merchant earned something the other day, holds a part and owes a little; one payment was given back; the
    day is closed. Each town has a day of its own: a sealed one takes no more.
    """
    back = 2 if town.letter == "A" else 1
    world.clock.advance(days=-back)
    for merchant in town.merchants.values():
        mine = world.earned(merchant.id, 9_700 + len(merchant.name), margin=311)
        world.owing(merchant.id, 127)
        with world.work(Face.OFFICE, merchant=merchant.id) as work:
            business = Business("withdrawal", new_id())
            ledger.hold(work, account=mine, amount=1_900, key=f"town/{business.id}", business=business)
    _escrow, journal = world.captured(4_400)
    with world.work(Face.JOB) as work:
        payment, business = journal.transfers[0].id, journal.business
        ledger.reverse(work, transfer_id=payment, amount=4_100, key=f"town/{payment}", business=business)
    world.clock.advance(days=1)
    close_days(world.services)
    world.clock.advance(days=back - 1)
    prove_ledger(world.services)


FURNISHERS += [
    money,
    pictures,
    calendar.hours,
    goods,
    sending.freight,
    vouchers,
    onboarding,
    people,
    listing.lists,
    buying.bought,
    parcels.sent,
    asking.cases,
    buying.cart,
    flows.begin,
    tables.sitting,
    paying.begin,
    paying_out.begin,
    settling.begin,
    passes.furnish,
    menus.furnish,
    floor.furnish,
    kitchen.furnish,
    crew.board,
    bookings.furnish,
    bills.furnish,
]
