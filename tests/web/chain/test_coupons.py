"""The coupons desk: draft, look, publish, extend, pause, end, copy; every refusal keeps the form as it was."""

from __future__ import annotations

from datetime import date

import pytest

from portal.domain.tenants.values import Kind
from portal.domain.vouchers.values import CouponKind, Worth
from portal.kernel.permissions import Role
from tests.client import Browser, Seen
from tests.domain.vouchers.town import Town, a_town
from tests.factories.world import World

GOOD = {
    "title": "满 30 减 5",
    "kind": "amount",
    "amount": "5",
    "discount": "",
    "max_discount": "",
    "threshold": "30",
    "collect_from": "2026-07-04",
    "collect_until": "2026-07-31",
    "validity": "period",
    "valid_from": "2026-07-04",
    "valid_until": "2026-07-31",
    "valid_days": "",
    "weekdays": ["0", "1", "2", "3", "4", "5", "6"],
    "total": "100",
    "per_person": "1",
    "note": "每桌限用一张",
}


@pytest.fixture
def town(world: World) -> Town:
    return a_town(world)


@pytest.fixture
def owner(browser: Browser, town: Town) -> Browser:
    return browser.as_(town.owner)


def write(owner: Browser, town: Town, *, status: int = 303, **changes: object) -> Seen:
    data = {**GOOD, "stores": [str(town.store.id)], **changes}
    return owner.post("chain.coupons_create", data, merchant=town.merchant.id, status=status)


def test_from_draft_to_the_street(world: World, town: Town, owner: Browser) -> None:
    at = {"merchant": town.merchant.id}
    assert "还没有优惠券" in owner.get("chain.coupons_list", **at).text
    empty = owner.get("chain.coupons_new", **at)
    assert not empty.soup.select("input[name=stores][checked]"), "with several stores none is chosen"
    shown = owner.follow(write(owner, town))
    assert "草稿已保存" in shown.text
    assert "满 ¥30 可用" in shown.one(".ticket").get_text(" ")
    published = owner.client.post(_action(shown, "publish"), data=shown.form("publish"))
    page = owner.open(published.headers["Location"])
    assert "已发布" in page.text
    coupon = page.response.request.path.rsplit("/", 1)[1]
    voucher = world.collected(coupon, town.consumer)
    world.redeemed(town.merchant, town.clerk, town.store, voucher)
    page = owner.get("chain.coupons_show", coupon=coupon, **at)
    assert "已领 1 共 100 张" in page.text
    assert "天河店 1" in page.text
    assert "1 / 100" in owner.get("chain.coupons_list", state="published", q="减", **at).text
    assert "没有这样的优惠券" in owner.get("chain.coupons_list", state="ended", **at).text


def _action(seen: Seen, part: str) -> str:
    return next(str(form["action"]) for form in seen.soup.select("form") if str(form["action"]).endswith(part))


BAD: tuple[tuple[dict[str, object], str], ...] = (
    ({"title": ""}, "券名"),
    ({"title": "长" * 41}, "40"),
    ({"amount": "-5"}, "金额不能是负数。"),
    ({"amount": "1" * 30}, "金额太大了"),
    ({"amount": "五块"}, "金额请写成数字"),
    ({"amount": "0"}, "要大于 0"),
    ({"amount": "31"}, "比门槛 ¥30 还多"),
    ({"kind": "discount", "discount": "85"}, "例如 8.5 表示 8.5 折"),
    ({"kind": "discount", "discount": "0"}, "例如 8.5 表示 8.5 折"),
    ({"kind": "discount", "discount": "10"}, "例如 8.5 表示 8.5 折"),
    ({"kind": "discount", "discount": ""}, "请填写折扣"),
    ({"collect_until": "2026-07-03", "collect_from": "2026-07-04"}, "比开始日期还早"),
    ({"collect_until": "2026-07-03", "collect_from": "2026-07-01"}, "已经过了"),
    ({"collect_from": "七月四日"}, "请填写日期"),
    ({"collect_from": ""}, "请填写日期"),
    ({"collect_from": "9999-12-31", "collect_until": "9999-12-31"}, "太远"),
    ({"valid_until": "2026-07-01", "valid_from": "2026-07-02"}, "比开始日期还早"),
    ({"valid_from": ""}, "有效期的开始日期"),
    ({"validity": "days", "valid_days": "0"}, "1 到 730"),
    ({"validity": "days", "valid_days": "９９９９"}, "1 到 730"),
    ({"weekdays": []}, "至少选一个"),
    ({"total": "0"}, "1 到 1000000"),
    ({"total": "99999999999999999999"}, "请填写一个整数"),
    ({"total": "1.5"}, "请填写一个整数"),
    ({"per_person": "100"}, "1 到 99"),
    ({"per_person": "-1"}, "请填写一个整数"),
    ({"kind": "gift"}, ""),
    ({"validity": "forever"}, ""),
)


