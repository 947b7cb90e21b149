"""A merchant reads the fee, proves himself, asks, follows it and takes it back; four eyes of the platform decide."""

from __future__ import annotations

import pytest

from portal.domain.payouts.values import WithdrawalState
from portal.domain.sandbox.values import TransferPlan
from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Role
from tests.client import Browser
from tests.factories.persons import MadePerson
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World
from tests.web.platform.test_pages import counted

OFFICES = {Kind.SUPPLIER: "supplier", Kind.BRAND: "chain", Kind.ALLIANCE: "alliance", Kind.REGION: "region"}
PASSWORD = "kapok-tree-7781"


@pytest.fixture
def earner(world: World) -> tuple[MadeMerchant, MadePerson]:
    merchant, owner = world.earner(2_000_000)
    world.password(owner, PASSWORD)
    return merchant, owner


def plain(text: str) -> str:
    """Without any space, as amounts are compared."""
    return "".join(text.split())


def ask(page: Browser, merchant: MadeMerchant, amount: str, *, status: int = 303, proof: str = PASSWORD):
    form = page.get("supplier.withdrawals_new", merchant=merchant.id, amount=amount).form("/withdrawals/new")
    return page.post("supplier.withdrawals_ask", {**form, "proof": proof}, status=status, merchant=merchant.id)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_merchant_has_the_desk(world: World, browser: Browser, kind: Kind) -> None:
    merchant, owner = world.earner(500_000, kind)
    office = OFFICES[kind]
    page = browser.as_(owner).get(f"{office}.withdrawals_list", merchant=merchant.id)
    assert "还没有提现" in page.text
    assert "¥5000.00" in plain(page.text)
    assert "万分之 10" in browser.as_(owner).get(f"{office}.withdrawals_new", merchant=merchant.id).text


def test_from_the_fee_to_the_bank(world: World, browser: Browser, earner: tuple[MadeMerchant, MadePerson]) -> None:
    merchant, owner = earner
    page = browser.as_(owner)
    quoted = page.get("supplier.withdrawals_new", merchant=merchant.id, amount="10000")
    assert "手续费¥10.00实际到账¥9990.00" in plain(quoted.text)
    shown = page.follow(ask(page, merchant, "10000"))
    assert "待审批" in shown.text
    world.bank_plan(TransferPlan.PAID)
    boss = browser.as_(world.operator(Role.PLATFORM_FINANCE))
    queue = boss.get("platform.payouts_list")
    assert merchant.name in queue.text
    assert "首次提现" in queue.text
    ids = queue.one("tbody input[name=ids]")["value"]
    done = boss.follow(boss.post("platform.payouts_approve_many", {"ids": ids}, tab="asked"))
    assert "已批准 1 笔" in done.text
    world.run_jobs()
    assert "已打款" in page.get("supplier.withdrawals_show", merchant=merchant.id, withdrawal=ids).text
    assert "银行已付款" in page.get("supplier.withdrawals_print", merchant=merchant.id, withdrawal=ids).text
    whole = boss.get("platform.payouts_show", withdrawal=ids)
    assert "提现手续费" in whole.text
    boss.get("platform.payouts_print", withdrawal=ids)
    for tab in ("half", "underway", "paid", "back", "all"):
        boss.get("platform.payouts_list", tab=tab)
    file = boss.client.get(boss.url("platform.payouts_export", tab="paid")).data.decode("utf-8-sig")
    assert "9990.0" in file
    own = page.client.get(page.url("supplier.withdrawals_export", merchant=merchant.id)).data.decode("utf-8-sig")
    assert len(own.splitlines()) == 2


def test_without_proof_nothing_moves(browser: Browser, earner: tuple[MadeMerchant, MadePerson]) -> None:
    merchant, owner = earner
    page = browser.as_(owner)
    assert "登录密码不对" in ask(page, merchant, "1000", status=422, proof="kapok-tree-0000").text
    assert "请先证明是您本人" in ask(page, merchant, "1000", status=422, proof="").text
    assert "还没有提现" in page.get("supplier.withdrawals_list", merchant=merchant.id).text


