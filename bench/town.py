"""What is measured against: a street of a thousand stores, and a clerk with a pile of vouchers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID, uuid4

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from bench.nearby import ASKERS, fill
from portal.domain.tenants.values import Kind
from portal.kernel.clock import FixedClock, SystemClock
from portal.kernel.permissions import Role
from tests.factories.persons import MadePerson
from tests.factories.world import World

STORES = 1000
STREET = UUID(int=0xBE0C)
RAW_CSRF = "0" * 40
_COPY = """
INSERT INTO vouchers (merchant_id, id, coupon_id, holder_id, holder, nth, code, secret, terms, state, collected_at,
                      valid_from, expires_at)
SELECT merchant_id, gen_random_uuid(), coupon_id, holder_id, holder, nth + n, (400000000000 + n)::text,
       decode(lpad(to_hex(n), 20, '0'), 'hex'), terms, 'usable', collected_at, valid_from, expires_at
FROM vouchers, generate_series(1, CAST(:number AS int)) AS n WHERE id = :id
"""


def street(app: Flask) -> None:
    """A thousand stores in the clusters of the nearby bench."""
    fill(app.extensions["portal"].engine, 1, STORES, STREET)


def asked() -> list[str]:
    """Addresses of the first page of what is near, from ten places."""
    return [f"/?{urlencode({'lat': f'{lat:.4f}', 'lng': f'{lng:.4f}'})}" for lat, lng in ASKERS]


@dataclass
class Counter:
    """A clerk at his counter, signed in, with the codes of vouchers to redeem."""

    store_id: UUID
    cookie: str
    csrf: str
    codes: list[str]
    membership_id: UUID
    merchant_id: UUID
    person_id: UUID

    @property
    def path(self) -> str:
        """Where a redemption is posted."""
        return f"/store/{self.store_id}/redeem/confirm"

    def body(self, code: str) -> str:
        """The form as the look page sends it."""
        return urlencode({"csrf_token": self.csrf, "key": str(uuid4()), "code": code})


def counter(app: Flask, admin_url: str, number: int) -> Counter:
    """Make the merchant, its store, the clerk and `number` vouchers of one coupon."""
    now = SystemClock().now()
    world = World(app, FixedClock(now))
    merchant = world.merchant(Kind.BRAND, "茶小满")
    store = world.store(merchant)
    clerk, holder = world.staff(merchant, Role.CLERK), world.person()
    today = now.date()
    coupon = world.coupon(
        merchant,
        store,
        per_person=99,
        collect_from=today - timedelta(days=1),
        collect_until=today + timedelta(days=30),
        valid_from=today - timedelta(days=1),
        valid_until=today + timedelta(days=30),
    )
    voucher = world.collected(coupon, holder)
    _copy(admin_url, voucher.id, number)
    cookie, csrf = signed_in(app, world, clerk)
    with world.at_counter(merchant, clerk) as work:
        membership_id = work.actor.membership_id
    assert membership_id is not None
    numbers = [str(400_000_000_000 + n) for n in range(1, number + 1)]
    return Counter(store.id, cookie, csrf, numbers, membership_id, merchant.id, clerk.id)


def _copy(admin_url: str, voucher_id: UUID, number: int) -> None:
    """Copies of one voucher, written as the administrator, who passes all walls."""
    engine = create_engine(admin_url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text(_COPY), {"id": voucher_id, "number": number})


def signed_in(app: Flask, world: World, person: MadePerson) -> tuple[str, str]:
    """Cookie header and CSRF token of a browser of this person."""
    token = world.sign_in(person, second_factor=True)
    session = {"csrf_token": RAW_CSRF, "device": "bench", "_user_id": f"{person.id}.{token}", "_fresh": True}
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    csrf = URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token").dumps(RAW_CSRF)
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(session)}", str(csrf)
