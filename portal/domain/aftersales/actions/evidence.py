"""Pictures of a case: drawn anew before anything is held, kept among the private documents."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from portal.domain.aftersales import errors
from portal.domain.aftersales.models import Case, CaseEvent, CasePicture
from portal.domain.aftersales.values import MOST_PICTURES
from portal.kernel.database import new_id
from portal.kernel.pictures import Document, read_document
from portal.kernel.refusals import Refusal
from portal.kernel.storage import Storage
from portal.kernel.words import say
from portal.kernel.work import Work


def drawn(pictures: Sequence[bytes]) -> list[Document]:
    """The uploads as plain pictures. Refuses more than six at a time and what is no picture."""
    if len(pictures) > MOST_PICTURES:
        raise errors.TooManyPictures(MOST_PICTURES)
    found = [read_document(content, field="pictures") for content in pictures]
    if any(one.is_attachment for one in found):
        raise Refusal(say("请上传照片，不能是 PDF。"), field="pictures")
    return found


def attach(work: Work, storage: Storage, case: Case, event: CaseEvent, pictures: Sequence[Document]) -> None:
    """Keep them with a line of the timeline. Refuses more than six of one side."""
    if not pictures:
        return
    there = (
        select(func.count())
        .select_from(CasePicture)
        .join(CaseEvent, (CaseEvent.merchant_id == CasePicture.merchant_id) & (CaseEvent.id == CasePicture.event_id))
        .where(CasePicture.merchant_id == case.merchant_id, CasePicture.case_id == case.id)
        .where(CaseEvent.side == event.side)
    )
    if (work.session.scalar(there) or 0) + len(pictures) > MOST_PICTURES:
        raise errors.TooManyPictures(MOST_PICTURES)
    for one in pictures:
        work.session.add(
            CasePicture(
                merchant_id=case.merchant_id,
                id=new_id(),
                case_id=case.id,
                event_id=event.id,
                person_id=case.person_id,
                stored=storage.put(one.content, one.suffix),
                at=work.now(),
            )
        )
    work.session.flush()
