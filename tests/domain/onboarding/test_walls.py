"""The second wall by itself: what each face reads and writes when the application's filters are gone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from tests.factories.world import World


@contextmanager
def face(world: World, name: str, *, person: UUID | None = None, merchant: UUID | None = None) -> Iterator[Connection]:
    """A plain connection that wears a face, without the ORM's guard."""
    with world.engine.connect() as connection, connection.begin() as transaction:
        connection.execute(text(f"SET LOCAL ROLE face_{name}"))
        connection.execute(text(f"SET LOCAL app.person = '{person or ''}'"))
        connection.execute(text(f"SET LOCAL app.merchant = '{merchant or ''}'"))
        yield connection
        transaction.rollback()


def count(connection: Connection, table: str) -> int:
    return connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


OWN_TABLES = ("applications", "application_revisions", "application_documents")


@pytest.mark.parametrize("table", OWN_TABLES)
def test_a_person_sees_his_own_rows_and_nobody_elses(world: World, table: str) -> None:
    made, stranger = world.submitted(), world.person()
    with face(world, "person", person=made.person.id) as connection:
        assert count(connection, table) > 0
    with face(world, "person", person=stranger.id) as connection:
        assert count(connection, table) == 0
    with face(world, "person") as connection:
        assert count(connection, table) == 0
    for name in ("shop", "office", "gate", "job"):
        with face(world, name) as connection, pytest.raises(DBAPIError, match="permission denied"):
            count(connection, table)


def test_a_document_of_another_person_cannot_be_attached_or_removed(world: World) -> None:
    made, stranger = world.submitted(), world.person()
    with face(world, "person", person=stranger.id) as connection:
        done = connection.execute(text("UPDATE application_documents SET removed_at = now()"))
        assert done.rowcount == 0
    with face(world, "person", person=stranger.id) as connection, pytest.raises(DBAPIError, match="row-level"):
        connection.execute(
            text(
                "INSERT INTO application_documents"
                " (person_id, id, application_id, kind, stored, suffix, size, uploaded_at)"
                " SELECT :person, gen_random_uuid(), :application, 'other', 'x.jpg', 'jpg', 1, now()"
            ),
            {"person": made.person.id, "application": made.id},
        )


def test_the_platform_decides_but_never_rewrites_what_was_submitted(world: World) -> None:
    world.submitted()
    for column in ("name", "bank_number", "document_ids"):
        with face(world, "platform") as connection, pytest.raises(DBAPIError, match="permission denied"):
            connection.execute(text(f"UPDATE application_revisions SET {column} = {column}"))
    with face(world, "platform") as connection, pytest.raises(DBAPIError, match="permission denied"):
        connection.execute(text("UPDATE applications SET bank_number = ''"))


@pytest.mark.parametrize("table", ["merchant_profiles", "profile_changes", "merchant_papers", "invitations"])
def test_an_office_sees_its_own_merchants_rows_only(world: World, table: str) -> None:
    one, other = world.merchant(), world.merchant()
    for merchant in (one, other):
        world.profile(merchant)
        owner = world.staff(merchant)
        world.change(merchant, owner, address="新址")
        world.invited(merchant, owner, f"1540003{next(world.numbers):04d}")
    with face(world, "office", merchant=one.id) as connection:
        rows = connection.execute(text(f"SELECT merchant_id FROM {table}")).scalars().all()
        assert set(rows) == {one.id}
    with face(world, "office") as connection:
        assert connection.execute(text(f"SELECT merchant_id FROM {table}")).all() == []


@pytest.mark.parametrize("table", ["merchant_profiles", "profile_changes"])
def test_an_office_never_reads_a_bank_number_not_even_its_own(world: World, table: str) -> None:
    merchant = world.merchant()
    world.profile(merchant)
    world.change(merchant, world.staff(merchant), bank_number="9999990000004321")
    with (
        face(world, "office", merchant=merchant.id) as connection,
        pytest.raises(DBAPIError, match="permission denied"),
    ):
        connection.execute(text(f"SELECT bank_number FROM {table}"))
    with face(world, "office", merchant=merchant.id) as connection:
        assert connection.execute(text(f"SELECT bank_last4 FROM {table}")).scalar_one() in ("6789", "4321")
    with face(world, "platform") as connection:
        assert connection.execute(text(f"SELECT bank_number FROM {table}")).scalar_one().startswith("999999")


def test_an_office_changes_its_contact_and_nothing_vital(world: World) -> None:
    merchant = world.merchant()
    world.profile(merchant)
    with face(world, "office", merchant=merchant.id) as connection:
        assert connection.execute(text("UPDATE merchant_profiles SET contact_name = '何伟'")).rowcount == 1
    for column in ("legal_name", "licence_number", "bank_number", "address"):
        with face(world, "office", merchant=merchant.id) as connection, pytest.raises(DBAPIError, match="denied"):
            connection.execute(text(f"UPDATE merchant_profiles SET {column} = 'x'"))


def test_an_invited_person_answers_and_changes_nothing_else(world: World) -> None:
    merchant = world.merchant()
    owner, guest = world.staff(merchant), world.person()
    world.invited(merchant, owner, guest.phone)
    with face(world, "person", person=guest.id) as connection:
        assert count(connection, "invitations") == 1
    for column in ("role", "all_stores", "merchant_id", "person_id"):
        with face(world, "person", person=guest.id) as connection, pytest.raises(DBAPIError, match="permission denied"):
            connection.execute(text(f"UPDATE invitations SET {column} = {column}"))
    with face(world, "person", person=guest.id) as connection, pytest.raises(DBAPIError, match="permission denied"):
        connection.execute(text("DELETE FROM invitations"))


@pytest.mark.parametrize("name", ["shop", "person", "office", "job", "gate"])
def test_only_the_platform_writes_what_everybody_reads(world: World, name: str) -> None:
    for table in ("categories", "parameter_values", "notices"):
        with face(world, name) as connection:
            count(connection, table)
        with face(world, name) as connection, pytest.raises(DBAPIError, match="permission denied"):
            connection.execute(text(f"DELETE FROM {table}"))
    with face(world, name) as connection, pytest.raises(DBAPIError, match="permission denied"):
        count(connection, "announcements")
