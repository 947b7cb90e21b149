"""A person's own particulars: name, language, phone."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.domain.identity.access import access_me, at_the_gate
from portal.domain.identity.actions import codes, referrals, signing
from portal.domain.identity.errors import CodeSpent, PhoneTaken
from portal.domain.identity.events import PhoneChanged, Renamed
from portal.domain.identity.models import Person
from portal.domain.identity.rules.names import LONGEST as NAME_MOST
from portal.domain.identity.values import Purpose, Try
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.words import say
from portal.kernel.work import Work


def edit(work: Work, *, name: str, locale: str) -> None:
    """Change name and language."""
    work.require(Permission.PROFILE_EDIT)
    me, name = access_me(work, lock=True), clean_line(name, field="name", most=NAME_MOST)
    renamed = me.name != name
    me.name, me.locale = name, locale
    if renamed:
        work.audit("person.renamed", "person", me.id)
        referrals.rename(work, name)
        work.publish(Renamed(me.id, name))


def send_phone_codes(work: Work, secret: str, *, new_phone: str) -> tuple[UUID, UUID]:
    """Send one code to the present phone and one to the new one; returns their ids.

    Says nothing about whether the new phone has an account: its holder learns it, with the code in hand.
    """
    work.require(Permission.PROFILE_EDIT)
    me = access_me(work)
    if me.phone is None or me.phone == new_phone:
        raise Refusal(say("这就是您现在的手机号。"), field="phone")
    first, second = sorted(((me.phone, Purpose.OLD_PHONE), (new_phone, Purpose.NEW_PHONE)))  # one order of locks
    sent = {purpose: codes.issue(work, secret, phone=phone, purpose=purpose) for phone, purpose in (first, second)}
    return sent[Purpose.OLD_PHONE], sent[Purpose.NEW_PHONE]


def change_phone(
    work: Work, secret: str, *, old: Try | None, old_typed: str, new: Try | None, new_typed: str, keep: UUID
) -> None:
    """Move the account to another phone, with a code from each; every other browser is signed out.

    Refuses wrong codes, and a phone that has an account of its own.
    """
    work.require(Permission.PROFILE_EDIT)
    me = access_me(work, lock=True)
    before = codes.use(work, secret, old, purpose=Purpose.OLD_PHONE, typed=old_typed, field="old_code")
    after = codes.use(work, secret, new, purpose=Purpose.NEW_PHONE, typed=new_typed, field="new_code")
    if before != me.phone:
        raise CodeSpent("old_code")
    with at_the_gate(work):
        codes.alone_with(work, after)
        if work.session.scalars(select(Person.id).where(Person.phone == after)).first() is not None:
            raise PhoneTaken
        me.phone = after
    signing.end_all(work, but=keep)
    work.audit("phone.changed", "person", me.id)
    work.publish(PhoneChanged(me.id, after))
