"""Add, rename, order, hide and show categories. Nothing is deleted: stores and applications refer to them."""

from __future__ import annotations

import secrets
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update

from portal.domain.reference.access import access_category
from portal.domain.reference.events import CategoryRenamed
from portal.domain.reference.models import CategoryRow
from portal.domain.reference.values import DEEPEST, Purpose
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.words import say
from portal.kernel.work import Work

NAME_MOST = 20
NAME_EN_MOST = 40


def add(work: Work, *, purpose: Purpose, parent_id: UUID | None, name: str, name_en: str) -> UUID:
    """A new last child of `parent_id`, or a new root. Refuses a name taken beside it and a fourth level."""
    work.require(Permission.CATEGORY_EDIT)
    _one_at_a_time(work)
    if parent_id is not None:
        parent = access_category(work, parent_id)
        purpose = Purpose(parent.purpose)
        if _depth(work, parent) >= DEEPEST:
            raise Refusal(say("分类最多三级，请放在上一级下面。"), field="parent_id")
    name, name_en = _names(work, purpose, parent_id, name, name_en, beside=None)
    last = select(func.coalesce(func.max(CategoryRow.position), 0)).where(_siblings(purpose, parent_id))
    row = CategoryRow(
        code=f"c-{secrets.token_hex(4)}",
        purpose=purpose.value,
        parent_id=parent_id,
        name=name,
        name_en=name_en,
        position=(work.session.execute(last).scalar() or 0) + 1,
        created_at=work.now(),
    )
    work.session.add(row)
    work.session.flush()
    work.audit("category.added", "category", row.id)
    return row.id


def rename(work: Work, category_id: UUID, *, name: str, name_en: str) -> None:
    """Other names for the same category. Refuses a name taken beside it."""
    work.require(Permission.CATEGORY_EDIT)
    _one_at_a_time(work)
    row = access_category(work, category_id, lock=True)
    row.name, row.name_en = _names(work, Purpose(row.purpose), row.parent_id, name, name_en, beside=row.id)
    work.audit("category.renamed", "category", row.id)
    if row.purpose == Purpose.STORES:
        work.publish(CategoryRenamed(row.id))


def move(work: Work, category_id: UUID, *, up: bool) -> None:
    """One place up or down among its siblings; at the end it stays where it is."""
    work.require(Permission.CATEGORY_EDIT)
    _one_at_a_time(work)
    row = access_category(work, category_id)
    siblings = _siblings(Purpose(row.purpose), row.parent_id)
    order = list(
        work.session.execute(
            select(CategoryRow.id).where(siblings).order_by(CategoryRow.position, CategoryRow.id)
        ).scalars()
    )
    at = order.index(row.id)
    to = max(0, at - 1) if up else min(len(order) - 1, at + 1)
    order[at], order[to] = order[to], order[at]
    for position, sibling_id in enumerate(order, start=1):
        work.session.execute(update(CategoryRow).where(CategoryRow.id == sibling_id).values(position=position))
    work.audit("category.moved", "category", row.id, up=up)


def hide(work: Work, category_id: UUID) -> None:
    """No longer offered, its children neither; what uses it keeps it."""
    work.require(Permission.CATEGORY_EDIT)
    row = access_category(work, category_id, lock=True)
    if row.hidden_at is None:
        row.hidden_at = work.now()
        work.audit("category.hidden", "category", row.id)


def show(work: Work, category_id: UUID) -> None:
    """Offered again."""
    work.require(Permission.CATEGORY_EDIT)
    row = access_category(work, category_id, lock=True)
    if row.hidden_at is not None:
        row.hidden_at = None
        work.audit("category.shown", "category", row.id)


def _one_at_a_time(work: Work) -> None:
    """Positions and sibling names are decided together: one editor of the trees at a time."""
    work.session.execute(select(func.pg_advisory_xact_lock(func.hashtext("categories"))))


def _depth(work: Work, row: CategoryRow) -> int:
    depth, parent_id = 0, row.parent_id
    while parent_id is not None:
        depth, parent_id = depth + 1, access_category(work, parent_id).parent_id
    return depth


def _siblings(purpose: Purpose, parent_id: UUID | None) -> ColumnElement[bool]:
    beside = CategoryRow.parent_id.is_(None) if parent_id is None else CategoryRow.parent_id == parent_id
    return (CategoryRow.purpose == purpose.value) & beside


def _names(
    work: Work, purpose: Purpose, parent_id: UUID | None, name: str, name_en: str, *, beside: UUID | None
) -> tuple[str, str]:
    name = clean_line(name, field="name", most=NAME_MOST)
    name_en = clean_line(name_en, field="name_en", most=NAME_EN_MOST, required=False)
    taken = select(CategoryRow.id).where(_siblings(purpose, parent_id), CategoryRow.name == name)
    if beside is not None:
        taken = taken.where(CategoryRow.id != beside)
    if work.session.execute(taken).scalar() is not None:
        raise Refusal(say("同一级已经有“%(name)s”了。", name=name), field="name")
    return name, name_en
