"""Row security alone: every keyed policy holds, and without it the same attempts succeed (else it proves nothing)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from psycopg import sql

from portal.kernel.scope import Face
from tests.architecture import ownership
from tests.architecture.catalogue import Policy, Table
from tests.walker.attack import Attack, keys_of
from tests.walker.walk import Walk

TENANT_FACES = ("face_shop", "face_person", "face_office", "face_guest")


def keyed(walk: Walk) -> Iterator[tuple[Table, Policy]]:
    """Every policy that compares a key, on a table of which B has rows."""
    for table in walk.catalogue.tables.values():
        for policy in table.policies:
            if policy.keyed and any(name == table.name for name, _key in walk.b.names):
                yield table, policy


def test_every_wall_holds_by_itself(walk: Walk) -> None:
    walls = list(keyed(walk))
    holes = [hole for table, policy in walls for hole in Attack(walk, table, policy).holes()]
    print(f"walls: {len(walls)} policies attacked, each with and without keys: {len(holes)} holes")
    assert len(walls) > 20
    assert not holes


def test_every_owned_table_is_attacked(walk: Walk) -> None:
    attacked = {table.name for table, _policy in keyed(walk)}
    owned = {name for name, table in walk.catalogue.tables.items() if ownership.owner_of(table) is not None}
    assert owned - attacked == set(ownership.WORKER_ONLY), "a table without a keyed policy, or without rows in town B"


def test_what_is_the_workers_only_is_shut_to_all_other_faces(walk: Walk) -> None:
    for table in (walk.catalogue.tables[name] for name in ownership.WORKER_ONLY):
        granted = {grant[0] for grant in (*table.grants, *table.column_grants)}
        assert {who for who in granted if who.startswith("face_")} == {"face_job"}, table.name
        assert {role for policy in table.policies for role in policy.roles} == {"face_job"}, table.name


def test_without_its_policy_each_table_turns_red(walk: Walk) -> None:
    green = []
    walls = list(keyed(walk))
    for table, policy in walls:
        name, wall = sql.Identifier(table.name), sql.Identifier(policy.name)
        with walk.connection.transaction(force_rollback=True):
            walk.connection.execute(sql.SQL("ALTER POLICY {} ON {} USING (true) WITH CHECK (true)").format(wall, name))
            if not Attack(walk, table, policy).holes():
                green.append(f"{table.name}/{policy.name}")
    print(f"walls: {len(walls)} taken away one by one, {len(walls) - len(green)} turned red")
    assert not green, "these attempts prove nothing"


def test_without_row_security_each_table_turns_red(walk: Walk) -> None:
    green = []
    for name in sorted({table.name for table, _policy in keyed(walk)}):
        table = walk.catalogue.tables[name]
        with walk.connection.transaction(force_rollback=True):
            walk.connection.execute(sql.SQL("ALTER TABLE {} DISABLE ROW LEVEL SECURITY").format(sql.Identifier(name)))
            attacks = [Attack(walk, table, policy) for policy in table.policies if policy.keyed]
            if not any(attack.holes() for attack in attacks):
                green.append(name)
    assert not green


@pytest.mark.parametrize("face", TENANT_FACES)
def test_open_sights_are_listed_with_their_reason(walk: Walk, face: str) -> None:
    """What a tenant's face does beyond its own rows: each act has a reason, dead lines go."""
    acts = set()
    for table in walk.catalogue.tables.values():
        if table.name in ownership.REFERENCE:
            continue
        for policy in table.policies:
            if policy.roles[0] == face and not policy.keyed:
                acts |= {(table.name, what) for what in table.may(face)}
    listed = {(table, what) for who, table, what in ownership.OPEN if who == face}
    assert acts - listed == set(), "beyond its own rows: give the reason in tests/architecture/ownership.py OPEN"
    assert listed - acts == set(), "dead lines in OPEN"


def test_keys_do_not_outlive_their_transaction(walk: Walk) -> None:
    connection, keys = walk.connection, keys_of(walk.b)
    with connection.transaction():
        connection.execute(sql.SQL("SET LOCAL app.merchant = {}").format(sql.Literal(str(keys.merchant))))
    with connection.transaction():
        connection.execute("SET LOCAL ROLE face_office")
        assert connection.execute("SELECT count(*) FROM memberships").fetchone() == (0,)
    connection.execute("SET LOCAL app.merchant = 'x'")  # outside a transaction it has no effect
    with connection.transaction():
        connection.execute("SET LOCAL ROLE face_office")
        assert connection.execute("SELECT count(*) FROM memberships").fetchone() == (0,)


def test_every_face_has_a_role() -> None:
    assert {f"face_{face.value}" for face in Face} >= set(TENANT_FACES)
