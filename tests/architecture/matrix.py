"""Role × route as a text that is committed: a change of policy shows as a diff.

`python -m tests.architecture.matrix` writes it. Every cell is found by asking the office's own door (`admit`) and the
route's own permission, with a made-up person who wears one hat.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from portal.domain.tabs.rules import digest
from portal.domain.tabs.values import GuestState, Joined
from portal.domain.tenants.values import KINDS_WITH_STORES, Hat, Kind, MerchantState, SignedIn
from portal.kernel.permissions import ANYONE, Permission, Role
from portal.kernel.refusals import Refusal
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Actor, ActorKind
from portal.web import seats
from portal.web.hats import OFFICES as OFFICE_OF_KIND
from tests.architecture.house import Declared, declared, house

FILE = Path(__file__).with_name("matrix.txt")
MERCHANT, STORE, SOMEBODY, SITTING = (UUID(int=number) for number in (1, 2, 3, 6))
KEY = "the key in the cookie"
STREET = Scope(Face.SHOP)
NOW = datetime(2026, 7, 4, tzinfo=UTC)
KIND_OF_OFFICE = {office: kind for kind, office in OFFICE_OF_KIND.items()}
COLUMNS: tuple[tuple[str, Role | None], ...] = (
    ("anon", None),
    ("consumer", Role.CONSUMER),
    ("guest", Role.GUEST),
    ("owner", Role.OWNER),
    ("manager", Role.MANAGER),
    ("finance", Role.FINANCE),
    ("clerk", Role.CLERK),
    ("kitchen", Role.KITCHEN),
    ("technician", Role.TECHNICIAN),
    ("shipper", Role.SHIPPER),
    ("pf-owner", Role.PLATFORM_OWNER),
    ("pf-review", Role.PLATFORM_REVIEWER),
    ("pf-support", Role.PLATFORM_SUPPORT),
    ("pf-finance", Role.PLATFORM_FINANCE),
)
HEAD = """\
# Who may call which route. Written by `python -m tests.architecture.matrix`, held by test_matrix.py.
# x = may, . = may not. Roles of a merchant are those of the merchant in the address; everybody is signed in with a
# second factor. key = the form acts once for each key; otherwise the reason why repeating is harmless.
"""


@dataclass
class _OneMerchant:
    """Stands in for a Work at the door: whatever is asked, the answer is the one merchant."""

    actor: Actor
    scope: Scope = STREET
    permissions: frozenset[Permission] = frozenset()

    def enter(self, *_face: Any) -> None:
        """Somebody borrows a face."""

    def one_or_none(self) -> SimpleNamespace:
        """The guest whose key the cookie holds."""
        return SimpleNamespace(
            merchant_id=MERCHANT,
            store_id=STORE,
            sitting_id=SITTING,
            id=SOMEBODY,
            state="in",
            digest=digest(KEY),
            version=1,
            sitting_state="open",
        )

    @property
    def session(self) -> _OneMerchant:
        return self

    def execute(self, *_question: Any, **_more: Any) -> _OneMerchant:
        return self

    def scalar(self) -> UUID:
        return MERCHANT

    scalar_one_or_none = scalar


def person(role: Role | None, kind: Kind) -> SignedIn | None:
    """Somebody with this one role; nobody for None, and a guest at a table has no account."""
    if role in (None, Role.GUEST):
        return None
    hat = Hat(UUID(int=4), MERCHANT, "", kind, MerchantState.ACTIVE, role, None)
    platform = role if role.value.startswith("platform") else None
    hats = () if platform or role is Role.CONSUMER else (hat,)
    return SignedIn(SOMEBODY, UUID(int=5), "", "", "zh", NOW, NOW, platform, hats)


def allowed(one: Declared, role: Role | None) -> bool:
    """Ask the door and the permission, as `Office._admit` does."""
    kinds = [KIND_OF_OFFICE[one.office.name]] if one.office.name in KIND_OF_OFFICE else list(KINDS_WITH_STORES)
    signed_in = person(role, kinds[0])
    if signed_in is None and one.office.accounts and one.route.may is not ANYONE:
        return False
    work: Any = _OneMerchant(Actor(ActorKind.GUEST))
    with house().test_request_context():
        if role is Role.GUEST:
            seats.keep(Joined(MERCHANT, SITTING, SOMEBODY, KEY, GuestState.IN))
        try:
            admission = one.office.admit(work, signed_in, {"merchant": MERCHANT, "store": STORE, "sitting": SITTING})
        except Refusal:
            return False
    return one.route.may is ANYONE or one.route.may in admission.permissions


def matrix() -> str:
    """The whole table."""
    lines = [HEAD]
    office = ""
    for one in declared():
        if one.office.name != office:
            office = one.office.name
            names = " ".join(f"{name:>{width(name)}}" for name, _role in COLUMNS)
            lines.append(f"\n{office:<46} {'may':<22} {names}")
        cells = " ".join(f"{'x' if allowed(one, role) else '.':>{width(name)}}" for name, role in COLUMNS)
        repeats = "" if one.route.method == "GET" else f"  {one.route.repeats or 'key'}"
        name = f"{one.route.method:<4} {one.endpoint}"
        lines.append(f"{name:<46} {one.route.may.value:<22} {cells}{repeats}")
    return "\n".join(lines) + "\n"


def width(name: str) -> int:
    """How wide a column is."""
    return len(name)


if __name__ == "__main__":
    FILE.write_text(matrix(), encoding="utf-8")
    print(f"{FILE.name}: {len(declared())} routes")
