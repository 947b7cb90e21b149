"""The bank test: a minute of money over HTTP while web, worker and database are killed in turn. Nothing is lost."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from portal.app import create_app
from portal.domain.ledger import actions as ledger
from portal.domain.ledger.queries import balance
from portal.domain.ledger.values import AccountKind, AccountRef
from portal.domain.payments.models import PaymentIntent
from portal.domain.payouts import transfers
from portal.domain.payouts.models import WithdrawalRow
from portal.domain.payouts.values import WithdrawalState
from portal.domain.reference.actions import terms
from portal.domain.reference.values import SECOND_APPROVER_FROM, WITHDRAWALS_A_DAY
from portal.domain.sandbox.models import SandboxTrade, SandboxTransfer
from portal.domain.tenants.values import Kind
from portal.jobs import payments, payouts
from portal.kernel.clock import FixedClock, SystemClock
from portal.kernel.idempotency import StoredAnswer
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from portal.localdb.bootstrap import connect
from portal.settings import load_settings
from tests.client import Browser
from tests.factories.persons import MadePerson
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World
from tests.races.bank import Client, Portal, Tally, last_id, storm

pytestmark = pytest.mark.prove

SECONDS, KILLS = 75.0, 10
MERCHANTS, STAFF, PAYERS, PAYMENTS = 6, 10, 6, 60
EARNED, EACH = 5_000_000, 2_000
PASSWORD = "kapok-tree-7781"
Over = Callable[[], bool]
T = TypeVar("T")


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    portal = Portal(tmp_path)
    yield portal
    portal.stop()


class Street:
    """Merchants with money and staff, payers with bills, an operator; clients for all of them."""

    def __init__(self, portal: Portal) -> None:
        self.portal, self.tally = portal, Tally()
        self.app: Flask = create_app(load_settings(portal.env), SystemClock())
        now = datetime.now(UTC)
        past, self.world = World(self.app, FixedClock(now - timedelta(days=3))), World(self.app, FixedClock(now))
        self.world.numbers = past.numbers
        self.merchants = [past.merchant(Kind.SUPPLIER) for _ in range(MERCHANTS)]
        for merchant in self.merchants:
            past.profile(merchant)
            self.world.earned(merchant.id, EARNED)
        self.staff = {one.id: [self._staff(one) for _ in range(STAFF)] for one in self.merchants}
        self.turns = {one.id: itertools.cycle(self.staff[one.id]) for one in self.merchants}
        self.boss = self.client(self.world.operator(Role.PLATFORM_FINANCE))
        self._rules()
        self.bills: list[tuple[Client, UUID]] = []
        for _ in range(PAYERS):
            payer = self.world.person()
            client = self.client(payer)
            self.bills += [(client, self.world.payment(payer, EACH)) for _ in range(PAYMENTS)]
        random.shuffle(self.bills)
        self.waiting: list[str] = []

    def _rules(self) -> None:
        """More withdrawals a day than the house allows, set as the house sets them."""
        first, second = (self.world.operator() for _ in range(2))
        for parameter, value in ((WITHDRAWALS_A_DAY, 50), (SECOND_APPROVER_FROM, 100_000_00)):
            with self.world.work(Face.PLATFORM, person=first.id, kind=ActorKind.PLATFORM) as work:
                one = terms.propose(work, parameter.name, value=value, effective_at=None, note="压力测试")
            with self.world.work(Face.PLATFORM, person=second.id, kind=ActorKind.PLATFORM) as work:
                terms.confirm(work, one)

    def _staff(self, merchant: MadeMerchant) -> Client:
        person = self.world.staff(merchant, Role.OWNER)
        self.world.password(person, PASSWORD)
        return self.client(person)

    def client(self, person: MadePerson) -> Client:
        """A signed-in browser on the real portal."""
        browser = Browser(self.app, self.world).as_(person)
        csrf = browser.csrf()
        cookie = browser.client.get_cookie("jieshi")
        assert cookie is not None
        return Client(self.portal, self.tally, f"jieshi={cookie.value}", csrf)

    def withdraw(self, over: Over) -> None:
        """A merchant asks; now and then he takes it back."""
        merchant = random.choice(self.merchants)
        client = next(self.turns[merchant.id])
        fen = random.randint(100_00, 900_00)
        fee = (fen + 500) // 1000
        fields = {"amount": f"{fen / 100:.2f}", "fee": f"{fee / 100:.2f}", "proof": PASSWORD}
        base = f"/supplier/{merchant.id}/withdrawals"
        where = client.act("ask", f"{base}/new", fields, stop=over)
        if where is None:
            time.sleep(0.2)
        elif random.random() < 0.15:
            client.act("take back", f"{base}/{last_id(where)}/take-back", {}, stop=over)
        else:
            self.waiting.append(last_id(where))

    def approve(self, over: Over) -> None:
        """The operator approves what lies there."""
        one = taken(self.waiting)
        if one is None:
            time.sleep(0.1)
        else:
            self.boss.act("approve", f"/platform/payouts/{one}/approve", {}, stop=over)

    def pay(self, over: Over) -> None:
        """A consumer begins to pay, waits for the cashier and pays there."""
        one = taken(self.bills)
        if one is None:
            time.sleep(0.2)
            return
        client, bill = one
        if client.act("begin", f"/payments/{bill}/pay", {"provider": "sandbox"}, stop=over) is None:
            return
        for _ in range(40):
            _status, text = client.get(f"/payments/{bill}")
            _before, found, rest = text.partition("/sandbox/pay/")
            if found:
                client.act("pay", f"/sandbox/pay/{rest[:36]}", {}, stop=over, done_at=f"/payments/{bill}")
                return
            time.sleep(0.5)
        self.tally.add("no cashier in time")


def taken(things: list[T]) -> T | None:
    """One of a list that others take from as well."""
    try:
        return things.pop()
    except IndexError:
        return None


def settle(street: Street, admin_url: str) -> None:
    """Let everything that is under way come to its end, by the acts of the timetable."""
    services = street.app.extensions["portal"]
    hurry = (
        "UPDATE payment_attempts SET ask_at = now() WHERE ask_at IS NOT NULL",
        "UPDATE payout_attempts SET ask_at = now() WHERE ask_at IS NOT NULL AND state <> 'paid'",
    )
    for _ in range(12):
        with connect(admin_url) as admin:
            for statement in hurry:
                admin.execute(statement)
        done = payments.apply_waiting(services) + payouts.ask_bank(services)
        with connect(admin_url) as admin:
            open_now = admin.execute(
                "SELECT (SELECT count(*) FROM payout_attempts WHERE state IN ('new', 'waiting', 'unknown'))"
                " + (SELECT count(*) FROM withdrawals WHERE state = 'approved')"
                " + (SELECT count(*) FROM sandbox_trades t JOIN payment_attempts a ON replace(a.id::text, '-', '')"
                " = t.number WHERE t.state = 'paid' AND a.state <> 'paid')"
            ).fetchone()
        assert open_now is not None
        if not open_now[0] and not done:
            return
        payments.ask_providers(services)
    raise AssertionError("something does not come to its end")


def ask_bank_to_lose_answers(admin_url: str) -> None:
    """The pretend bank takes every order, and its first answer gets lost."""
    with connect(admin_url) as admin:
        admin.execute("INSERT INTO sandbox_switches (name, plan) VALUES ('transfers', 'silent')")


def test_a_minute_of_money_while_everything_is_killed(portal: Portal) -> None:
    street = Street(portal)
    admin_url = portal.database.url(db="portal")
    ask_bank_to_lose_answers(admin_url)
    kills = itertools.cycle((portal.kill_web, portal.kill_worker, portal.kill_web, portal.kill_database))
    acts = [street.withdraw] * 4 + [street.approve] * 2 + [street.pay] * 3
    began = time.monotonic()
    raised = storm(acts, kills, SECONDS)
    lasted = time.monotonic() - began
    assert raised == [], (raised[:3], portal.ended(), portal.last_words())
    street.app.extensions["portal"].engine.dispose()
    settle(street, admin_url)
    figures = recount(street)
    report(street, lasted, figures)
    assert lasted >= 60
    assert sum(portal.kills.values()) >= KILLS
    assert street.tally.counts["known only after asking again"] >= 1
    assert figures["lost"] == []
    assert figures["differences"] == 0
    assert figures["sums"] == figures["expected"]


def recount(street: Street) -> dict[str, Any]:
    """What was acknowledged against the rows, and the rows against the ledger and both pretend companies."""
    with street.world.work(Face.JOB) as work:
        differences = ledger.prove(work).differences
    with street.world.work(Face.JOB) as work:
        rows = {str(one.id): one for one in work.session.scalars(select(WithdrawalRow))}
        paid_bills = {str(one.id) for one in work.session.scalars(select(PaymentIntent)) if one.state == "paid"}
        answers = [one.key for one in work.session.scalars(select(StoredAnswer))]
    with street.world.work(Face.PROVIDER) as work:
        trades = list(work.session.scalars(select(SandboxTrade).where(SandboxTrade.state == "paid")))
        bank = list(work.session.scalars(select(SandboxTransfer).where(SandboxTransfer.state == "paid")))
    states = {"approve": ("approved", "ordered", "paid"), "take back": ("withdrawn",)}
    lost = []
    for what, where in street.tally.acknowledged:
        mark = last_id(where)
        if what in ("ask", "approve", "take back"):
            row = rows.get(mark)
            if row is None or (what in states and row.state not in states[what]):
                lost.append((what, mark))
        elif what == "pay" and mark not in paid_bills:
            lost.append((what, mark))
    lost += [(what, key) for what, key in street.tally.open_questions if UUID(key) not in answers]
    paid = [one for one in rows.values() if one.state == WithdrawalState.PAID]
    frozen = [one for one in rows.values() if one.state in ("asked", "half", "approved")]
    with street.world.work(Face.PLATFORM) as work:
        kinds = (AccountKind.AVAILABLE, AccountKind.FROZEN)
        mine = {kind: sum(balance(work, AccountRef(kind, one.id)) for one in street.merchants) for kind in kinds}
        house = [balance(work, ref) for ref in (transfers.BANK, transfers.FEES, transfers.PAYOUT)]
    out, fees = sum(one.amount_fen - one.fee_fen for one in paid), sum(one.fee_fen for one in paid)
    held = sum(one.amount_fen for one in frozen)
    return {
        "differences": differences,
        "lost": lost,
        "withdrawals": len(rows),
        "paid out": len(paid),
        "sums": (mine[AccountKind.AVAILABLE], mine[AccountKind.FROZEN], *house, len(trades), len(bank)),
        "expected": (
            *(MERCHANTS * EARNED - out - fees - held, held, out, fees, 0),
            *(len(paid_bills), len(paid)),
        ),
        "at the bank": sum(one.amount_fen for one in bank) - out,
    }


def report(street: Street, lasted: float, figures: dict[str, Any]) -> None:
    """The figures of the run."""
    print(f"\n{lasted:.0f} s, kills {dict(street.portal.kills)}")
    for name, count in sorted(street.tally.counts.items()):
        print(f"  {name}: {count}")
    print(f"  acknowledged {len(street.tally.acknowledged)}, lost {len(figures['lost'])}")
    print(f"  withdrawals {figures['withdrawals']}, paid out {figures['paid out']}")
    print(f"  sums {figures['sums']} expected {figures['expected']}, proof differences {figures['differences']}")
