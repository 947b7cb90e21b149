"""Stores named in a desk's address: an act on one is refused before it begins when the office does not reach it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from portal.domain.stores.queries.names import store_names
from portal.domain.stores.values import StoreName
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work
from portal.web.pages import Answer


def store_in_reach(work: Work, store_id: UUID) -> StoreName:
    """The store of this id. Raises NotFound for others' and for those the person does not cover."""
    found = next((one for one in store_names(work) if one.id == store_id), None)
    if found is None:
        raise NotFound
    return found


def in_reach(view: Callable[..., Answer]) -> Callable[..., Answer]:
    """A view whose address names a `store`: it is not asked at all for a store out of reach."""

    @wraps(view)
    def checked(work: Work, store: UUID, **more: Any) -> Answer:
        store_in_reach(work, store)
        return view(work, store, **more)

    return checked
