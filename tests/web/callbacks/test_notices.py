"""A notice is believed for its signature, its time and its size; everything else is the worker's to judge."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from portal.adapters.payments.sandbox import SandboxGateway
from portal.domain.identity.models import Notification
from portal.domain.payments import queries
from portal.domain.payments.models import PaymentCallback
from portal.domain.payments.values import Order
from portal.domain.sandbox import rules
from portal.domain.sandbox.models import SandboxTrade
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from tests.client import Browser
from tests.factories.payments import HUNDRED
from tests.factories.world import World

INBOX = "/callbacks/sandbox"


@pytest.fixture
def gateway(world: World) -> SandboxGateway:
    return world.gateway()


@pytest.fixture
def attempt(world: World) -> UUID:
    payer = world.person()
    return world.attempt(payer, world.payment(payer))


def told(attempt: UUID, **changes: Any) -> bytes:
    facts = {"id": "n-1", "kind": "trade", "number": attempt.hex, "state": "paid", "amount": HUNDRED, "trade": "SB1"}
    return rules.packed({**facts, "currency": "CNY", "merchant": "1900000109", **changes})


def post(app: Flask, body: bytes, headers: dict[str, str], url: str = INBOX) -> int:
    return app.test_client().post(url, data=body, headers=headers).status_code


def stored(world: World) -> list[tuple[str, str | None]]:
    with world.work(Face.JOB) as work:
        rows = work.session.scalars(select(PaymentCallback).order_by(PaymentCallback.id))
        return [(row.state, row.why) for row in rows]


def test_a_signed_notice_is_stored_then_applied(world: World, gateway: SandboxGateway, attempt: UUID) -> None:
    body = told(attempt)
    assert post(world.app, body, rules.signed(gateway.key, body, world.clock.now())) == 200
    assert stored(world) == [("stored", None)]
    assert world.number(attempt) == "waiting"
    assert post(world.app, body, rules.signed(gateway.key, body, world.clock.now())) == 200, (
        "again: thanked, not stored"
    )
    world.run_jobs()
    assert stored(world) == [("applied", None)]
    assert world.number(attempt) == "paid"


def without(name: str, headers: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in headers.items() if key != name}


@pytest.mark.parametrize("name", [rules.SIGNATURE, rules.STAMP, rules.NONCE])
def test_a_missing_signature_is_a_wrong_one(world: World, gateway: SandboxGateway, attempt: UUID, name: str) -> None:
    body = told(attempt)
    headers = rules.signed(gateway.key, body, world.clock.now())
    assert post(world.app, body, without(name, headers)) == 401
    assert post(world.app, body, {**headers, name: ""}) == 401
    assert post(world.app, body, {}) == 401
    assert stored(world) == []


@pytest.mark.parametrize("shift", [timedelta(minutes=-6), timedelta(minutes=6), timedelta(days=-1)], ids=str)
def test_an_old_or_future_notice_is_not_believed(
    world: World, gateway: SandboxGateway, attempt: UUID, shift: timedelta
) -> None:
    body = told(attempt)
    assert post(world.app, body, rules.signed(gateway.key, body, world.clock.now() + shift)) == 401
    assert stored(world) == []


def test_another_key_and_a_changed_amount_are_not_believed(
    world: World, gateway: SandboxGateway, attempt: UUID
) -> None:
    body = told(attempt)
    assert post(world.app, body, rules.signed(b"another", body, world.clock.now())) == 401
    headers = rules.signed(gateway.key, body, world.clock.now())
    assert post(world.app, told(attempt, amount=1), headers) == 401
    assert post(world.app, body + b" ", headers) == 401
    later = {**headers, rules.STAMP: str(int(headers[rules.STAMP]) + 1)}
    assert post(world.app, body, later) == 401
    assert stored(world) == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"amount": HUNDRED + 1}, "amount"),
        ({"amount": 1}, "amount"),
        ({"currency": "USD"}, "currency"),
        ({"merchant": "1900000110"}, "merchant"),
    ],
)
def test_what_is_signed_and_does_not_fit_is_quarantined_and_told(
    world: World, browser: Browser, gateway: SandboxGateway, attempt: UUID, changes: dict[str, Any], why: str
) -> None:
    operator = world.operator(Role.PLATFORM_FINANCE)
    body = told(attempt, **changes)
    assert post(world.app, body, rules.signed(gateway.key, body, world.clock.now())) == 200
    world.run_jobs()
    assert stored(world) == [("quarantined", why)]
    assert world.number(attempt) != "paid"
    with world.work(Face.PERSON, person=operator.id) as work:
        assert work.session.scalars(select(Notification.kind)).all() == ["payment.quarantined"]
    mine = browser.as_(operator)
    page = mine.get("platform.payments_callbacks")
    with world.work(Face.PLATFORM) as work:
        (line,) = queries.callbacks(work)
    mine.post("platform.payments_seen", page.form("seen"), key=page.form("seen")["key"], callback=line.id)
    assert "核对过" in mine.get("platform.payments_callbacks").text


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"null", b"\xff\xfe", b'{"kind":"trade"}', b"[" * 30_000, b'{"id":1,"kind":[]}']
)
def test_signed_garbage_is_not_stored(world: World, gateway: SandboxGateway, body: bytes) -> None:
    assert post(world.app, body, rules.signed(gateway.key, body, world.clock.now())) == 401
    assert stored(world) == []


@pytest.mark.parametrize("amount", [0, -100, True, 1.5, "10000", 2**60, None])
def test_amounts_that_are_none_are_not_stored(
    world: World, gateway: SandboxGateway, attempt: UUID, amount: object
) -> None:
    body = told(attempt, amount=amount)
    assert post(world.app, body, rules.signed(gateway.key, body, world.clock.now())) == 401
    assert stored(world) == []


def test_a_huge_body_is_not_read(world: World, gateway: SandboxGateway) -> None:
    body = b"x" * (64 * 1024 + 1)
    assert post(world.app, body, rules.signed(gateway.key, body, world.clock.now())) == 413


def test_another_provider_is_not_there(world: World, gateway: SandboxGateway, attempt: UUID) -> None:
    body = told(attempt)
    headers = rules.signed(gateway.key, body, world.clock.now())
    assert post(world.app, body, headers, "/callbacks/wechat") == 404
    assert world.app.test_client().get(INBOX).status_code == 405


def test_who_guesses_signatures_is_not_listened_to_for_a_while(
    world: World, gateway: SandboxGateway, attempt: UUID
) -> None:
    body = told(attempt)
    answers = {post(world.app, body, {}) for _ in range(101)}
    assert answers == {401, 429}
    good = rules.signed(gateway.key, body, world.clock.now())
    assert post(world.app, body, good) == 429
    world.clock.advance(minutes=11)
    assert post(world.app, body, rules.signed(gateway.key, body, world.clock.now())) == 200


def test_forms_still_need_their_token(world: World, browser: Browser, attempt: UUID) -> None:
    """Only routes that say who signs them are excused; the cashier's form beside them is not."""
    world.gateway().start(order_of(world, attempt))
    with world.work(Face.PROVIDER) as work:
        trade = work.session.scalars(select(SandboxTrade.id)).one()
    answer = world.app.test_client().post(f"/sandbox/pay/{trade}", data={"act": "pay"})
    assert answer.status_code == 403
    assert browser.get("sandbox.cashier_show", trade=trade).one("form")


def order_of(world: World, attempt: UUID) -> Order:
    until = world.clock.now() + timedelta(minutes=30)
    return Order(attempt.hex, HUNDRED, "CNY", "订单", until, "http://x/callbacks/sandbox", "http://x/payments/1")
