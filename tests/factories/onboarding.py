"""Applications at every stage, legal data in force, invitations. Licences are of region 990000, cards of 999999."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from uuid import UUID

from PIL import Image

from portal.domain.onboarding import rules
from portal.domain.onboarding.actions import applications, profiles, reviews
from portal.domain.onboarding.models import ProfileRow
from portal.domain.onboarding.queries import applications as queries
from portal.domain.onboarding.values import REQUIRED_DOCUMENTS, DocumentKind, Particulars
from portal.domain.reference import queries as reference
from portal.domain.reference.values import Purpose
from portal.domain.regions.actions import load
from portal.domain.regions.values import Level, RegionName
from portal.domain.tenants.actions import invitations
from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.factories.base import Maker
from tests.factories.persons import MadePerson
from tests.factories.tenants import MadeMerchant


@dataclass(frozen=True)
class MadeApplication:
    """An application a test knows; `revision_id` once it was submitted."""

    id: UUID
    person: MadePerson
    kind: Kind
    particulars: Particulars
    revision_id: UUID | None = None


def licence_number(number: int) -> str:
    """A well-formed licence number of the demo region."""
    body = f"92990000MA5{number:06d}"
    return body + rules.check_digit(body)


def photo(colour: tuple[int, int, int] = (200, 70, 40), size: tuple[int, int] = (400, 300)) -> bytes:
    """A JPEG as a phone would send it."""
    with io.BytesIO() as file:
        Image.new("RGB", size, colour).save(file, "JPEG")
        return file.getvalue()


class Onboarding(Maker):
    """Makers of applications and what comes of them."""

    def divisions(self) -> None:
        """The administrative divisions the tests speak of."""
        rows = (
            ("44", "广东省", Level.PROVINCE, None),
            ("4419", "东莞市", Level.CITY, "44"),
            ("441900", "东莞市", Level.AREA, "4419"),
        )
        with self.work(Face.JOB) as work:
            load(work, [RegionName(code, name, level, parent) for code, name, level, parent in rows])

    def particulars(self, kind: Kind = Kind.BRAND, **changes: object) -> Particulars:
        """Everything an application needs, of our own invention."""
        number = next(self.numbers)
        purpose = Purpose.GOODS if kind is Kind.SUPPLIER else Purpose.STORES
        with self.work(Face.PLATFORM) as work:
            category_id = reference.categories(work, purpose)[-1].id
        facts = Particulars(
            name=f"松湖小铺 {number} 号",
            legal_name=f"东莞市松湖小铺{number}餐饮店",
            licence_number=licence_number(number),
            representative="李建国",
            contact_name="王秀兰",
            contact_phone=f"1540002{number:04d}",
            address=f"东莞市松山湖桂香路 {number} 号",
            category_id=None if kind is Kind.REGION else category_id,
            region_code="4419" if kind is Kind.REGION else "",
            bank_holder=f"东莞市松湖小铺{number}餐饮店",
            bank_name="东莞松湖银行桂香支行",
        )
        return replace(facts, **changes)  # type: ignore[arg-type]

    def draft(
        self,
        kind: Kind = Kind.BRAND,
        *,
        person: MadePerson | None = None,
        facts: Particulars | None = None,
        bank_number: str | None = None,
        documents: bool = True,
    ) -> MadeApplication:
        """A draft with everything in it (documents unless told otherwise)."""
        person = person or self.person()  # type: ignore[attr-defined]
        facts = facts or self.particulars(kind)
        number = bank_number or f"999999{next(self.numbers):010d}"
        with self.work(Face.PERSON, person=person.id, kind=ActorKind.PERSON) as work:
            made = applications.start(work, kind)
            applications.save(work, made, facts, bank_number=number)
            for paper in sorted(REQUIRED_DOCUMENTS[kind]) if documents else ():
                applications.attach(work, self.services.storage, made, kind=DocumentKind(paper), content=photo())
        return MadeApplication(made, person, kind, facts)

    def submitted(self, kind: Kind = Kind.BRAND, **more: object) -> MadeApplication:
        """An application that waits for a reviewer."""
        return self.submit(self.draft(kind, **more))  # type: ignore[arg-type]

    def submit(self, application: MadeApplication) -> MadeApplication:
        """Send the application as it is now."""
        with self.work(Face.PERSON, person=application.person.id, kind=ActorKind.PERSON) as work:
            revision_id = applications.submit(work, application.id, demo=True)
        return replace(application, revision_id=revision_id)

    def ask(self, application: MadeApplication, reviewer: MadePerson, **notes: str) -> None:
        """The reviewer asks for more."""
        assert application.revision_id is not None
        with self.work(Face.PLATFORM, person=reviewer.id, kind=ActorKind.PLATFORM) as work:
            reviews.ask(work, application.id, revision_id=application.revision_id, notes=notes, reason="请补充资料")

    def approve(self, application: MadeApplication, reviewer: MadePerson) -> MadeMerchant:
        """The merchant that comes of it."""
        assert application.revision_id is not None
        with self.work(Face.PLATFORM, person=reviewer.id, kind=ActorKind.PLATFORM) as work:
            merchant_id = reviews.approve(work, application.id, revision_id=application.revision_id)
        return MadeMerchant(merchant_id, application.particulars.name, application.kind)

    def profile(self, merchant: MadeMerchant) -> Particulars:
        """Legal data for a merchant that was made without an application."""
        facts = replace(self.particulars(merchant.kind), name=merchant.name, bank_last4="6789")
        with self.work(Face.PLATFORM) as work:
            row = ProfileRow(merchant_id=merchant.id, since=self.clock.now(), bank_number="9999990000006789")
            row.fill(facts)
            work.session.add(row)
        return facts

    def change(self, merchant: MadeMerchant, owner: MadePerson, *, bank_number: str = "", **wanted: object) -> UUID:
        """A change of vital data the owner asks for."""
        with self.work(Face.OFFICE, person=owner.id, merchant=merchant.id, kind=ActorKind.STAFF) as work:
            facts = self.profile_of(merchant)
            return profiles.propose(
                work,
                self.services.storage,
                wanted=replace(facts, **wanted),  # type: ignore[arg-type]
                bank_number=bank_number,
                note="搬家了",
                paper=(DocumentKind.LICENCE, photo()),
                demo=True,
            )

    def profile_of(self, merchant: MadeMerchant) -> Particulars:
        """The legal data in force."""
        from_platform = self.work(Face.PLATFORM)
        with from_platform as work:
            row = work.session.get_one(ProfileRow, merchant.id)
            return row.particulars

    def invited(
        self,
        merchant: MadeMerchant,
        by: MadePerson,
        phone: str,
        role: Role = Role.CLERK,
        stores: frozenset[UUID] | None = None,
    ) -> UUID:
        """An open invitation."""
        with self.work(Face.OFFICE, person=by.id, merchant=merchant.id, kind=ActorKind.STAFF) as work:
            return invitations.invite(work, phone=phone, name="小何", role=role, store_ids=stores)

    def document_of(self, application: MadeApplication) -> UUID:
        """The first document of an application."""
        with self.work(Face.PERSON, person=application.person.id) as work:
            return queries.application(work, application.id).documents[0].id
