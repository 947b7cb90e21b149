"""Persons and their sign-ins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from portal.domain.identity.actions import codes, factors, referrals
from portal.domain.identity.models import Address, Credential, Notification, Person, SignIn
from portal.domain.identity.rules import passwords
from portal.domain.identity.values import Purpose
from portal.domain.messages.actions import notify
from portal.domain.messages.models import TextMessage
from portal.kernel.scope import Face
from portal.kernel.words import Text, say
from portal.kernel.work import ActorKind
from portal.web.sessions import digest, new_token
from tests.factories.base import Maker

NAMES = ("陈静", "李建国", "王秀兰", "黄嘉怡", "何伟", "林晓雯", "赵国栋", "周敏", "欧阳文山", "郑小满")


@dataclass(frozen=True)
class MadePerson:
    """A person a test knows."""

    id: UUID
    name: str
    phone: str


class Persons(Maker):
    """Makers of persons."""

    def person(self, name: str | None = None, *, phone: str | None = None, locale: str = "zh") -> MadePerson:
        """A person with a phone of the unissued 154 range."""
        number = next(self.numbers)
        name, phone = name or NAMES[number % len(NAMES)], phone or f"1540001{number:04d}"
        with self.work(Face.GATE) as work:
            row = Person(phone=phone, name=name, locale=locale, created_at=self.clock.now())
            work.session.add(row)
            work.session.flush()
            return MadePerson(row.id, name, phone)

    def sign_in(self, person: MadePerson, *, second_factor: bool = False) -> str:
        """A sign-in in force; returns the token of its cookie."""
        token, now = new_token(), self.clock.now()
        with self.work(Face.GATE) as work:
            work.session.add(
                SignIn(
                    person_id=person.id,
                    token_hash=digest(token),
                    device_label="测试浏览器",
                    created_at=now,
                    seen_at=now,
                    expires_at=now + timedelta(days=30),
                    second_factor_at=now if second_factor else None,
                )
            )
        return token

    def password(self, person: MadePerson, password: str = "kapok-tree-7781") -> str:
        """Give the person a password."""
        with self.work(Face.GATE) as work:
            work.session.merge(Credential(person_id=person.id, password_hash=passwords.hashed(password)))
        return password

    def authenticator(self, person: MadePerson) -> None:
        """Give the person the demo town's authenticator."""
        with self.work(Face.GATE) as work:
            factors.set_up_demo(work, self.services.seal, person.id)

    def send_code(self, phone: str, purpose: Purpose = Purpose.SIGN_IN) -> UUID:
        """Have a code sent; returns its id."""
        with self.work(Face.GATE) as work:
            return codes.issue(work, self.services.settings.secret_key, phone=phone, purpose=purpose)

    def code_for(self, phone: str) -> str:
        """The digits of the last code that was sent to this phone."""
        with self.work(Face.JOB) as work:
            newest = select(TextMessage.words).where(TextMessage.phone == phone).order_by(TextMessage.id.desc())
            words = work.session.scalars(newest.limit(1)).one()
        assert words is not None
        return str(words["params"]["code"])

    def letter(
        self, person: MadePerson, text: Text | None = None, *, kind: str = "coupon.new", link: str = "/"
    ) -> UUID:
        """A letter in the person's box."""
        with self.work(Face.JOB) as work:
            words = text or say("您关注的店有新券。")
            notify(work, person_id=person.id, kind=kind, text=words, link=link)
            work.session.flush()
            newest = select(Notification.id).where(Notification.person_id == person.id)
            return work.session.scalars(newest.order_by(Notification.id.desc()).limit(1)).one()

    def address(self, person: MadePerson, *, detail: str = "体育路 8 号 3 栋 602", is_default: bool = True) -> UUID:
        """An address of the person's book."""
        with self.work(Face.PERSON, person=person.id) as work:
            row = Address(
                person_id=person.id,
                recipient=person.name,
                phone=person.phone,
                region_code="441900004",
                region_names=["广东省", "东莞市", "东莞市", "南城街道"],
                detail=detail,
                is_default=is_default,
                created_at=self.clock.now(),
            )
            work.session.add(row)
            work.session.flush()
            return row.id

    def referral_link(self, person: MadePerson) -> str:
        """The token of the person's own link."""
        with self.work(Face.PERSON, person=person.id, kind=ActorKind.PERSON) as work:
            return referrals.make_my_link(work)
