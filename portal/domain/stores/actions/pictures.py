"""Pictures of a store: added, put in order, taken away. The files are drawn anew before they come here."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from portal.domain.stores.access import access_store
from portal.domain.stores.actions.cards import write_cards
from portal.domain.stores.errors import StoreClosed
from portal.domain.stores.models import Store, StorePicture
from portal.domain.stores.rules import MOST_PICTURES
from portal.domain.stores.values import Picture, StoreState
from portal.kernel.database import new_id
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.words import say
from portal.kernel.work import Work


def add_pictures(work: Work, store_id: UUID, *, pictures: Sequence[Picture]) -> None:
    """Put pictures behind those that are there. Refuses more than nine in all."""
    store, rows = _open(work, store_id)
    if len(rows) + len(pictures) > MOST_PICTURES:
        raise Refusal(say("最多 %(most)s 张图片，请先删掉几张。", most=MOST_PICTURES), field="pictures")
    position = rows[-1].position if rows else 0
    for picture in pictures:
        position += 1
        work.session.add(
            StorePicture(
                merchant_id=store.merchant_id,
                id=new_id(),
                store_id=store.id,
                position=position,
                full=picture.full,
                wide=picture.wide,
                small=picture.small,
                width=picture.width,
                height=picture.height,
                tone=picture.tone,
                created_at=work.now(),
            )
        )
    _done(work, store, "store.pictures_added", len(pictures))


def move_picture(work: Work, store_id: UUID, picture_id: UUID) -> None:
    """Make a picture the first one, the cover."""
    store, rows = _open(work, store_id)
    chosen = _one(rows, picture_id)
    ordered = [chosen, *(row for row in rows if row is not chosen)]
    for position, row in enumerate(ordered, 1):
        row.position = position
    _done(work, store, "store.cover_chosen", 1)


def remove_picture(work: Work, store_id: UUID, picture_id: UUID) -> tuple[str, ...]:
    """Take a picture away; the names of its files, which may be forgotten once this is committed."""
    store, rows = _open(work, store_id)
    chosen = _one(rows, picture_id)
    work.session.delete(chosen)
    _done(work, store, "store.picture_removed", 1)
    return chosen.full, chosen.wide, chosen.small


def _open(work: Work, store_id: UUID) -> tuple[Store, list[StorePicture]]:
    store = access_store(work, store_id, lock=True, may=Permission.STORE_EDIT)
    if store.state == StoreState.CLOSED:
        raise StoreClosed
    query = select(StorePicture).where(StorePicture.merchant_id == store.merchant_id, StorePicture.store_id == store.id)
    rows = work.session.execute(query.order_by(StorePicture.position, StorePicture.id)).scalars()
    return store, list(rows)


def _one(rows: Sequence[StorePicture], picture_id: UUID) -> StorePicture:
    for row in rows:
        if row.id == picture_id:
            return row
    raise NotFound


def _done(work: Work, store: Store, action: str, count: int) -> None:
    work.session.flush()
    write_cards(work, [store])
    work.audit(action, "store", store.id, count=count)
