"""From an application to the day the door is shut: a brand applies, is let in, hires, and is suspended."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import expect

from portal.domain.onboarding.values import REQUIRED_DOCUMENTS
from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Role
from tests.factories.onboarding import licence_number, photo
from tests.factories.tenants import MadeMerchant
from tests.journeys.people import Somebody, Street

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FACTS = {
    "name": "老梁米粉",
    "address": "东莞市松山湖桂香路 7 号",
    "legal_name": "东莞市老梁米粉餐饮店",
    "licence_number": licence_number(7001),
    "representative": "梁国强",
    "contact_name": "梁国强",
    "contact_phone": "15400027001",
    "bank_holder": "东莞市老梁米粉餐饮店",
    "bank_name": "东莞松湖银行桂香支行",
    "bank_number": "9999990000007001",
}


def test_a_brand_is_let_in_hires_and_is_suspended(street: Street) -> None:
    world = street.world
    applicant = street.at_a_desk(world.person("梁国强"))
    reviewer = street.at_a_desk(world.operator(Role.PLATFORM_REVIEWER))
    operator = street.at_a_desk(world.operator(Role.PLATFORM_OWNER))

    applies(applicant, street.folder)
    asks_for_more(reviewer)
    mends(applicant)
    lets_in(reviewer)
    invites_a_clerk(applicant, phone="15400027009")

    clerk = street.at_a_desk()
    clerk.goes("/signin").signs_in("15400027009")
    clerk.page.locator("[name=name]").fill("何伟")
    clerk.page.locator("[name=agreed]").check()
    clerk.page.locator("main form button[type=submit]").first.click()
    clerk.page.wait_for_url(re.compile(r"^(?!.*welcome).*$"))
    clerk.goes("/invitations").reads("老梁米粉粉店").taps("接受邀请")
    clerk.goes("/hats").taps("老梁米粉粉店松山湖店").sees_heading("核销").is_calm()
    inside = clerk.page.url

    suspends(operator)
    clerk.page.goto(inside)
    clerk.reads("已被平台暂停")
    applicant.goes("/hats")
    assert applicant.page.get_by_role("link", name="老梁米粉粉店").count() == 0


def applies(applicant: Somebody, folder: Path) -> None:
    page = applicant.goes("/apply").sees_heading("申请成为商家").is_calm().page
    page.locator("form:has(input[name=kind][value=brand]) button").click()
    applicant.sees_heading("填写申请资料").is_calm()
    for name, value in FACTS.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("select[name=category_id]").select_option(index=2)
    applicant.taps("保存并去上传证件").sees_heading("上传证件")
    for number, kind in enumerate(sorted(REQUIRED_DOCUMENTS[Kind.BRAND])):
        paper = folder / f"paper-{number}.jpg"
        paper.write_bytes(photo((200, 60 + 40 * number, 40)))
        page.locator(f"input[name=kind][value={kind}]").check(force=True)
        page.locator("input[type=file]").set_input_files(paper)
        applicant.taps("上传").sees_heading("上传证件")
        expect(page.locator("ul.rows li")).to_have_count(number + 1)
    applicant.is_calm().taps("下一步：检查并提交").sees_heading("检查并提交").reads("都齐了").is_calm()
    applicant.taps("提交审核").sees_heading("申请进度").reads("我们正在审核").is_calm()


def asks_for_more(reviewer: Somebody) -> None:
    reviewer.goes("/platform/applications").sees_heading("入驻申请").is_calm()
    reviewer.taps("老梁米粉").sees_heading("老梁米粉").is_calm()
    reviewer.taps("要求补充")
    reviewer.page.locator("[name=note-name]").fill("请写门头上的全名")
    reviewer.page.locator("#ask-reason").fill("名称和门头不一致")
    reviewer.taps("发给申请人").sees_heading("老梁米粉")


def mends(applicant: Somebody) -> None:
    applicant.page.reload()
    applicant.reads("名称和门头不一致")
    applicant.page.goto(re.sub(r"/?$", "/edit", applicant.page.url.partition("?")[0]))
    applicant.reads("请写门头上的全名").page.locator("[name=name]").fill("老梁米粉粉店")
    applicant.taps("保存并去上传证件").taps("下一步：检查并提交").taps("提交审核").reads("我们正在审核")


def lets_in(reviewer: Somebody) -> None:
    reviewer.goes("/platform/applications").taps("老梁米粉粉店")
    expect(reviewer.page.locator("table.diff tr.changed")).to_have_count(1)
    reviewer.is_calm().taps("通过").taps("确认通过").reads("已通过")


def invites_a_clerk(owner: Somebody, phone: str) -> None:
    owner.goes("/hats").taps("老梁米粉粉店").is_calm()
    merchant_id = UUID(owner.page.url.split("/chain/")[1][:36])
    owner.world.store(MadeMerchant(merchant_id, "老梁米粉粉店", Kind.BRAND), "老梁米粉粉店松山湖店")
    owner.taps("员工").sees_heading("员工").taps("邀请员工").sees_heading("邀请员工").is_calm()
    owner.page.locator("[name=phone]").fill(phone)
    owner.page.locator("[name=name]").fill("小何")
    role = owner.page.locator("select[name=role]")
    if role.count():
        role.select_option("clerk")
    else:
        owner.page.locator("input[name=role][value=clerk]").check(force=True)
    owner.taps("发出邀请").reads("小何")


def suspends(operator: Somebody) -> None:
    operator.goes("/platform/merchants").taps("老梁米粉粉店").sees_heading("老梁米粉粉店").is_calm()
    operator.taps("暂停商家")
    operator.page.locator("#suspend-reason").fill("食品安全复核")
    operator.taps("确认暂停").reads("已暂停")
