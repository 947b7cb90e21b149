"""The schema as the database itself tells it: tables, keys, policies, grants, functions, triggers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg

OURS = "public"
FACES = ("shop", "person", "office", "platform", "job", "gate", "ledger", "provider", "guest")


@dataclass(frozen=True)
class Key:
    """A primary key, unique or exclusion constraint, or a unique index; `where` is a partial index's condition."""

    name: str
    kind: str
    columns: tuple[str, ...]
    where: str | None


@dataclass(frozen=True)
class Reference:
    """A foreign key."""

    name: str
    columns: tuple[str, ...]
    table: str
    targets: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """One row-security policy."""

    name: str
    command: str
    roles: tuple[str, ...]
    using: str | None
    check: str | None
    permissive: bool

    @property
    def keyed(self) -> bool:
        """True when it compares with a key; else it shows everybody's rows, or those in some states."""
        return "current_setting" in (self.using or "")


@dataclass
class Table:
    """A table of schema public."""

    name: str
    owner: str
    enabled: bool
    forced: bool
    columns: dict[str, str] = field(default_factory=dict)
    nullable: set[str] = field(default_factory=set)
    identities: set[str] = field(default_factory=set)
    defaults: dict[str, str] = field(default_factory=dict)
    keys: list[Key] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    policies: list[Policy] = field(default_factory=list)
    brakes: list[Policy] = field(default_factory=list)  # restrictive policies: they only take away
    grants: set[tuple[str, str]] = field(default_factory=set)  # (role, privilege), whole table
    column_grants: set[tuple[str, str, str]] = field(default_factory=set)  # (role, privilege, column)
    triggers: set[str] = field(default_factory=set)

    @property
    def primary(self) -> tuple[str, ...]:
        """The columns of the primary key."""
        return next((key.columns for key in self.keys if key.kind == "p"), ())

    def may(self, role: str) -> set[str]:
        """What a role may do with the table or with some of its columns."""
        whole = {privilege for who, privilege in self.grants if who == role}
        return whole | {privilege for who, privilege, _column in self.column_grants if who == role}


@dataclass
class Catalogue:
    """Everything the lint looks at."""

    tables: dict[str, Table]
    views: set[str]
    materialised: set[str]
    functions: dict[str, tuple[bool, tuple[str, ...]]]  # name → (security definer, its settings)
    roles: dict[str, dict[str, bool]]
    owned_by_web: set[str]
    creatable_by_web: set[str]
    members_of_owner: set[str]


TABLES = """
SELECT c.relname, r.rolname, c.relrowsecurity, c.relforcerowsecurity
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.oid = c.relowner
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname <> 'alembic_version' ORDER BY 1"""
COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       a.attidentity <> '' OR coalesce(pg_get_expr(d.adbin, d.adrelid), '') LIKE 'nextval%',
       pg_get_expr(d.adbin, d.adrelid)
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, a.attnum"""
KEYS = """
SELECT t.relname, i.relname, CASE WHEN x.indisprimary THEN 'p' WHEN x.indisexclusion THEN 'x' ELSE 'u' END,
       ARRAY(SELECT coalesce(a.attname::text, '(expression)') FROM unnest(x.indkey::int[]) WITH ORDINALITY k(num, ord)
             LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.num
             WHERE k.ord <= x.indnkeyatts ORDER BY k.ord),
       pg_get_expr(x.indpred, t.oid)
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE n.nspname = 'public' AND (x.indisunique OR x.indisexclusion) ORDER BY 1, 2"""
REFERENCES = """
SELECT t.relname, c.conname,
       ARRAY(SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY k(num, ord)
             JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num ORDER BY k.ord),
       f.relname,
       ARRAY(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY k(num, ord)
             JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.num ORDER BY k.ord)
FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class f ON f.oid = c.confrelid
JOIN pg_namespace n ON n.oid = t.relnamespace WHERE c.contype = 'f' AND n.nspname = 'public' ORDER BY 1, 2"""
POLICIES = """
SELECT tablename, policyname, cmd, roles::text[], qual, with_check, permissive = 'PERMISSIVE'
FROM pg_policies WHERE schemaname = 'public' ORDER BY 1, 2"""
GRANTS = """
SELECT c.relname, coalesce(g.rolname, 'PUBLIC'), a.privilege_type
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a
LEFT JOIN pg_roles g ON g.oid = a.grantee
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND a.grantee <> c.relowner"""
COLUMN_GRANTS = """
SELECT c.relname, coalesce(g.rolname, 'PUBLIC'), a.privilege_type, t.attname
FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace,
     aclexplode(t.attacl) a LEFT JOIN pg_roles g ON g.oid = a.grantee
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND a.grantee <> c.relowner"""
TRIGGERS = """
SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND NOT t.tgisinternal"""
FUNCTIONS = """
SELECT n.nspname || '.' || p.proname, bool_or(p.prosecdef),
       array_agg(DISTINCT coalesce(array_to_string(p.proconfig, ' '), ''))
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname IN ('public', 'jobs')
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') GROUP BY 1"""
ROLES = """
SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin, rolinherit
FROM pg_roles WHERE rolname LIKE 'portal\\_%' OR rolname LIKE 'face\\_%'"""
OWNED_BY_WEB = """
SELECT c.relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
WHERE r.rolname = 'portal_web' OR r.rolname LIKE 'face\\_%'
UNION ALL SELECT n.nspname FROM pg_namespace n JOIN pg_roles r ON r.oid = n.nspowner
WHERE r.rolname = 'portal_web' OR r.rolname LIKE 'face\\_%'
UNION ALL SELECT p.proname FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner
WHERE r.rolname = 'portal_web' OR r.rolname LIKE 'face\\_%'"""
CREATABLE = """
SELECT r.rolname || ' in ' || n.nspname FROM pg_roles r, pg_namespace n
WHERE (r.rolname = 'portal_web' OR r.rolname LIKE 'face\\_%') AND has_schema_privilege(r.oid, n.oid, 'CREATE')
UNION ALL SELECT r.rolname || ' in the database' FROM pg_roles r
WHERE (r.rolname = 'portal_web' OR r.rolname LIKE 'face\\_%')
  AND (has_database_privilege(r.oid, current_database(), 'CREATE')
       OR has_database_privilege(r.oid, current_database(), 'TEMPORARY'))"""
MEMBERS = """
SELECT m.rolname FROM pg_auth_members x JOIN pg_roles m ON m.oid = x.member JOIN pg_roles r ON r.oid = x.roleid
WHERE r.rolname = 'portal_owner'"""
RELATIONS = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = %s
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"""


Ask = Callable[..., list[tuple]]


def read_catalogue(connection: psycopg.Connection) -> Catalogue:
    """Ask for everything at once."""

    def ask(question: str, *values: object) -> list[tuple]:
        return connection.execute(question, values or None).fetchall()

    tables = {name: Table(name, owner, on, forced) for name, owner, on, forced in ask(TABLES)}
    for fill in (_columns, _keys, _walls, _grants):
        fill(tables, ask)
    names = ("super", "bypass", "createrole", "createdb", "login", "inherit")
    return Catalogue(
        tables=tables,
        views={name for (name,) in ask(RELATIONS, "v")},
        materialised={name for (name,) in ask(RELATIONS, "m")},
        functions={name: (definer, tuple(settings)) for name, definer, settings in ask(FUNCTIONS)},
        roles={row[0]: dict(zip(names, row[1:], strict=True)) for row in ask(ROLES)},
        owned_by_web={name for (name,) in ask(OWNED_BY_WEB)},
        creatable_by_web={name for (name,) in ask(CREATABLE)},
        members_of_owner={name for (name,) in ask(MEMBERS)},
    )


def _columns(tables: dict[str, Table], ask: Ask) -> None:
    for name, column, kind, required, identity, default in ask(COLUMNS):
        table = tables.get(name)
        if table is None:
            continue
        table.columns[column] = kind
        table.nullable |= set() if required else {column}
        table.identities |= {column} if identity else set()
        table.defaults |= {column: default} if default else {}


def _keys(tables: dict[str, Table], ask: Ask) -> None:
    for table, name, kind, columns, where in ask(KEYS):
        if table in tables:
            tables[table].keys.append(Key(name, kind, tuple(columns), where))
    for table, name, columns, target, targets in ask(REFERENCES):
        tables[table].references.append(Reference(name, tuple(columns), target, tuple(targets)))


def _walls(tables: dict[str, Table], ask: Ask) -> None:
    for table, name, command, roles, using, check, permissive in ask(POLICIES):
        kept = tables[table].policies if permissive else tables[table].brakes
        kept.append(Policy(name, command, tuple(roles), using, check, permissive))
    for table, trigger in ask(TRIGGERS):
        tables[table].triggers.add(trigger)


def _grants(tables: dict[str, Table], ask: Ask) -> None:
    for table, role, privilege in ask(GRANTS):
        if table in tables:
            tables[table].grants.add((role, privilege))
    for table, role, privilege, column in ask(COLUMN_GRANTS):
        tables[table].column_grants.add((role, privilege, column))
