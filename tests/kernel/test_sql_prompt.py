"""What the faces of tenants could do if somebody spoke SQL through them: not more than their owners may."""

from __future__ import annotations

from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.domain.identity.models import Notification
from portal.domain.vouchers import actions
from portal.domain.vouchers.models import Coupon
from portal.kernel.database import new_id
from portal.kernel.faces import slip_in
from portal.kernel.scope import Face, OutOfScope
from tests.domain.vouchers.town import a_town
from tests.factories.world import World


class Prompt:
    """A connection as the web has it, on one face with its key."""

    def __init__(self, world: World) -> None:
        self.url = world.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    def run(self, face: Face, key: UUID | None, statement: str, *values: object) -> int:
        """How many rows it touched or found."""
        with psycopg.connect(self.url) as connection:
            connection.execute(f"SET LOCAL ROLE {face.role}")
            name = {Face.OFFICE: "merchant", Face.PERSON: "person"}.get(face)
            if name and key:
                connection.execute(f"SET LOCAL app.{name} = '{key}'")
            return connection.execute(statement, values).rowcount

    def refused(self, face: Face, key: UUID | None, statement: str, *values: object) -> None:
        """The database says no, by grant or by wall."""
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            self.run(face, key, statement, *values)


@pytest.fixture
def prompt(world: World) -> Prompt:
    return Prompt(world)


ISSUE = (
    "INSERT INTO vouchers (merchant_id, id, coupon_id, holder_id, holder, nth, code, secret, terms, state, "
    "collected_at, valid_from, expires_at) VALUES (%s, %s, %s, %s, '陈*', 7, '123456789012', "
    "decode('00112233445566778899', 'hex'), '{}', 'usable', now(), now(), now() + interval '1 day')"
)


def test_nobody_issues_a_voucher_to_himself_or_others(world: World, prompt: Prompt) -> None:
    town = a_town(world)
    coupon = world.coupon(town.merchant, town.store)
    for face, key in ((Face.PERSON, town.consumer.id), (Face.OFFICE, town.merchant.id), (Face.SHOP, None)):
        prompt.refused(face, key, ISSUE, town.merchant.id, uuid4(), coupon, town.consumer.id)
        prompt.refused(face, key, "UPDATE coupon_counters SET issued = issued + 1")
    made = world.collected(coupon, town.consumer)
    prompt.refused(Face.PERSON, town.consumer.id, "UPDATE vouchers SET terms = '{}' WHERE id = %s", made.id)
    assert prompt.run(Face.PERSON, town.consumer.id, "SELECT FROM coupon_counters WHERE issued = 1") == 1


def test_no_office_and_no_person_writes_to_anybody(world: World, prompt: Prompt) -> None:
    town = a_town(world)
    letter = (
        "INSERT INTO notifications (person_id, id, kind, words, link, created_at) VALUES (%s, %s, 'x', '{}', '', now())"
    )
    short = "INSERT INTO text_messages (id, kind, phone, state, created_at) VALUES (%s, 'x', '1', 'queued', now())"
    keys = ((Face.OFFICE, town.merchant.id), (Face.PERSON, town.consumer.id), (Face.PLATFORM, None), (Face.SHOP, None))
    for face, key in keys:
        prompt.refused(face, key, letter, town.consumer.id, uuid4())
        prompt.refused(face, key, short, uuid4())


