"""Stores by the thousand from a list: a line is a store, known again by its key, untouched when it says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ARRAY, Text, cast, func, select, true
from sqlalchemy.orm import aliased

from portal.domain.identity.actions import referrals
from portal.domain.stores.actions.bulk import insert_many
from portal.domain.stores.actions.cards import write_cards
from portal.domain.stores.actions.editing import columns_of
from portal.domain.stores.models import Store
from portal.domain.stores.rules.rows import ImportedRow
from portal.domain.stores.values import StoreState
from portal.domain.tenants.models import StoreRoute
from portal.kernel.database import new_id
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Denied
from portal.kernel.work import Work


@dataclass
class Taken:
    """What became of some lines; `twice` are those whose store stood in the same file before, `closed` are closed."""

    made: int = 0
    changed: int = 0
    unchanged: int = 0
    twice: list[int] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)


def take_rows(work: Work, rows: Sequence[ImportedRow], *, run: UUID, listed: bool = True) -> Taken:
    """Make or change the stores of these lines. `run` marks one file, so that a store standing twice in it is found.

    New stores come onto the street when `listed`; what was hidden or closed by hand stays so.
    """
    work.require(Permission.STORE_EDIT)
    if work.scope.store_ids is not None:
        raise Denied
    taken = Taken()
    fresh: dict[str, ImportedRow] = {}
    for row in rows:
        taken.twice += [row.line] if row.key in fresh else []
        fresh.setdefault(row.key, row)
    known = {store.import_key: store for store in _known(work, fresh)}
    changed = [store for store in known.values() if _apply(work, store, fresh[str(store.import_key)], run, taken)]
    made = [_new(work, row, run, listed=listed) for key, row in fresh.items() if key not in known]
    _insert(work, made)
    work.session.flush()
    write_cards(work, changed)
    write_cards(work, made, fresh=True)
    taken.made, taken.changed = len(made), len(changed)
    if made or changed:
        work.audit("stores.imported", "merchant", work.merchant_id, made=len(made), changed=len(changed))
    return taken


def _known(work: Work, keys: dict[str, ImportedRow]) -> list[Store]:
    """The stores of these keys, locked. One look into the unique index for each key: a list of keys would tempt a
    planner without statistics, as in a fresh import, to read all of the merchant's stores for every lot.
    """
    wanted = func.unnest(cast(sorted(keys), ARRAY(Text))).table_valued("key").render_derived("wanted")
    mine = (Store.merchant_id == work.merchant_id, Store.import_key == wanted.c.key)
    one = select(Store).where(*mine).limit(1).with_for_update().lateral("one")
    found = aliased(Store, one)
    return list(work.session.execute(select(found).select_from(wanted).join(one, true())).scalars())


def _apply(work: Work, store: Store, row: ImportedRow, run: UUID, taken: Taken) -> bool:
    """Write what the line says into a known store; False when there is nothing to write."""
    if store.import_run == run:
        taken.twice.append(row.line)
    elif store.import_print == row.mark:
        taken.unchanged += 1
    elif store.state == StoreState.CLOSED:
        taken.closed.append(row.line)
    else:
        if store.name != row.facts.name:
            referrals.rename_store(work, store.id, row.facts.name)
        for name, value in columns_of(row.facts).items():
            setattr(store, name, value)
        store.month_sales = store.month_sales if row.month_sales is None else row.month_sales
        store.import_print, store.import_run = row.mark, run
        store.version, store.updated_at = store.version + 1, work.now()
        return True
    return False


def _new(work: Work, row: ImportedRow, run: UUID, *, listed: bool) -> Store:
    now = work.now()
    return Store(
        merchant_id=work.merchant_id,
        id=new_id(),
        **columns_of(row.facts),
        state=StoreState.LISTED if listed else StoreState.DRAFT,
        state_at=now,
        version=1,
        rating_sum=0,
        rating_count=0,
        month_sales=row.month_sales or 0,
        benefits=[],
        import_key=row.key,
        import_print=row.mark,
        import_run=run,
        created_at=now,
        updated_at=now,
    )


def _insert(work: Work, stores: Sequence[Store]) -> None:
    """In bulk: the rows are not kept in the session."""
    names = [column.key for column in Store.__table__.columns]
    insert_many(work, Store, [{name: getattr(store, name) for name in names} for store in stores])
    insert_many(work, StoreRoute, [{"store_id": store.id, "merchant_id": store.merchant_id} for store in stores])
