"""Who brought whom: links that are printed as QR codes, bound once at registration, visibly, and open to objection."""

from __future__ import annotations

import secrets
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.dialects.postgresql import insert

from portal.domain.identity.access import access_me, access_referral, at_the_gate
from portal.domain.identity.models import Referral, ReferralLink
from portal.domain.identity.rules.names import masked_name
from portal.domain.identity.values import Inviter
from portal.kernel.faces import slip_in
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Conflict
from portal.kernel.scope import Face
from portal.kernel.words import say
from portal.kernel.work import Work

REASON_LONGEST = 300


def bind(work: Work, inviter: Inviter, *, name: str) -> None:
    """Write down, at the gate, who brought this person, called `name`: the one time, while his account is opened."""
    slip_in(
        work,
        Face.GATE,
        Referral,
        person_id=work.person_id,
        person_name=masked_name(name),
        token=inviter.token,
        referrer_person_id=inviter.person_id,
        referrer_merchant_id=inviter.merchant_id,
        referrer_store_id=inviter.store_id,
        shown_name=inviter.shown_name,
        bound_at=work.now(),
    )
    work.audit("referral.bound", "person", work.person_id, store=inviter.store_id, inviter=inviter.person_id)


def make_my_link(work: Work) -> str:
    """This person's own link, made when it is first wanted; returns its token."""
    work.require(Permission.PROFILE_EDIT)
    me = access_me(work, lock=True)  # two taps at once make one link
    query = select(ReferralLink.token).where(ReferralLink.person_id == me.id)
    known = work.session.scalars(query).one_or_none()
    return known or _add(work, masked_name(me.name), person_id=me.id) or work.session.scalars(query).one()


def rename(work: Work, name: str) -> None:
    """Show the new name on this person's own link; what somebody was already shown stays as it was."""
    _show(work, masked_name(name), ReferralLink.person_id == work.person_id)


def rename_store(work: Work, store_id: UUID, name: str) -> None:
    """The same for the link of one of the merchant's stores, by whoever renames the store."""
    _show(work, name, ReferralLink.merchant_id == work.merchant_id, ReferralLink.store_id == store_id)


def make_store_link(work: Work, *, store_id: UUID, shown_name: str) -> str:
    """A store's link, shown as "茶小满·南城店"; made when it is first wanted. Returns its token."""
    work.require(Permission.STORE_EDIT, store_id=store_id)
    mine = (ReferralLink.merchant_id == work.merchant_id, ReferralLink.store_id == store_id)
    query = select(ReferralLink.token).where(*mine)
    known = work.session.scalars(query).one_or_none()
    if known:
        return known
    made = _add(work, shown_name, merchant_id=work.merchant_id, store_id=store_id)
    if made is None:  # a colleague was faster
        return work.session.scalars(query).one()
    work.audit("referral_link.made", "store", store_id)
    return made


def contest(work: Work, *, reason: str) -> None:
    """Say that somebody else, or nobody, brought me. The platform looks into it; once is enough."""
    work.require(Permission.PROFILE_EDIT)
    with at_the_gate(work):  # his own face may not: it could undo a verdict
        referral = access_referral(work)
        if referral.state != "bound":
            raise Conflict(say("您已经提出过异议，平台会处理。"))
        reason = clean_line(reason, field="reason", most=REASON_LONGEST)
        referral.state, referral.contested_at, referral.contest_reason = "contested", work.now(), reason
    work.audit("referral.contested", "person", work.person_id)


def _show(work: Work, name: str, *whose: ColumnElement[bool]) -> None:
    work.session.execute(
        update(ReferralLink).where(*whose).values(shown_name=name),
        execution_options={"synchronize_session": False},
    )


def _add(work: Work, shown_name: str, **owner: UUID) -> str | None:
    """The token of a new link; None when the owner has got one this moment."""
    token = secrets.token_urlsafe(12)
    new = insert(ReferralLink).values(token=token, shown_name=shown_name, created_at=work.now(), **owner)
    made: str | None = work.session.execute(new.on_conflict_do_nothing().returning(ReferralLink.token)).scalar()
    return made