def test_bad_input_is_told_at_its_field_and_kept(owner: Browser, town: Town) -> None:
    for changes, sentence in BAD:
        page = write(owner, town, status=422, **changes)
        assert sentence in page.one(".error-summary").get_text(" "), changes
        name, value = next(iter(changes.items()))
        if isinstance(value, str) and name not in ("kind", "validity"):
            assert page.one(f"[name={name}]")["value"] == value
        assert page.one("[name=note]").text.strip() == "每桌限用一张"


def test_what_the_kind_does_not_use_may_hold_anything(owner: Browser, town: Town) -> None:
    page = owner.follow(
        write(owner, town, discount="85", validity="days", valid_days="7", valid_from="", valid_until="x")
    )
    assert "领取后 7 天内有效" in page.text


def test_emoji_and_full_width_digits_are_fine(owner: Browser, town: Town) -> None:
    page = owner.follow(write(owner, town, title="🍋 柠檬茶 立减", amount="５．５０", threshold="３０"))
    assert "🍋 柠檬茶 立减" in page.text
    assert "¥ 5.50" in page.text


def test_a_discount_is_entered_and_shown_as_people_say_it(world: World, owner: Browser, town: Town) -> None:
    page = owner.follow(write(owner, town, kind="discount", discount="8.5 折", max_discount="20"))
    assert "8.5 折" in page.text
    assert "最多减 ¥20" in page.text
    edit = owner.open(_link(page, "edit"))
    assert edit.one("[name=discount]")["value"] == "8.5"


def _link(seen: Seen, part: str) -> str:
    return next(str(a["href"]) for a in seen.soup.select("a[href]") if str(a["href"]).endswith(part))


def test_the_only_store_is_chosen_already(world: World, browser: Browser) -> None:
    merchant = world.merchant(Kind.ALLIANCE, "老梁米粉")
    owner = world.staff(merchant, Role.OWNER)
    store = world.store(merchant, "石排店")
    page = browser.as_(owner).get("alliance.coupons_new", merchant=merchant.id)
    assert page.one("input[name=stores][checked]")["value"] == str(store.id)


def test_publishing_needs_a_store(owner: Browser, town: Town) -> None:
    page = owner.follow(write(owner, town, stores=[]))
    assert "还没有选适用门店" in page.text
    refused = owner.client.post(_action(page, "publish"), data=page.form("publish"))
    assert refused.status_code == 422
    assert "先选至少一家" in refused.text


def test_after_publishing_promises_only_grow(world: World, owner: Browser, town: Town) -> None:
    at = {"merchant": town.merchant.id}
    coupon = world.coupon(town.merchant, town.store, total=2, per_person=1)
    for _ in range(2):
        world.collected(coupon, world.person())
    good = {"total": "5", "collect_until": "2026-08-31", "stores": [str(town.store.id), str(town.other.id)]}
    for changes, sentence in (
        ({"total": "1"}, "已经领出 2 张，总量不能比它少"),
        ({"collect_until": "2026-07-30"}, "请复制一张新券"),
        ({"stores": [str(town.other.id)]}, "请复制一张新券"),
        ({"total": "x"}, "请填写一个整数"),
    ):
        page = owner.post("chain.coupons_extend", {**good, **changes}, coupon=coupon, status=422, **at)
        assert sentence in page.one(".error-summary").get_text(" ")
    owner.post("chain.coupons_extend", good, coupon=coupon, **at)
    page = owner.get("chain.coupons_show", coupon=coupon, **at)
    assert "天河店" in page.text
    assert "体育西店" in page.text
    assert "5 张" in page.text
    owner.post("chain.coupons_save", {**GOOD, "stores": [str(town.store.id)]}, coupon=coupon, status=422, **at)


def test_pause_end_copy_remove(world: World, owner: Browser, town: Town) -> None:
    at = {"merchant": town.merchant.id}
    coupon = world.coupon(town.merchant, town.store)
    owner.post("chain.coupons_pause", coupon=coupon, **at)
    owner.post("chain.coupons_publish", coupon=coupon, **at)
    owner.post("chain.coupons_end", coupon=coupon, **at)
    refused = owner.post("chain.coupons_publish", coupon=coupon, status=422, **at)
    assert "现在是“已结束”" in refused.text
    copy = owner.follow(owner.post("chain.coupons_duplicate", coupon=coupon, **at))
    assert copy.one("[name=title]")["value"] == "满 30 减 5"
    draft = copy.response.request.path.split("/")[-2]
    owner.post("chain.coupons_remove", coupon=draft, **at)
    owner.get("chain.coupons_show", coupon=draft, status=404, **at)
    owner.post("chain.coupons_remove", coupon=coupon, status=422, **at)


