"""Pictures of a service: added, put first, taken away. The files are drawn anew before they come here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from portal.domain.bookings.access import access_service
from portal.domain.bookings.models import Service
from portal.domain.stores.values import Picture
from portal.kernel.database import new_id
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.words import say
from portal.kernel.work import Work

EDIT: Final = Permission.SERVICE_EDIT
MOST_PICTURES: Final = 5


def add_pictures(work: Work, service_id: UUID, *, pictures: Sequence[Picture]) -> None:
    """Put pictures behind those that are there. Refuses more than five in all."""
    row = access_service(work, service_id, may=EDIT, lock=True)
    if len(row.pictures) + len(pictures) > MOST_PICTURES:
        raise Refusal(say("最多 %(most)s 张图片，请先删掉几张。", most=MOST_PICTURES), field="pictures")
    _write(work, row, [*row.pictures, *(_kept(one) for one in pictures)], "service.pictures_added")


def _kept(picture: Picture) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "full": picture.full,
        "wide": picture.wide,
        "small": picture.small,
        "width": picture.width,
        "height": picture.height,
        "tone": picture.tone,
    }


def move_picture(work: Work, service_id: UUID, picture_id: UUID) -> None:
    """Make a picture the first one, which rows show. Raises NotFound."""
    row = access_service(work, service_id, may=EDIT, lock=True)
    chosen = _one(row, picture_id)
    _write(work, row, [chosen, *(one for one in row.pictures if one is not chosen)], "service.cover_chosen")


def remove_picture(work: Work, service_id: UUID, picture_id: UUID) -> tuple[str, ...]:
    """Take a picture away; the names of its files, which may be forgotten once this is committed. Raises NotFound."""
    row = access_service(work, service_id, may=EDIT, lock=True)
    chosen = _one(row, picture_id)
    _write(work, row, [one for one in row.pictures if one is not chosen], "service.picture_removed")
    return chosen["full"], chosen["wide"], chosen["small"]


def _one(row: Service, picture_id: UUID) -> dict[str, Any]:
    for one in row.pictures:
        if one["id"] == str(picture_id):
            found: dict[str, Any] = one
            return found
    raise NotFound


def _write(work: Work, row: Service, pictures: list[Any], action: str) -> None:
    row.pictures, row.changed_at = pictures, work.now()
    work.session.flush()
    work.audit(action, "service", row.id)
