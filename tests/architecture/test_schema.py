"""The migrated database keeps the house's laws: one owner, composite keys, one wall for each table, nothing else."""

from __future__ import annotations

import re

from portal.kernel.database import Base
from portal.kernel.scope import Face, Sight
from portal.tables import METADATA
from tests.architecture import ownership
from tests.architecture.catalogue import FACES, Catalogue, Policy, Reference, Table
from tests.architecture.ownership import owner_of

ONE_KEY = re.compile(
    r"^\((?P<column>\w+) = "
    r"\(NULLIF\(current_setting\('app\.(?P<key>merchant|person|actor|sitting)'::text, true\), ''::text\)\)::uuid\)$"
)
ONE_STATE = re.compile(r"^\((?P<column>\w+) = ANY \(ARRAY\[(?P<words>('\w+'::text(, )?)+)\]\)\)$")
DEFINERS = re.compile(r"^jobs\.procrastinate_defer")


def owned(catalogue: Catalogue) -> list[Table]:
    return [table for table in catalogue.tables.values() if owner_of(table) is not None]


def groups() -> dict[str, str]:
    return ownership.ROOTS | ownership.PLATFORM | ownership.REFERENCE | ownership.ROUTING | ownership.EXEMPT


def test_every_table_has_an_owner_or_a_reason(catalogue: Catalogue) -> None:
    listed = groups()
    lost = [name for name, table in catalogue.tables.items() if owner_of(table) is None and name not in listed]
    assert not lost, f"begin the primary key with the owner, or list them in tests/architecture/ownership.py: {lost}"
    assert set(listed) <= set(catalogue.tables), "dead lines in ownership.py"


def test_every_table_has_a_model_and_every_model_a_table(catalogue: Catalogue) -> None:
    assert set(METADATA.tables) == set(catalogue.tables)


def test_keys_begin_with_the_owner_and_contain_it(catalogue: Catalogue) -> None:
    faults = []
    for table in owned(catalogue):
        owner = str(owner_of(table))
        if table.primary[0] != owner or owner in table.nullable:
            faults.append(f"{table.name}: PRIMARY KEY begins with {owner}")
        for key in table.keys:
            excused = key.kind == "p" or f"{table.name}.{key.name}" in ownership.UNIQUE_WITHOUT_OWNER
            if not excused and owner not in key.columns:
                faults.append(f"{table.name}.{key.name} {key.columns}: put {owner} into it, or give a reason")
    assert not faults, "\n".join(faults)


def test_references_carry_the_owner(catalogue: Catalogue) -> None:
    faults = []
    for table in owned(catalogue):
        for reference in table.references:
            listed = f"{table.name}.{reference.name}" in ownership.REFERENCE_WITHOUT_OWNER
            if not listed and reference.table not in ownership.REFERENCE and not carries(table, reference, catalogue):
                faults.append(f"{table.name}.{reference.name}: use belongs_to(), or give a reason")
    assert not faults, "\n".join(faults)


def carries(table: Table, reference: Reference, catalogue: Catalogue) -> bool:
    here, there = owner_of(table), owner_of(catalogue.tables[reference.table])
    return (here, there) in zip(reference.columns, reference.targets, strict=True)


def test_allow_lists_have_no_dead_lines(catalogue: Catalogue) -> None:
    keys = {f"{table.name}.{key.name}" for table in catalogue.tables.values() for key in table.keys}
    references = {f"{t.name}.{one.name}" for t in catalogue.tables.values() for one in t.references}
    assert set(ownership.UNIQUE_WITHOUT_OWNER) <= keys
    assert set(ownership.REFERENCE_WITHOUT_OWNER) <= references


WITHOUT_WALL = frozenset({*ownership.REFERENCE, "limit_counters"})


def test_every_table_but_reference_stands_behind_a_wall(catalogue: Catalogue) -> None:
    bare = [name for name, table in catalogue.tables.items() if not (table.enabled and table.forced)]
    assert not set(bare) - WITHOUT_WALL, f"use wall(): {bare}"


def test_policies_compare_one_column_with_one_key(catalogue: Catalogue) -> None:
    for table in catalogue.tables.values():
        for policy in table.policies:
            where = f"{table.name}.{policy.name}"
            assert policy.permissive, where
            assert policy.command == "ALL", where
            assert len(policy.roles) == 1, f"{where}: one policy for each face"
            assert policy.roles[0].startswith("face_"), where
            assert policy.using == policy.check, f"{where}: USING and WITH CHECK must be the same"
            using = policy.using or ""
            assert using == "true" or ONE_KEY.match(using) or ONE_STATE.match(using), f"{where}: {using}"
        faces = [policy.roles[0] for policy in table.policies]
        assert len(faces) == len(set(faces)), f"{table.name}: two policies of one face are OR'ed"


BRAKES = {("products", "face_office", "DELETE"): "((state = 'draft'::text) AND (approved_at IS NULL))"}
"""Where a face may do less than its grant says, and to which rows."""


def test_what_is_held_back_is_listed(catalogue: Catalogue) -> None:
    found = {
        (table.name, role, policy.command): policy.using
        for table in catalogue.tables.values()
        for policy in table.brakes
        for role in policy.roles
    }
    assert found == BRAKES


Shown = tuple[str, str] | tuple[str, frozenset[str]] | None


def shown(policy: Policy) -> Shown:
    states = ONE_STATE.match(policy.using or "")
    if states:
        return states["column"], frozenset(re.findall(r"'(\w+)'", states["words"]))
    found = ONE_KEY.match(policy.using or "")
    return (found["column"], found["key"]) if found else None


def declared(sight: Sight) -> Shown:
    if sight.when is not None:
        return sight.when.column, frozenset(sight.when.words)
    return (str(sight.column), sight.key.value) if sight.key else None


