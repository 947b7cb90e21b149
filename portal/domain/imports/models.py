"""Batches and their rows. A merchant's own: its office keeps them, the worker wakes and forgets them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, Id, OwnerId
from portal.kernel.scope import Face, by_merchant, everyone

OWN = {Face.OFFICE: by_merchant(), Face.JOB: everyone()}
_KINDS = "kind IN ('products', 'prices', 'stock', 'tracking', 'history')"
_STATES = (
    "state IN ('reading', 'unreadable', 'ready', 'discarded', 'applying', 'stopped', 'applied', 'undoing', 'undone')"
)


class ImportBatch(Base):
    """One uploaded file. `reached` is the last line of the step under way that was kept; `stopping` asks the worker to
    stop between two lots.
    """

    __tablename__ = "import_batches"
    __sight__ = OWN
    __table_args__ = (
        CheckConstraint(_KINDS, name="kind"),
        CheckConstraint(_STATES, name="state"),
        Index("ix_import_batches_merchant_id_made_at", "merchant_id", "made_at"),
        Index(
            "ix_import_batches_touched_at",
            "touched_at",
            postgresql_where=text("state IN ('reading', 'applying', 'undoing')"),
        ),
    )

    merchant_id: Mapped[UUID] = mapped_column(ForeignKey("merchants.id"), primary_key=True)
    id: Mapped[Id]
    kind: Mapped[str]
    state: Mapped[str]
    file_name: Mapped[str]
    stored: Mapped[str]
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    strangers: Mapped[list[Any]]
    reached: Mapped[int]
    stopping: Mapped[bool]
    rows: Mapped[int]
    new: Mapped[int]
    changed: Mapped[int]
    same: Mapped[int]
    wrong: Mapped[int]
    done: Mapped[int]
    failed: Mapped[int]
    undone: Mapped[int]
    left: Mapped[int]
    made_at: Mapped[datetime]
    made_by: Mapped[UUID | None]
    begun_at: Mapped[datetime | None]
    begun_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    touched_at: Mapped[datetime]


class ImportRow(Base):
    """One row of a file: what it said, what is wrong with it, what its act needs, and what taking it back needs. `key`
    carries a mark of its batch in front (`actions.seen.own`).
    """

    __tablename__ = "import_rows"
    __sight__ = OWN
    __table_args__ = (
        ForeignKeyConstraint(
            ["merchant_id", "batch_id"], ["import_batches.merchant_id", "import_batches.id"], ondelete="CASCADE"
        ),
        CheckConstraint("verdict IN ('new', 'changed', 'same', 'wrong')", name="verdict"),
        CheckConstraint("state IN ('open', 'done', 'failed', 'undone', 'left')", name="state"),
        Index("ix_import_rows_key", "merchant_id", "key"),
        Index("ix_import_rows_verdict", "merchant_id", "batch_id", "verdict", "number"),
        Index(
            "ix_import_rows_trouble",
            "merchant_id",
            "batch_id",
            "number",
            postgresql_where=text("verdict = 'wrong' OR state IN ('failed', 'left')"),
        ),
    )

    merchant_id: Mapped[OwnerId]
    batch_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    first: Mapped[int]
    key: Mapped[str]
    verdict: Mapped[str]
    state: Mapped[str]
    cells: Mapped[dict[str, Any]]
    facts: Mapped[dict[str, Any]]
    trace: Mapped[dict[str, Any]]
    problems: Mapped[list[Any]]