def test_a_branch_manager_keeps_to_his_stores(world: World, browser: Browser, town: Town) -> None:
    at = {"merchant": town.merchant.id}
    manager = world.person()
    world.staff(town.merchant, Role.MANAGER, person=manager, stores=(town.store.id,))
    wide, mine = world.coupon(town.merchant, town.store, town.other), world.coupon(town.merchant, town.store)
    branch = browser.as_(manager)
    page = branch.get("chain.coupons_show", coupon=wide, **at)
    assert not page.soup.select("form[action$=end]"), "nothing to press that would be refused"
    branch.post("chain.coupons_end", coupon=wide, status=403, **at)
    branch.post("chain.coupons_end", coupon=mine, **at)
    assert "体育西店" not in branch.get("chain.coupons_new", **at).text
    other = {"stores": [str(town.other.id)]}
    saved = branch.follow(branch.post("chain.coupons_create", {**GOOD, **other}, **at))
    assert "还没有选" in saved.text, "a store that was not offered is not chosen"


def test_another_merchants_coupon_is_not_there(world: World, owner: Browser, town: Town) -> None:
    elsewhere = a_town(world)
    coupon = world.coupon(elsewhere.merchant, elsewhere.store)
    for endpoint in ("chain.coupons_show", "chain.coupons_edit", "chain.coupons_stretch"):
        owner.get(endpoint, merchant=town.merchant.id, coupon=coupon, status=404)
    owner.post("chain.coupons_end", merchant=town.merchant.id, coupon=coupon, status=404)
    clerk = Browser(owner.app, world).as_(town.clerk)
    clerk.get("chain.coupons_list", merchant=town.merchant.id, status=403)


def test_the_record_of_all_stores_and_their_limits(world: World, owner: Browser, town: Town) -> None:
    at = {"merchant": town.merchant.id}
    assert "这段时间没有核销" in owner.get("chain.redemptions_list", **at).text
    coupon = world.coupon(town.merchant, town.store, town.other, worth=Worth(CouponKind.DISCOUNT, pay_percent=85))
    for store, clerk in ((town.store, town.clerk), (town.other, town.owner)):
        world.redeemed(town.merchant, clerk, store, world.collected(coupon, world.person()))
    page = owner.get("chain.redemptions_list", **at)
    assert len(page.soup.select("#redemptions tbody tr")) == 2
    page = owner.get("chain.redemptions_list", **{"at": town.other.id, **at})
    assert len(page.soup.select("#redemptions tbody tr")) == 1
    export = owner.client.get(owner.url("chain.redemptions_export", **at))
    assert export.get_data(as_text=True).count("8.5 折") == 2
    limits = owner.get("chain.redemptions_limits", **at)
    assert "60" in limits.text
    for minutes in ("", "x", "-1", "61", "９９"):
        refused = owner.post("chain.redemptions_limit", {"minutes": minutes}, store=town.store.id, status=422, **at)
        assert refused.one(f"#m-{town.store.id}")["value"] == minutes
        assert refused.soup.select(".field-errors")
    owner.post("chain.redemptions_limit", {"minutes": "５"}, store=town.store.id, **at)
    assert owner.get("chain.redemptions_limits", **at).one(f"#m-{town.store.id}")["value"] == "5"
    elsewhere = a_town(world)
    owner.post("chain.redemptions_limit", {"minutes": "5"}, store=elsewhere.store.id, status=404, **at)


def test_every_page_of_the_desk_in_english(world: World, browser: Browser, town: Town) -> None:
    at = {"merchant": town.merchant.id}
    abroad = world.person(locale="en")
    world.staff(town.merchant, Role.OWNER, person=abroad)
    reader = browser.as_(abroad)
    worth = Worth(CouponKind.DISCOUNT, pay_percent=85, max_discount_fen=2000)
    coupon = world.coupon(town.merchant, town.store, worth=worth, weekdays=0b0010101, collect_until=date(2026, 8, 1))
    world.redeemed(
        town.merchant, town.clerk, town.store, world.collected(world.coupon(town.merchant, town.store), abroad)
    )
    for endpoint in ("coupons_list", "coupons_new", "redemptions_list", "redemptions_limits"):
        reader.get(f"chain.{endpoint}", **at)
    page = reader.get("chain.coupons_show", coupon=coupon, **at)
    assert "15% off" in page.text
    assert "Mon, Wed, Fri" in page.text
    reader.get("chain.coupons_stretch", coupon=coupon, **at)