def test_nobody_gives_himself_a_second_factor(world: World, prompt: Prompt) -> None:
    person = world.person()
    world.sign_in(person)
    world.authenticator(person)
    me = (Face.PERSON, person.id)
    prompt.refused(*me, "UPDATE sign_ins SET second_factor_at = now()")
    begin = (
        "INSERT INTO sign_ins (person_id, id, token_hash, device_label, created_at, seen_at, expires_at, "
        "second_factor_at) VALUES (%s, %s, 'x', '', now(), now(), now() + interval '1 day', now())"
    )
    prompt.refused(*me, begin, person.id, uuid4())
    prompt.refused(*me, "UPDATE credentials SET totp_confirmed_at = NULL")
    prompt.refused(*me, "UPDATE credentials SET totp_secret = 'mine'")
    prompt.refused(*me, "UPDATE credentials SET password_hash = 'mine'")
    prompt.refused(*me, "UPDATE recovery_codes SET used_at = NULL")
    prompt.refused(*me, "INSERT INTO recovery_codes (person_id, digest) VALUES (%s, 'x')", person.id)
    prompt.refused(*me, "DELETE FROM recovery_codes")
    prompt.refused(*me, "UPDATE persons SET phone = '15400009999'")
    assert prompt.run(*me, "UPDATE sign_ins SET ended_at = now()") == 1, "signing out is his right"


def test_a_referrer_is_bound_at_the_gate_and_reads_no_more_than_his_page_shows(world: World, prompt: Prompt) -> None:
    town = a_town(world)
    me = (Face.PERSON, town.consumer.id)
    bind = (
        "INSERT INTO referrals (person_id, person_name, token, shown_name, bound_at, state) "
        "VALUES (%s, '', 'x', 'x', now(), 'bound')"
    )
    prompt.refused(*me, bind, town.consumer.id)
    prompt.refused(*me, "UPDATE referrals SET state = 'upheld'")
    prompt.run(Face.OFFICE, town.merchant.id, "SELECT person_name, bound_at, state FROM referrals")
    for secret in ("person_id", "contest_reason", "contested_at"):
        prompt.refused(Face.OFFICE, town.merchant.id, f"SELECT {secret} FROM referrals")


def test_a_row_slips_in_with_its_act_and_the_face_is_given_back(world: World) -> None:
    town, reader = a_town(world), world.person()
    facts = {"person_id": reader.id, "kind": "x", "words": {}, "link": "", "created_at": world.clock.now()}
    with world.work(Face.OFFICE, merchant=town.merchant.id) as work:
        slip_in(work, Face.GATE, Notification, id=new_id(), **facts)
        role = work.session.connection().exec_driver_sql("SELECT current_user").scalar()
        assert role == "face_office"
        with pytest.raises(ValueError, match="borrow"):
            slip_in(work, Face.PERSON, Notification, id=new_id(), **facts)
        with pytest.raises(OutOfScope):
            slip_in(work, Face.SHOP, Notification, id=new_id(), **facts)
    with world.work(Face.JOB) as work:
        assert work.session.query(Notification).filter_by(person_id=reader.id).count() == 1


def test_a_draft_is_its_merchants_own(world: World, prompt: Prompt) -> None:
    town = a_town(world)
    draft = world.coupon(town.merchant, town.store, publish=False)
    count = "SELECT FROM coupons WHERE id = %s"
    street = ((Face.SHOP, None), (Face.PERSON, town.consumer.id))
    for face, key in street:
        assert prompt.run(face, key, count, draft) == 0
    assert prompt.run(Face.OFFICE, town.merchant.id, count, draft) == 1
    for act in (actions.publish, actions.pause, actions.end):
        with world.work(Face.OFFICE, merchant=town.merchant.id) as work:
            act(work, draft)
        for face, key in street:
            assert prompt.run(face, key, count, draft) == 1, "what was ever on offer may be read"


def test_the_guard_above_hides_drafts_as_well(world: World) -> None:
    town = a_town(world)
    draft, open_one = (world.coupon(town.merchant, town.store, publish=public) for public in (False, True))
    with world.work(Face.SHOP) as work:
        work.session.connection().exec_driver_sql("RESET ROLE")
        work.session.connection().exec_driver_sql("SET LOCAL ROLE face_platform")  # no wall but the guard
        assert set(work.session.scalars(select(Coupon.id))) == {open_one}
        assert draft not in set(work.session.scalars(select(aliased(Coupon).id)))
