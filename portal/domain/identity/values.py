"""Words and shapes of persons: what a code is for, what a browser brings, what pages show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from portal.kernel.paste.regions import plain

CODE_PAUSE = timedelta(seconds=60)
CODE_TRIES = 5
CODES_PER_HOUR = 5
CODES_PER_DAY = 10
REGISTER_WITHIN = timedelta(minutes=30)
ADDRESSES_MOST = 50
RECOVERY_CODES = 8
TEXTS_VERSION = "2026-07"  # of the terms and the privacy notice; a changed text is a new version
DEMO_TOTP_SECRET = "JIESHIDEMOTOWN234567JIESHIDEMO23"  # noqa: S105 - the demo town's, printed on its outbox page


class Purpose(StrEnum):
    """What a code is good for, and nothing else."""

    SIGN_IN = "sign_in"
    PASSWORD = "password"  # noqa: S105 - the name of a purpose
    OLD_PHONE = "old_phone"
    NEW_PHONE = "new_phone"


class ConsentKind(StrEnum):
    """What may be agreed to. Terms and privacy come with the account, marketing is free."""

    TERMS = "terms"
    PRIVACY = "privacy"
    MARKETING = "marketing"


@dataclass(frozen=True)
class Try:
    """One counted try of a code: `number` is 1 to 5, None when the code takes no more."""

    code_id: UUID
    number: int | None


@dataclass(frozen=True)
class Browser:
    """What a browser brings to be signed in: its new token's digest, what it calls itself, how long it may stay."""

    token_hash: bytes
    device_label: str
    lifetime: timedelta


@dataclass(frozen=True)
class SentCode:
    """A code on its way, as its page shows it."""

    phone: str
    sent_at: datetime
    expires_at: datetime
    usable: bool
    proven_at: datetime | None
    registered: bool

    @property
    def minutes(self) -> int:
        """How long it is good for."""
        return round((self.expires_at - self.sent_at).total_seconds() / 60)

    @property
    def again_at(self) -> datetime:
        """When the next one may be asked for."""
        return self.sent_at + CODE_PAUSE


@dataclass(frozen=True)
class Profile:
    """A person as his own pages show him."""

    name: str
    phone: str
    locale: str
    has_password: bool
    has_second_factor: bool
    setting_up: bool
    recovery_left: int
    created_at: datetime


@dataclass(frozen=True)
class SignInRow:
    """One signed-in browser in a person's list."""

    id: UUID
    device_label: str
    created_at: datetime
    seen_at: datetime
    second_factor: bool


@dataclass(frozen=True)
class ConsentRow:
    """One line of the consent record."""

    id: UUID
    kind: ConsentKind
    version: str
    given_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class AddressFacts:
    """An address as it is entered."""

    recipient: str
    phone: str
    region_code: str
    region_names: tuple[str, ...]
    detail: str
    is_default: bool = False


@dataclass(frozen=True)
class AddressRow:
    """An address of the book."""

    id: UUID
    recipient: str
    phone: str
    region_code: str
    region_names: tuple[str, ...]
    detail: str
    is_default: bool

    @property
    def place(self) -> str:
        """The names down to the town; a city that is its own province is said once."""
        return " ".join(plain(self.region_names))


@dataclass(frozen=True)
class Inviter:
    """Who stands behind a referrer's link, by the name that may be shown."""

    token: str
    shown_name: str
    person_id: UUID | None
    merchant_id: UUID | None
    store_id: UUID | None


@dataclass(frozen=True)
class Brought:
    """Somebody a store's code brought: his masked name, when, and whether he says otherwise."""

    name: str
    bound_at: datetime
    state: str


@dataclass(frozen=True)
class Referred:
    """Who brought this person, and whether he says otherwise."""

    shown_name: str
    bound_at: datetime
    state: str
    contested_at: datetime | None
    contest_reason: str | None
