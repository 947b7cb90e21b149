"""What an application says, which documents it needs, which states it passes; what pages show of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from portal.domain.tenants.values import Kind
from portal.kernel.words import Text


class ApplicationState(StrEnum):
    """Where an application stands. What happens after approval is the merchant's state."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    MORE_INFORMATION = "more_information"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


S = ApplicationState
MOVES: Mapping[ApplicationState, frozenset[ApplicationState]] = {
    S.DRAFT: frozenset({S.SUBMITTED, S.WITHDRAWN}),
    S.SUBMITTED: frozenset({S.MORE_INFORMATION, S.APPROVED, S.REFUSED, S.WITHDRAWN}),
    S.MORE_INFORMATION: frozenset({S.SUBMITTED, S.WITHDRAWN}),
    S.APPROVED: frozenset(),
    S.REFUSED: frozenset(),
    S.WITHDRAWN: frozenset(),
}
EDITABLE = frozenset({S.DRAFT, S.MORE_INFORMATION})
OPEN = frozenset({S.DRAFT, S.SUBMITTED, S.MORE_INFORMATION})


class ChangeState(StrEnum):
    """Where a change of vital data stands; the old data are in force until it is approved."""

    PENDING = "pending"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class DocumentKind(StrEnum):
    """What a document shows."""

    LICENCE = "licence"
    SHOP_FRONT = "shop_front"
    PERMIT = "permit"
    BANK_PROOF = "bank_proof"
    OTHER = "other"


REQUIRED_DOCUMENTS: Mapping[Kind, frozenset[DocumentKind]] = {
    Kind.SUPPLIER: frozenset({DocumentKind.LICENCE}),
    Kind.BRAND: frozenset({DocumentKind.LICENCE, DocumentKind.SHOP_FRONT}),
    Kind.ALLIANCE: frozenset({DocumentKind.LICENCE, DocumentKind.SHOP_FRONT}),
    Kind.REGION: frozenset({DocumentKind.LICENCE}),
}
DOCUMENTS_MOST = 12


@dataclass(frozen=True)
class Particulars:
    """What a merchant says about itself. Of the bank account's number only the last four digits."""

    name: str = ""
    legal_name: str = ""
    licence_number: str = ""
    representative: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    address: str = ""
    lat: float | None = None
    lng: float | None = None
    category_id: UUID | None = None
    region_code: str = ""
    bank_holder: str = ""
    bank_name: str = ""
    bank_last4: str = ""


FIELDS = tuple(field.name for field in fields(Particulars))
VITAL = ("name", "legal_name", "licence_number", "representative", "address", "bank_holder", "bank_name")
"""What changes only through a review; contact and phone the owner changes himself."""


@dataclass(frozen=True)
class Problem:
    """What is still missing or wrong before an application can be submitted; `field` is a field or a document."""

    field: str
    sentence: Text


@dataclass(frozen=True)
class Difference:
    """One field of two revisions."""

    field: str
    old: object
    new: object


@dataclass(frozen=True)
class DocumentShown:
    """A document as pages list it; its content is served apart."""

    id: UUID
    kind: DocumentKind
    suffix: str
    size: int
    uploaded_at: datetime
    removed: bool = False


@dataclass(frozen=True)
class Revision:
    """What was submitted once, frozen, and what was decided about it."""

    id: UUID
    number: int
    submitted_at: datetime
    particulars: Particulars
    documents: tuple[DocumentShown, ...]
    decision: ApplicationState | None
    decided_at: datetime | None
    decided_by: UUID | None
    reason: str
    asked: Mapping[str, str]


@dataclass(frozen=True)
class Application:
    """An application as its applicant and its reviewer see it."""

    id: UUID
    person_id: UUID
    kind: Kind
    state: ApplicationState
    particulars: Particulars
    documents: tuple[DocumentShown, ...]
    created_at: datetime
    saved_at: datetime
    submitted_at: datetime | None
    merchant_id: UUID | None
    revisions: tuple[Revision, ...] = ()

    @property
    def last(self) -> Revision | None:
        """The latest revision, if anything was submitted."""
        return self.revisions[-1] if self.revisions else None

    @property
    def asked(self) -> Mapping[str, str]:
        """What the reviewer asks for now, by field."""
        last = self.last
        return last.asked if last and self.state is ApplicationState.MORE_INFORMATION else {}

    @property
    def editable(self) -> bool:
        """True while the applicant may change it."""
        return self.state in EDITABLE


@dataclass(frozen=True)
class ApplicationLine:
    """An application in a list."""

    id: UUID
    kind: Kind
    state: ApplicationState
    name: str
    legal_name: str
    revision: int
    created_at: datetime
    submitted_at: datetime | None
    applicant: str = ""
    phone_masked: str = ""


@dataclass(frozen=True)
class Profile:
    """The legal and bank data of a merchant in force."""

    merchant_id: UUID
    particulars: Particulars
    since: datetime
    papers: tuple[DocumentShown, ...] = ()


@dataclass(frozen=True)
class ChangeShown:
    """A proposed change of vital data, beside what was in force when it was proposed or decided."""

    id: UUID
    merchant_id: UUID
    merchant_name: str
    state: ChangeState
    before: Particulars
    after: Particulars
    bank_changes: bool
    note: str
    proposed_at: datetime
    decided_at: datetime | None
    decided_by: UUID | None
    reason: str
    papers: tuple[DocumentShown, ...] = ()


@dataclass(frozen=True)
class ReviewCounts:
    """What waits for a reviewer."""

    applications: int
    changes: int


@dataclass(frozen=True)
class Filed:
    """A document's content in the storage; `merchant_id` once a merchant has it."""

    name: str
    suffix: str
    kind: DocumentKind
    merchant_id: UUID | None = None
