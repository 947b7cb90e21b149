"""Products from rows: new ones by the hundred, known ones one by one, all through the catalogue's own acts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

from portal.domain.catalogue import actions as catalogue
from portal.domain.catalogue.queries import bulk
from portal.domain.catalogue.values import FRESH
from portal.domain.imports.rules import products as rules
from portal.domain.imports.rules.cells import cell
from portal.domain.imports.values import Checked, Outcome, Problem, RowState, Task, Verdict
from portal.domain.reference import queries as reference
from portal.domain.reference.values import Category, Purpose
from portal.kernel.refusals import Refusal
from portal.kernel.work import Work


def check(work: Work, batch_id: UUID, rows: Sequence[Checked]) -> None:  # noqa: ARG001
    """Give each row its verdict."""
    codes = [code for row in rows if (code := cell(row, "code"))]
    owners = {code: sku.product_id for code, sku in bulk.by_codes(work, codes).items()}
    trees = reference.categories(work, Purpose.GOODS)
    known = rules.Known(
        _categories(trees),
        bulk.brand_ids(work),
        _fresh(trees),
        owners,
        bulk.copies(work, sorted(set(owners.values()))) if owners else {},
    )
    for _first, group in groupby(rows, key=lambda row: row.line.first):
        for product in rules.apart(list(group), owners):
            rules.check(product, known)


def _categories(trees: Sequence[Category]) -> dict[str, UUID | None]:
    """By code, name in either language, and path; None where a name means several."""
    known: dict[str, UUID | None] = {}
    paths: dict[UUID, tuple[str, ...]] = {}
    for one in trees:
        paths[one.id] = (*paths.get(one.parent_id, ()), one.name) if one.parent_id else (one.name,)
        path = ["/".join(paths[one.id][at:]) for at in range(len(paths[one.id]))]
        for name in {one.code, one.name_en, *path}:
            key = name.casefold().replace(" ", "")
            if key:
                known[key] = None if key in known and known[key] != one.id else one.id
    return known


def _fresh(trees: Sequence[Category]) -> frozenset[UUID]:
    found: set[UUID] = set()
    for one in trees:
        if one.code == FRESH or one.parent_id in found:
            found.add(one.id)
    return frozenset(found)


def apply(work: Work, batch_id: UUID, tasks: Sequence[Task]) -> list[Outcome]:  # noqa: ARG001
    """Write them. A refusal of a known product is raised; one of a new product is its outcome."""
    groups = [list(group) for _first, group in groupby(tasks, key=lambda task: task.first)]
    outcomes: list[Outcome] = []
    fresh = [group for group in groups if group[0].verdict is Verdict.NEW]
    drafts = [rules.draft_of(group[0].facts["draft"]) for group in fresh]
    for group, answer in zip(fresh, catalogue.create_many(work, drafts=drafts) if drafts else (), strict=True):
        if isinstance(answer, Refusal):
            outcomes += [Outcome(task.number, RowState.FAILED, {}, Problem("", answer.sentence)) for task in group]
        else:
            outcomes += _done(group, {"product": str(answer), "version": 1})
    for group in groups:
        if group[0].verdict is Verdict.CHANGED:
            outcomes += _edit(work, group)
    return outcomes


def _edit(work: Work, group: Sequence[Task]) -> list[Outcome]:
    facts = group[0].facts
    product_id, version = UUID(facts["product"]), int(facts["version"])
    before = bulk.copies(work, [product_id])[product_id]
    waiting = catalogue.edit(work, product_id, draft=rules.draft_of(facts["draft"]), version=version)
    trace = {"product": facts["product"], "version": version + 1, "before": rules.kept(before.draft)}
    return _done(group, {**trace, "waiting": waiting})


def _done(group: Sequence[Task], trace: dict[str, object]) -> list[Outcome]:
    return [Outcome(task.number, RowState.DONE, trace if task is group[0] else {}) for task in group]


def undo(work: Work, batch_id: UUID, tasks: Sequence[Task]) -> list[Outcome]:  # noqa: ARG001
    """New drafts go, changed ones are as before; what somebody changed since refuses."""
    outcomes: list[Outcome] = []
    for _first, rows in groupby(tasks, key=lambda task: task.first):
        group = list(rows)
        trace = group[0].trace
        product_id, version = UUID(trace["product"]), int(trace["version"])
        if "before" not in trace:
            catalogue.discard(work, product_id, version=version)
        else:
            if trace["waiting"]:
                _withdraw(work, product_id, group)
            catalogue.edit(work, product_id, draft=rules.draft_of(trace["before"]), version=version)
        outcomes += [Outcome(task.number, RowState.UNDONE) for task in group]
    return outcomes


def _withdraw(work: Work, product_id: UUID, group: Sequence[Task]) -> None:
    """Supply prices that this import asked for and nobody has decided."""
    codes = bulk.by_codes(work, [task.key for task in group if task.key])
    for sku in codes.values():
        if sku.product_id == product_id and sku.asked_fen is not None:
            catalogue.withdraw_change(work, sku.id)
