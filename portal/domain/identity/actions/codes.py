"""Codes to a phone: sent within limits, counted before they are looked at, used once.

A code is known by its id, which only the browser that asked for it holds. So nobody can burn another one's code, and a
refused request leaves the earlier code as it was.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update

from portal.domain.identity.access import access_code, at_the_gate
from portal.domain.identity.errors import CodeSpent, CodesUsedUp, CodeTooSoon, CodeWrong
from portal.domain.identity.events import CodeIssued
from portal.domain.identity.models import Code
from portal.domain.identity.rules import codes as rules
from portal.domain.identity.values import CODE_TRIES, CODES_PER_DAY, Purpose, Try
from portal.domain.reference import queries as reference
from portal.domain.reference.values import CODE_MINUTES
from portal.kernel.database import new_id
from portal.kernel.work import Work


def issue(work: Work, secret: str, *, phone: str, purpose: Purpose) -> UUID:
    """Send six digits to this phone; returns the code's id for the browser to keep.

    Refuses (TooMany) a second code within a minute, a sixth within an hour, an eleventh within a day.
    """
    with at_the_gate(work):
        alone_with(work, phone)
        _refuse_too_many(work, phone)
        now, digits = work.now(), rules.new_digits()
        expires_at = now + timedelta(minutes=reference.value_of(work, CODE_MINUTES))
        code = Code(id=new_id(), phone=phone, purpose=purpose.value, created_at=now, expires_at=expires_at)
        code.digest = _digest(secret, code, digits)
        work.session.add(code)
        work.publish(CodeIssued(phone, digits, purpose, code.expires_at))
    return code.id


def alone_with(work: Work, phone: str) -> None:
    """Until this transaction ends, nobody else sends a code to this phone or opens an account for it."""
    work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"phone:{phone}", 0))))


def count_try(work: Work, code_id: UUID) -> Try:
    """Count one try of a code, in a Work of its own that commits before the digits are looked at."""
    with at_the_gate(work):
        open_still = (Code.tries < CODE_TRIES, Code.used_at.is_(None), Code.expires_at > work.now())
        counted = (
            update(Code)
            .where(Code.id == code_id, *open_still)
            .values(tries=Code.tries + 1)
            .returning(Code.tries)
            .execution_options(synchronize_session=False)
        )
        return Try(code_id, work.session.execute(counted).scalar())


def use(work: Work, secret: str, attempt: Try | None, *, purpose: Purpose, typed: str, field: str = "code") -> str:
    """Use up a code; returns the phone it was sent to.

    Refuses digits that are wrong (CodeWrong says how many tries are left) and a code that is used, too old, tried too
    often or meant for something else (CodeSpent).
    """
    if attempt is None or attempt.number is None:
        raise CodeSpent(field)
    with at_the_gate(work):
        code = access_code(work, attempt.code_id, lock=True)
        if code.purpose != purpose.value or code.used_at is not None or code.expires_at <= work.now():
            raise CodeSpent(field)
        if not rules.same(code.digest, _digest(secret, code, rules.typed_digits(typed))):
            left = CODE_TRIES - attempt.number
            raise CodeWrong(left, field) if left else CodeSpent(field)
        code.used_at = work.now()
        work.session.flush()
        return code.phone


def _digest(secret: str, code: Code, digits: str) -> bytes:
    return rules.digest(secret, "code", str(code.id), code.phone, code.purpose, digits)


def _refuse_too_many(work: Work, phone: str) -> None:
    sent = work.session.scalars(
        select(Code.created_at).where(Code.phone == phone).order_by(Code.created_at.desc()).limit(CODES_PER_DAY)
    ).all()
    wait, used_up = rules.wait_for_next(sent, work.now())
    seconds = -int(-wait.total_seconds() // 1)
    if seconds > 0:
        raise CodesUsedUp(seconds) if used_up else CodeTooSoon(seconds)


def forget(work: Work, *, older_than: timedelta) -> int:
    """Remove codes sent longer ago than this; returns how many. For the worker."""
    done = work.session.execute(delete(Code).where(Code.created_at < work.now() - older_than))
    return int(done.rowcount)  # type: ignore[attr-defined]
