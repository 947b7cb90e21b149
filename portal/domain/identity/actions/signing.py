"""In and out: by code, by password, for the first time, and out again, here or everywhere."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, or_, select, update

from portal.domain.identity import queries
from portal.domain.identity.access import access_code, access_sign_in, as_person, at_the_gate
from portal.domain.identity.actions import codes, consents, referrals
from portal.domain.identity.errors import Blocked, CodeSpent, WrongPassword
from portal.domain.identity.events import Registered
from portal.domain.identity.models import Code, Credential, Person, SignIn
from portal.domain.identity.rules import passwords
from portal.domain.identity.rules.names import LONGEST as NAME_MOST
from portal.domain.identity.values import REGISTER_WITHIN, Browser, ConsentKind, Purpose, Try
from portal.kernel.database import new_id
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.words import say
from portal.kernel.work import Work


def arrive_by_code(work: Work, secret: str, attempt: Try | None, *, typed: str, browser: Browser) -> UUID | None:
    """Sign in with a code; None when the phone has no account yet: `register` comes next.

    Refuses as `codes.use` does, and a blocked person.
    """
    phone = codes.use(work, secret, attempt, purpose=Purpose.SIGN_IN, typed=typed)
    with at_the_gate(work):
        person = work.session.execute(select(Person.id, Person.state).where(Person.phone == phone)).one_or_none()
    if person is None:
        return None
    return _let_in(work, person.id, person.state, browser, way="code")


def arrive_by_password(work: Work, *, phone: str, password: str, browser: Browser) -> UUID:
    """Sign in with phone and password. Refuses with one sentence whatever is wrong, after the same time."""
    with at_the_gate(work):
        found = work.session.execute(
            select(Person.id, Person.state, Credential.password_hash)
            .outerjoin(Credential, Credential.person_id == Person.id)
            .where(Person.phone == phone)
        ).one_or_none()
    if not passwords.matches(found.password_hash if found else None, password) or found is None:
        raise WrongPassword
    return _let_in(work, found.id, found.state, browser, way="password")


def register(
    work: Work,
    *,
    code_id: UUID,
    name: str,
    locale: str,
    agreed: bool,
    marketing: bool,
    inviter_token: str | None,
    browser: Browser,
) -> UUID:
    """Open the account of a phone that was just proven, bind the referrer if one was accepted, and sign in.

    Refuses without agreement to terms and privacy, without a name, and half an hour after the proof. When the phone got
    its account meanwhile (a second tab), it simply signs in.
    """
    if not agreed:
        raise Refusal(say("请先阅读并同意用户协议和隐私说明。"), field="agreed")
    name = clean_line(name, field="name", most=NAME_MOST)
    with at_the_gate(work):
        code = _proven(work, code_id)
        codes.alone_with(work, code.phone)
        known = work.session.execute(select(Person.id, Person.state).where(Person.phone == code.phone)).one_or_none()
        inviter = queries.find_inviter(work, inviter_token) if inviter_token else None
        code.registered_at = work.now()
        person_id = known.id if known else _add_person(work, phone=code.phone, name=name, locale=locale)
    if known is not None:
        return _let_in(work, known.id, known.state, browser, way="code")
    as_person(work, person_id)
    for kind in ConsentKind:
        if kind is not ConsentKind.MARKETING or marketing:
            consents.give(work, kind)
    if inviter is not None:
        referrals.bind(work, inviter, name=name)
    work.audit("person.registered", "person", person_id, marketing=marketing, invited=inviter is not None)
    work.publish(Registered(person_id, inviter.person_id if inviter else None, code.phone))
    return begin(work, person_id, browser, way="register")


def make_person(work: Work, *, phone: str, name: str, locale: str = "zh", password: str | None = None) -> UUID:
    """An account without a code: for the first owner and for the demo town. The phone must be new.

    Gives the id of the person who has the phone already, and changes nothing about him.
    """
    with at_the_gate(work):
        codes.alone_with(work, phone)
        known = work.session.scalars(select(Person.id).where(Person.phone == phone)).one_or_none()
        if known is not None:
            return known
        person_id = _add_person(work, phone=phone, name=clean_line(name, field="name", most=NAME_MOST), locale=locale)
        if password is not None:
            kept = passwords.hashed(password)
            work.session.add(Credential(person_id=person_id, password_hash=kept))
            work.session.flush()
    return person_id


def begin(work: Work, person_id: UUID, browser: Browser, *, way: str, second_factor: bool = False) -> UUID:
    """Write down that this browser is signed in, at the gate, for nobody may do that for himself; the Work is this
    person's from here on.
    """
    now = work.now()
    row = SignIn(
        id=new_id(),
        person_id=person_id,
        token_hash=browser.token_hash,
        device_label=browser.device_label,
        created_at=now,
        seen_at=now,
        expires_at=now + browser.lifetime,
        second_factor_at=now if second_factor else None,
    )
    with at_the_gate(work):
        work.session.add(row)
        work.session.flush()
    as_person(work, person_id)
    work.audit("sign_in.begun", "sign_in", row.id, way=way)
    return person_id


def end_one(work: Work, sign_in_id: UUID) -> None:
    """Sign one browser out. Not his or ended: NotFound."""
    row = access_sign_in(work, sign_in_id)
    row.ended_at = work.now()
    work.audit("sign_in.ended", "sign_in", row.id)


def end_all(work: Work, *, but: UUID | None = None) -> int:
    """Sign every browser of this person out, except one; returns how many."""
    work.require(Permission.PROFILE_EDIT)
    theirs = [SignIn.person_id == work.person_id, SignIn.ended_at.is_(None)]
    if but is not None:
        theirs.append(SignIn.id != but)
    done = work.session.execute(
        update(SignIn).where(*theirs).values(ended_at=work.now()).execution_options(synchronize_session=False)
    )
    work.audit("sign_in.all_ended", "person", work.person_id, ended=done.rowcount)  # type: ignore[attr-defined]
    return int(done.rowcount)  # type: ignore[attr-defined]


def _let_in(work: Work, person_id: UUID, state: str, browser: Browser, *, way: str) -> UUID:
    if state != "active":
        raise Blocked
    return begin(work, person_id, browser, way=way)


def _proven(work: Work, code_id: UUID) -> Code:
    """The code of a phone that may get its account now."""
    code = access_code(work, code_id, lock=True)
    fresh = code.used_at is not None and code.used_at + REGISTER_WITHIN > work.now()
    if code.purpose != Purpose.SIGN_IN.value or not fresh or code.registered_at is not None:
        raise CodeSpent
    return code


def _add_person(work: Work, *, phone: str, name: str, locale: str) -> UUID:
    person = Person(id=new_id(), phone=phone, name=name, locale=locale, created_at=work.now())
    work.session.add(person)
    work.session.flush()
    return person.id


def forget(work: Work, *, older_than: timedelta) -> int:
    """Remove sign-ins that ended or ran out longer ago than this; returns how many. For the worker."""
    moment = work.now() - older_than
    over = or_(SignIn.ended_at < moment, SignIn.expires_at < moment)
    return int(work.session.execute(delete(SignIn).where(over)).rowcount)  # type: ignore[attr-defined]
