"""What the platform does about persons: reveal a phone with a reason, block, unblock, take a second factor away, judge
a contested referrer. Each is audited; the phone itself is in no audit row."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from sqlalchemy import select, update

from portal.domain.identity.actions import factors
from portal.domain.identity.events import PersonBlocked, PersonUnblocked
from portal.domain.identity.models import Person, Referral, SignIn
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Conflict, NotFound, Refusal
from portal.kernel.words import say
from portal.kernel.work import Work


class RevealReason(StrEnum):
    """Why somebody of the platform needs a full phone number."""

    COMPLAINT = "complaint"
    RISK = "risk"
    LAW = "law"
    REQUEST = "request"


def reveal(work: Work, person_id: UUID, *, reason: RevealReason) -> str:
    """The full phone, for this once; each time is written down with its reason."""
    work.require(Permission.PERSON_REVEAL)
    person = _person(work, person_id)
    work.audit("person.revealed", "person", person_id, reason=reason.value)
    return person.phone or ""


def block(work: Work, person_id: UUID) -> int:
    """Out everywhere at once, and no way back in until unblocked; how many browsers were signed out.

    Refuses oneself; the tenants refuse a colleague (`PersonBlocked`). Blocking twice is once.
    """
    work.require(Permission.PERSON_BLOCK)
    person = _person(work, person_id, lock=True)
    if person_id == work.person_id:
        raise Refusal(say("不能停用自己的账号。"))
    if person.state == "erased":
        raise Conflict(say("这个账号已经注销。"))
    if person.state == "blocked":
        return 0
    person.state = "blocked"
    ended = _end_sign_ins(work, person_id)
    work.audit("person.blocked", "person", person_id, browsers=ended)
    work.publish(PersonBlocked(person_id))
    return ended


def unblock(work: Work, person_id: UUID) -> None:
    """May sign in again; the tenants refuse a colleague (`PersonUnblocked`). Unblocking twice is once."""
    work.require(Permission.PERSON_BLOCK)
    person = _person(work, person_id, lock=True)
    if person.state == "blocked":
        person.state = "active"
        work.audit("person.unblocked", "person", person_id)
        work.publish(PersonUnblocked(person_id))


def reset_factor(work: Work, person_id: UUID) -> None:
    """Take a lost second factor away and sign every browser out. Refuses one's own."""
    work.require(Permission.FACTOR_RESET)
    if person_id == work.person_id:
        raise Refusal(say("不能重置自己的二次验证，请另一位平台负责人来做。"))
    factors.reset_for(work, person_id)
    _end_sign_ins(work, person_id)


def judge_referral(work: Work, person_id: UUID, *, uphold: bool) -> None:
    """The contested referrer stays or goes. Refuses what is not contested any more."""
    work.require(Permission.REFERRAL_JUDGE)
    row = work.session.execute(select(Referral).where(Referral.person_id == person_id).with_for_update()).scalar()
    if row is None:
        raise NotFound
    if row.state != "contested":
        raise Conflict(say("这个申诉已经处理过了。"))
    row.state = "upheld" if uphold else "removed"
    work.audit(f"referral.{row.state}", "referral", person_id)


def _person(work: Work, person_id: UUID, *, lock: bool = False) -> Person:
    query = select(Person).where(Person.id == person_id)
    found = work.session.execute(query.with_for_update() if lock else query).scalar()
    if found is None:
        raise NotFound
    return found


def _end_sign_ins(work: Work, person_id: UUID) -> int:
    work.session.flush()
    done = work.session.execute(
        update(SignIn)
        .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
        .values(ended_at=work.now())
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount)  # type: ignore[attr-defined]