def declared_sights() -> dict[str, dict[str, Shown]]:
    sights = {}
    for mapper in Base.registry.mappers:
        of_table: dict[Face, Sight] = dict(mapper.class_.__sight__)
        sights[str(mapper.local_table.name)] = {
            f"face_{face.value}": declared(sight) for face, sight in of_table.items()
        }
    return sights


def test_the_walls_are_what_the_models_declare(catalogue: Catalogue) -> None:
    faults = []
    for name, sights in declared_sights().items():
        walls = {policy.roles[0]: shown(policy) for policy in catalogue.tables[name].policies}
        if name not in WITHOUT_WALL and walls != sights:
            differ = sorted(set(walls.items()) ^ set(sights.items()), key=str)
            faults.append(f"{name}: __sight__ and wall() differ in {differ}")
    assert not faults, "\n".join(faults)


def test_a_face_has_a_policy_exactly_when_it_has_a_grant(catalogue: Catalogue) -> None:
    faults = []
    for name, table in catalogue.tables.items():
        granted = {face for face in FACES if table.may(f"face_{face}")}
        differ = granted ^ {policy.roles[0].removeprefix("face_") for policy in table.policies}
        if name not in WITHOUT_WALL and differ:
            faults.append(f"{name}: {sorted(differ)}")
    assert not faults, "\n".join(faults)


def test_grants_are_sane(catalogue: Catalogue) -> None:
    web_itself = {"limit_counters"}
    for name, table in catalogue.tables.items():
        assert table.owner == "portal_owner", name
        everyone = table.grants | {(role, what) for role, what, _column in table.column_grants}
        for role, privilege in everyone:
            assert role.startswith("face_") or (role == "portal_web" and name in web_itself), f"{name}: {role}"
            assert privilege in {"SELECT", "INSERT", "UPDATE", "DELETE"}, f"{name}: {privilege} for {role}"
        for role in ("face_shop",):
            writes = table.may(role) - {"SELECT"}
            assert not writes or f"{name}" in SHOP_WRITES, f"{name}: nobody unknown may {writes}"


SHOP_WRITES: dict[str, str] = {}


SECRETS = {
    "phone",
    "password_hash",
    "totp_secret",
    "bank_account",
    "id_number",
    "token_hash",
    "secret",
    "licence_number",
}
PUBLIC_ON_PURPOSE = {"store_cards.phone": "the number on the door"}


def test_private_facts_are_not_shown_to_the_street(catalogue: Catalogue) -> None:
    faults = []
    for name, table in catalogue.tables.items():
        every = table.columns if ("face_shop", "SELECT") in table.grants else ()
        visible = {*every, *(column for role, _what, column in table.column_grants if role == "face_shop")}
        shown_secrets = {f"{name}.{column}" for column in SECRETS & visible}
        faults += sorted(shown_secrets - set(PUBLIC_ON_PURPOSE))
    assert not faults


def test_what_is_written_once_is_never_changed(catalogue: Catalogue) -> None:
    for name, fillable in ownership.APPEND_ONLY.items():
        table = catalogue.tables[name]
        for face in FACES:
            assert (f"face_{face}", "UPDATE") not in table.grants, f"{name}: UPDATE for {face}"
            columns = {c for role, what, c in table.column_grants if role == f"face_{face}" and what == "UPDATE"}
            assert columns <= fillable, f"{name}: {face} may change {columns}"
        deleting = {role for role, what in table.grants if what == "DELETE"}
        assert deleting <= {"face_job"}, f"{name}: {deleting}"
    assert "DELETE" not in catalogue.tables["audit_entries"].may("face_job")


def test_the_web_role_is_nobody(catalogue: Catalogue) -> None:
    faces = {f"face_{face}" for face in FACES}
    assert faces | {"portal_web", "portal_owner"} <= set(catalogue.roles)
    for name, traits in catalogue.roles.items():
        if name in faces | {"portal_web", "portal_owner"}:
            for trait in ("super", "bypass", "createrole", "createdb"):
                assert not traits[trait], f"{name} has {trait}"
        if name in faces:
            assert not traits["login"], name
    assert not catalogue.roles["portal_web"]["inherit"], "the web must become a face before it may do anything"
    assert catalogue.owned_by_web == set()
    assert catalogue.creatable_by_web == set()
    assert "portal_web" not in catalogue.members_of_owner
    assert not catalogue.members_of_owner & faces


def test_nothing_numbers_itself_and_nothing_triggers(catalogue: Catalogue) -> None:
    for name, table in catalogue.tables.items():
        assert not table.identities, f"{name}: {table.identities} – ids are UUIDv7 made by the application"
        assert {f"{name}.{trigger}" for trigger in table.triggers} <= set(ownership.TRIGGERS)


def test_views_and_definers_are_listed(catalogue: Catalogue) -> None:
    assert catalogue.views == set(ownership.VIEWS)
    assert catalogue.materialised == set()
    for name, (definer, settings) in catalogue.functions.items():
        if definer:
            assert DEFINERS.match(name), f"{name}: SECURITY DEFINER passes every wall"
            assert settings == ("search_path=jobs, pg_temp",), f"{name}: a fixed search_path"


def test_types_are_the_houses_types(catalogue: Catalogue) -> None:
    for name, table in catalogue.tables.items():
        for column, kind in table.columns.items():
            where = f"{name}.{column}: {kind}"
            assert kind != "timestamp without time zone", where
            assert kind not in ("money", "real", "json"), where
            assert not kind.startswith("character"), where
            if column.endswith("_at"):
                assert kind == "timestamp with time zone", where
            if column.endswith("_fen"):
                assert kind == "bigint", where
            if column == "id" or column.endswith("_id"):
                assert kind in ("uuid", "text"), where