def test_digits_of_the_authenticator_prove_it(world: World, browser: Browser, earner) -> None:
    merchant, owner = earner
    world.authenticator(owner)
    page = browser.as_(owner)
    assert "六位动态码" in page.get("supplier.withdrawals_new", merchant=merchant.id, amount="1000").text
    assert "动态码不对" in ask(page, merchant, "1000", status=422, proof="000000").text


@pytest.mark.parametrize("amount", ["", "-5", "0", "99.99", "1e5", "十块", "20000.01", "1.999", "9" * 40])
def test_amounts_that_cannot_be_are_said_at_the_field(browser: Browser, earner, amount: str) -> None:
    merchant, owner = earner
    page = browser.as_(owner)
    seen = page.get("supplier.withdrawals_new", merchant=merchant.id, amount=amount)
    assert seen.soup.select("#amount-errors, .error-summary")
    data = {"amount": amount, "fee": "0.00", "proof": PASSWORD}
    page.post("supplier.withdrawals_ask", data, status=422, merchant=merchant.id)


def test_a_tampered_fee_is_refused(browser: Browser, earner) -> None:
    merchant, owner = earner
    data = {"amount": "1000.00", "fee": "0.00", "proof": PASSWORD}
    page = browser.as_(owner).post("supplier.withdrawals_ask", data, status=422, merchant=merchant.id)
    assert "手续费刚有变化" in page.text


def test_taken_back(world: World, browser: Browser, earner) -> None:
    merchant, owner = earner
    one = world.withdrawal(merchant, owner, 500_000)
    page = browser.as_(owner)
    seen = page.follow(page.post("supplier.withdrawals_take_back", merchant=merchant.id, withdrawal=one))
    assert "已撤回" in seen.text
    assert world.stands(one).line.state is WithdrawalState.WITHDRAWN


def test_four_eyes_and_a_refusal_with_its_reason(world: World, browser: Browser) -> None:
    merchant, owner = world.earner(20_000_000)
    first, second = (browser.as_(world.operator(Role.PLATFORM_FINANCE)) for _ in range(2))
    one = world.withdrawal(merchant, owner, 6_000_000)
    first.post("platform.payouts_approve", withdrawal=one)
    assert "您已经批准过" in first.get("platform.payouts_show", withdrawal=one).text
    first.post("platform.payouts_approve", withdrawal=one, status=403)
    assert "请填写" in second.post("platform.payouts_refuse", {"reason": " "}, withdrawal=one, status=422).text
    second.post("platform.payouts_refuse", {"reason": "户名不符"}, withdrawal=one)
    second.post("platform.payouts_approve", withdrawal=one, status=422)
    page = browser.as_(owner)
    assert "户名不符" in page.get("supplier.withdrawals_show", merchant=merchant.id, withdrawal=one).text
    assert "请先勾选" in second.post("platform.payouts_approve_many", status=422).text


@pytest.mark.parametrize(("role", "status"), [(Role.FINANCE, 200), (Role.MANAGER, 403), (Role.SHIPPER, 403)])
def test_money_is_for_owner_and_finance(world: World, browser: Browser, earner, role: Role, status: int) -> None:
    merchant, _owner = earner
    person = world.staff(merchant, role)
    browser.as_(person).get("supplier.withdrawals_new", merchant=merchant.id, status=status)


def test_pages_take_few_statements(world: World, browser: Browser, earner: tuple[MadeMerchant, MadePerson]) -> None:
    merchant, owner = earner
    boss, page = browser.as_(world.operator(Role.PLATFORM_FINANCE)), browser.as_(owner)
    one = world.withdrawal(merchant, owner, 100_000)
    pages = (
        lambda: boss.get("platform.payouts_list"),
        lambda: boss.get("platform.payouts_show", withdrawal=one),
        lambda: page.get("supplier.withdrawals_list", merchant=merchant.id),
        lambda: page.get("supplier.withdrawals_new", merchant=merchant.id, amount="1000"),
        lambda: page.get("supplier.withdrawals_show", merchant=merchant.id, withdrawal=one),
    )
    seen = []
    for _ in range(2):
        world.withdrawal(merchant, owner, 100_000)
        counts = []
        for look in pages:
            with counted(world) as statements:
                look()
            counts.append(len(statements))
        seen.append(counts)
    assert seen[0] == seen[1]
    assert max(seen[0]) <= 12, seen
