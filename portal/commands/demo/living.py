"""What happens in the town: coupons given away, collected and redeemed, an application that waits, a notice.

The past is played with the clock set back, so that every figure on every page has rows behind it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from portal.commands.demo import founding
from portal.commands.demo.casting import Cast
from portal.commands.demo.founding import Founded, Maps
from portal.domain.onboarding.actions import applications, reviews
from portal.domain.onboarding.queries import applications as onboarding
from portal.domain.reference.actions import announcements
from portal.domain.reference.values import Audience
from portal.domain.tenants.actions import invitations
from portal.domain.tenants.queries import staff as tenants
from portal.domain.vouchers import actions as vouchers
from portal.domain.vouchers import queries as vouchers_of
from portal.domain.vouchers.values import EVERY_DAY, CouponDraft, CouponKind, UndoReason, Worth
from portal.kernel.permissions import Role
from portal.kernel.refusals import Refusal
from portal.kernel.spoken import local_day

PUBLISHED = timedelta(days=12)
APPLICANT = "15400000021"


def fill_with_life(cast: Cast, town: dict[str, Any], founded: Founded) -> None:
    """Play the last days of the town, once."""
    with cast.person(APPLICANT) as work:
        if onboarding.mine(work):
            return
    given = [_give(cast, founded, coupon) for coupon in town["coupons"]]
    held = list(_collect(cast, town, given))
    _redeem(cast, founded, held)
    _apply_and_wait(cast, founding.maps(cast))
    _invite(cast, founded)
    _announce(cast)


def _give(cast: Cast, founded: Founded, coupon: dict[str, Any]) -> tuple[UUID, dict[str, Any]]:
    """Publish one coupon twelve days ago; its id."""
    merchant = coupon["merchant"]
    owner, merchant_id = founded.owners[merchant], founded.merchants[merchant]
    accepting = (
        [store_id for name, store_id in founded.stores.items() if name.partition("·")[0] == merchant]
        if coupon["stores"] == "all"
        else [founded.stores[name] for name in coupon["stores"]]
    )
    first, last = local_day(cast.now - PUBLISHED), local_day(cast.now) + timedelta(days=coupon["days"])
    draft = CouponDraft(
        title=coupon["title"],
        worth=Worth(
            kind=CouponKind.AMOUNT if "amount" in coupon else CouponKind.DISCOUNT,
            amount_fen=coupon.get("amount"),
            pay_percent=coupon.get("tenths"),
            max_discount_fen=coupon.get("max_discount"),
            threshold_fen=coupon.get("threshold", 0),
        ),
        collect_from=first,
        collect_until=last,
        valid_from=first,
        valid_until=last,
        valid_days=None,
        weekdays=sum(1 << (day - 1) for day in coupon["weekdays"]) if "weekdays" in coupon else EVERY_DAY,
        total=coupon["total"],
        per_person=coupon["per_person"],
        note=coupon.get("note", ""),
        store_ids=frozenset(accepting),
    )
    with cast.staff(owner, merchant_id, Role.OWNER, ago=PUBLISHED) as work:
        coupon_id = vouchers.create(work, draft=draft)
        vouchers.publish(work, coupon_id)
    return coupon_id, coupon


def _collect(cast: Cast, town: dict[str, Any], given: list[tuple[UUID, dict[str, Any]]]) -> Iterator[tuple[str, UUID]]:
    """Most people take a few coupons; (phone, voucher) of each."""
    dice = random.Random(20260704)  # noqa: S311 - a repeatable town, nothing secret
    for person in town["people"]:
        for coupon_id, coupon in given:
            if dice.random() > coupon.get("liked", 0.55) and person["phone"] != "15400000001":
                continue
            with cast.person(
                person["phone"], ago=timedelta(days=dice.randint(1, 10), minutes=dice.randint(0, 600))
            ) as work:
                yield person["phone"], vouchers.collect(work, coupon_id)


def _redeem(cast: Cast, founded: Founded, held: list[tuple[str, UUID]]) -> None:
    """Two in five vouchers were used at a counter within the last days; one of them was taken back."""
    dice = random.Random(20260705)  # noqa: S311 - as above
    names = {store_id: name for name, store_id in founded.stores.items()}
    taken_back = False
    for phone, voucher_id in held:
        if dice.random() > 0.4 or phone == "15400000001":
            continue
        with cast.person(phone) as work:
            voucher, places = vouchers_of.wallet_voucher(work, voucher_id)
        store_id = dice.choice(places).store_id
        merchant = names[store_id].partition("·")[0]
        ago = timedelta(minutes=dice.randint(5, 55) if not taken_back else dice.randint(30, 1400))
        owner, merchant_id = founded.owners[merchant], founded.merchants[merchant]
        _know_members(cast, owner, merchant_id)
        try:
            with cast.staff(owner, merchant_id, Role.OWNER, ago=ago) as work:
                redemption_id = vouchers.redeem(work, code=voucher.qr, store_id=store_id)
        except Refusal:  # not valid on that weekday
            continue
        if not taken_back:
            taken_back = True
            with cast.staff(owner, merchant_id, Role.OWNER) as work:
                vouchers.undo(work, redemption_id, store_id=store_id, reason=UndoReason.WRONG_VOUCHER)


def _know_members(cast: Cast, owner: str, merchant_id: UUID) -> None:
    if (owner, merchant_id) in cast.memberships:
        return
    with cast.staff(owner, merchant_id, Role.OWNER) as work:
        for member in tenants.members(work, merchant_id):
            if member.person_id == cast.ids[owner]:
                cast.memberships[owner, merchant_id] = member.id


def _apply_and_wait(cast: Cast, maps: Maps) -> None:
    """One application was sent back for more, mended and handed in again; it waits for a reviewer."""
    merchant = {
        "name": "荔枝湾糖水",
        "kind": "brand",
        "owner": APPLICANT,
        "representative": "欧阳雪",
        "category": "茶饮咖啡",
        "area": "东莞市/茶山镇",
        "address": "南社老街 15 号",
    }
    application_id = founding.apply(cast, merchant, 88, maps)
    with cast.platform(founding.REVIEWER, ago=timedelta(days=2)) as work:
        revision = onboarding.application(work, application_id).revisions[-1]
        notes = {"bank_name": "请写到支行，例如：东江农商银行 茶山支行。"}
        reviews.ask(work, application_id, revision_id=revision.id, notes=notes, reason="其他资料都没有问题。")
    with cast.person(APPLICANT, ago=timedelta(hours=5)) as work:
        facts = onboarding.application(work, application_id).particulars
        applications.save(work, application_id, founding.with_bank(facts, "东江农商银行 茶山支行"))
        applications.submit(work, application_id, demo=True)


def _invite(cast: Cast, founded: Founded) -> None:
    """The noodle shop asks somebody who has not answered yet."""
    owner, merchant_id = founded.owners["街角烘焙"], founded.merchants["街角烘焙"]
    store_id = founded.stores["街角烘焙·茶山店"]
    with cast.staff(owner, merchant_id, Role.OWNER, ago=timedelta(hours=3)) as work:
        invitations.invite(work, phone="15400000022", name="刘洋", role=Role.CLERK, store_ids=frozenset({store_id}))


def _announce(cast: Cast) -> None:
    with cast.platform(founding.REVIEWER, ago=timedelta(days=1)) as work:
        announcement_id = announcements.draft(
            work,
            title="街市开张，优惠券可以到店核销了",
            body="附近的店铺已经陆续上线。领到的优惠券在券包里，到店给店员扫一扫就能用。",
            title_en="The town is open: redeem your coupons in store",
            body_en="Stores near you are coming online. Show a coupon from your wallet at the counter to use it.",
            audience=Audience.EVERYONE,
            until=None,
        )
        announcements.publish(work, announcement_id)
