"""Persons and their sign-ins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from portal.domain.identity.models import Person, SignIn
from portal.kernel.scope import Face
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
