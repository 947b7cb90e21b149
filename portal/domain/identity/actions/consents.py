"""Agreeing, and taking it back as easily. Nothing is ever removed from the record."""

from __future__ import annotations

from sqlalchemy import select, update

from portal.domain.identity.models import Consent
from portal.domain.identity.values import TEXTS_VERSION, ConsentKind
from portal.kernel.permissions import Permission
from portal.kernel.work import Work


def give(work: Work, kind: ConsentKind) -> None:
    """Agree to the present version; agreeing twice is agreeing once."""
    work.require(Permission.PROFILE_EDIT)
    mine = (Consent.person_id == work.person_id, Consent.kind == kind.value)
    in_force = (Consent.version == TEXTS_VERSION, Consent.withdrawn_at.is_(None))
    if work.session.scalars(select(Consent.id).where(*mine, *in_force).limit(1)).first() is not None:
        return
    work.session.add(Consent(person_id=work.person_id, kind=kind.value, version=TEXTS_VERSION, given_at=work.now()))
    work.audit("consent.given", "person", work.person_id, kind=kind.value, version=TEXTS_VERSION)


def withdraw_marketing(work: Work) -> None:
    """No more advertising, from now on."""
    work.require(Permission.PROFILE_EDIT)
    mine = (Consent.person_id == work.person_id, Consent.kind == ConsentKind.MARKETING.value)
    work.session.execute(
        update(Consent)
        .where(*mine, Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=work.now())
        .execution_options(synchronize_session=False)
    )
    work.audit("consent.withdrawn", "person", work.person_id, kind=ConsentKind.MARKETING.value)
