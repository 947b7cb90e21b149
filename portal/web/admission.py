"""Who may come into an office: person → membership → scope, from the address.

Not signed in is sent to sign-in; another merchant's address is 404; a suspended merchant is closed for everybody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.domain.tenants import queries as tenants
from portal.domain.tenants.values import Hat, Kind, MerchantState, SignedIn
from portal.kernel.permissions import ROLES, Permission, Role
from portal.kernel.refusals import Denied, NotFound, Refusal
from portal.kernel.scope import Face, Scope
from portal.kernel.words import say
from portal.kernel.work import Actor, ActorKind, Work


class SignInNeeded(Refusal):
    """Nobody is signed in here; the web sends him to the sign-in page and back."""

    status = 401

    def __init__(self) -> None:
        super().__init__(say("请先登录。"))


class SecondFactorNeeded(Refusal):
    """The role needs a second factor first."""

    status = 401

    def __init__(self) -> None:
        super().__init__(say("这个身份需要二次验证。"))


class MerchantSuspended(Denied):
    """The platform has suspended the merchant; nothing of it opens."""


@dataclass(frozen=True)
class Admission:
    """Let in as this actor, with this scope and these rights; `hat` is the membership used, if any."""

    scope: Scope
    actor: Actor
    permissions: frozenset[Permission]
    hat: Hat | None = None


Admit = Callable[[Work, SignedIn | None, dict[str, Any]], Admission]


def to_public(work: Work, signed_in: SignedIn | None, _args: dict[str, Any]) -> Admission:
    """Anyone; a signed-in person with his own things."""
    device = work.actor.device
    if signed_in is None:
        return Admission(Scope(Face.SHOP), Actor(ActorKind.GUEST, device=device), frozenset())
    person_id = signed_in.person_id
    actor = Actor(ActorKind.PERSON, person_id, device=device)
    return Admission(Scope(Face.PERSON, person_id=person_id), actor, ROLES[Role.CONSUMER])


def to_provider(_work: Work, _signed_in: SignedIn | None, _args: dict[str, Any]) -> Admission:
    """A payment provider: whoever signs in there is nobody here, and only its signature lets it tell anything."""
    return Admission(Scope(Face.PROVIDER), Actor(ActorKind.PROVIDER), ROLES[Role.PROVIDER])


def to_merchant(kind: Kind) -> Admit:
    """Staff of the merchant in the address, when it is of this kind."""

    def admit(work: Work, signed_in: SignedIn | None, args: dict[str, Any]) -> Admission:
        hat = signed_in.hat_for(args.pop("merchant")) if signed_in else None
        if signed_in is None or hat is None or hat.kind is not kind:
            raise NotFound
        return _as_staff(work, signed_in, hat)

    return admit


def to_store(work: Work, signed_in: SignedIn | None, args: dict[str, Any]) -> Admission:
    """Staff who cover the store in the address."""
    store_id = args["store"]
    merchant_id = tenants.merchant_of_store(work, store_id)
    hat = signed_in.hat_for(merchant_id) if signed_in and merchant_id else None
    if signed_in is None or hat is None or (hat.store_ids is not None and store_id not in hat.store_ids):
        raise NotFound
    return _as_staff(work, signed_in, hat)


def to_platform(work: Work, signed_in: SignedIn | None, _args: dict[str, Any]) -> Admission:
    """The operator's own staff; to everybody else the platform's office does not exist."""
    if signed_in is None or signed_in.platform_role is None:
        raise NotFound
    if signed_in.second_factor_at is None:
        raise SecondFactorNeeded
    actor = Actor(ActorKind.PLATFORM, signed_in.person_id, device=work.actor.device)
    return Admission(Scope(Face.PLATFORM, person_id=signed_in.person_id), actor, ROLES[signed_in.platform_role])


def _as_staff(work: Work, signed_in: SignedIn, hat: Hat) -> Admission:
    if hat.merchant_state is not MerchantState.ACTIVE:
        raise MerchantSuspended(
            say("%(merchant)s 已被平台暂停，后台暂时关闭。请联系平台。", merchant=hat.merchant_name)
        )
    if hat.needs_second_factor and signed_in.second_factor_at is None:
        raise SecondFactorNeeded
    actor = Actor(ActorKind.STAFF, signed_in.person_id, hat.membership_id, work.actor.device)
    scope = Scope(Face.OFFICE, merchant_id=hat.merchant_id, store_ids=hat.store_ids)
    return Admission(scope, actor, hat.permissions, hat)
