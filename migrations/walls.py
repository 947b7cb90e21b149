"""Row security for one table, written once: who sees which rows, and what he may do with them.

A wall names for each face one column and one key, never an OR (measured: OR'ed policies lose indexes and let a clerk
change his own consumer rows at another merchant). The keys are set by `portal.kernel.work`; an unset key is no rows.
"""

from __future__ import annotations

from dataclasses import dataclass

from alembic import op

FACES = ("shop", "person", "office", "platform", "job", "gate")
LATER = ("ledger", "provider", "guest")  # faces that came with a feature of their own: they read no reference tables


@dataclass(frozen=True)
class Rows:
    """Rows whose `column` equals `app.<key>`; without column all rows, or those `when` a column holds one of
    some words. `may` is what GRANT takes.
    """

    may: str
    column: str | None = None
    key: str | None = None
    when: tuple[str, tuple[str, ...]] | None = None

    @property
    def condition(self) -> str:
        """The SQL condition of the policy."""
        if self.when is not None:
            column, words = self.when
            listed = ", ".join(f"'{word}'" for word in words)
            return f"{column} IN ({listed})"
        if self.column is None:
            return "true"
        return f"{self.column} = nullif(current_setting('app.{self.key}', true), '')::uuid"


def all_rows(may: str, *, when: tuple[str, tuple[str, ...]] | None = None) -> Rows:
    """Every row: public facts, or the operator's view; with `when` those in one of some states."""
    return Rows(may, when=when)


def merchants_rows(may: str, column: str = "merchant_id") -> Rows:
    """Rows of the merchant whose office is open."""
    return Rows(may, column, "merchant")


def persons_rows(may: str, column: str = "person_id") -> Rows:
    """Rows of the person who is signed in."""
    return Rows(may, column, "person")


def sittings_rows(may: str, column: str = "sitting_id") -> Rows:
    """Rows of the sitting that a guest has joined."""
    return Rows(may, column, "sitting")


def actors_rows(may: str, column: str = "actor_id") -> Rows:
    """Rows of whoever acts (stored answers)."""
    return Rows(may, column, "actor")


def wall(table: str, **faces: Rows) -> None:
    """Enable and force row security on `table`, with one policy and one grant for each face named."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    let_in(table, **faces)


def let_in(table: str, **faces: Rows) -> None:
    """Give these faces their policy and their grant on a table that stands behind its wall already."""
    unknown = set(faces) - {*FACES, *LATER}
    if unknown:
        raise ValueError(f"unknown faces: {sorted(unknown)}")
    for face, rows in faces.items():
        op.execute(f"GRANT {rows.may} ON {table} TO face_{face}")
        op.execute(
            f"CREATE POLICY {table}_{face} ON {table} TO face_{face} "
            f"USING ({rows.condition}) WITH CHECK ({rows.condition})"
        )


def delete_only(table: str, face: str, condition: str) -> None:
    """Let this face delete rows of these alone, within its policy: a restrictive policy, which only ever takes away."""
    op.execute(f"GRANT DELETE ON {table} TO face_{face}")
    op.execute(
        f"CREATE POLICY {table}_{face}_delete ON {table} AS RESTRICTIVE FOR DELETE TO face_{face} USING ({condition})"
    )


def undelete(table: str, face: str) -> None:
    """Take back what `delete_only` gave."""
    op.execute(f"DROP POLICY {table}_{face}_delete ON {table}")
    op.execute(f"REVOKE DELETE ON {table} FROM face_{face}")


def unwall(table: str, *faces: str) -> None:
    """Take back what `wall` or `let_in` gave to these faces; dropping the table does it as well."""
    for face in faces:
        op.execute(f"DROP POLICY {table}_{face} ON {table}")
        op.execute(f"REVOKE ALL ON {table} FROM face_{face}")


def reference(table: str, *, writers: tuple[str, ...] = ()) -> None:
    """A small shared table without owner: every face reads it, `writers` keep it."""
    op.execute(f"GRANT SELECT ON {table} TO {', '.join(f'face_{face}' for face in FACES)}")
    for face in writers:
        op.execute(f"GRANT INSERT, UPDATE, DELETE ON {table} TO face_{face}")
