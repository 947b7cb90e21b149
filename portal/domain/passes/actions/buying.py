"""Buying: a pass that waits for its payment, and what the payment's end makes of it."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from portal.domain.identity.models import Person
from portal.domain.identity.rules.names import masked_name
from portal.domain.ledger.values import Business
from portal.domain.passes import errors, rules
from portal.domain.passes.access import HOUSE, access_held, access_kind
from portal.domain.passes.actions import books
from portal.domain.passes.events import PassBought
from portal.domain.passes.models import Pass, PassKind, PassPerson, PassService
from portal.domain.passes.values import BUSINESS, REFUND_DAYS, Happening, KindState, PassState, Role
from portal.domain.payments import actions as payments
from portal.domain.tenants.models import Merchant
from portal.domain.tenants.values import MerchantState
from portal.domain.vouchers.rules import codes
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.figures import SHANGHAI
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Busy
from portal.kernel.work import Work

_TRIES = 5
_LIVING = (PassState.UNPAID, PassState.ACTIVE, PassState.SPENT, PassState.EXPIRED)


def buy(work: Work, kind_id: UUID, *, shown_fen: int, shown_uses: int | None = None) -> tuple[UUID, UUID]:
    """Buy one; returns the pass and the payment that it waits for.

    Refuses what is not on sale, another price or content than was shown, and a person who has his share.
    """
    work.require(Permission.PASS_BUY)
    kind = access_kind(work, kind_id, may=Permission.PASS_BUY)
    merchant = work.session.execute(select(Merchant.name, Merchant.state).where(Merchant.id == kind.merchant_id)).one()
    if kind.state != KindState.ON_SALE or merchant.state != MerchantState.ACTIVE:
        raise errors.NotOnSale
    if kind.price_fen != shown_fen:
        raise errors.PriceMoved(shown_fen, kind.price_fen)
    if shown_uses is not None and kind.uses != shown_uses:
        raise errors.ContentMoved
    name = masked_name(work.session.scalars(select(Person.name).where(Person.id == work.person_id)).one())
    work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"passes/{work.person_id}", 0))))
    faults.point(work, "passes.buy.checked")
    with borrowed(work, HOUSE, books.RIGHTS):
        _refuse_beyond(work, kind)
        return _write(work, kind, str(merchant.name), name)


def _refuse_beyond(work: Work, kind: PassKind) -> None:
    if not kind.per_person:
        return
    of = Pass
    mine = (of.merchant_id == kind.merchant_id, of.kind_id == kind.id, of.buyer_id == work.person_id)
    query = select(func.count()).where(*mine, of.state.in_([one.value for one in _LIVING]))
    if (work.session.scalar(query) or 0) >= kind.per_person:
        raise errors.PassLimit(kind.per_person)


def _write(work: Work, kind: PassKind, merchant: str, name: str) -> tuple[UUID, UUID]:
    """On the worker's face: the pass, its holder, its payment."""
    pass_id = new_id()
    intent_id = payments.ask(
        work,
        business=Business(BUSINESS, pass_id),
        title=kind.name,
        amount_fen=kind.price_fen,
        return_path=f"/passes/{pass_id}",
        person_id=work.person_id,
    )
    query = select(PassService.service_id).where(
        PassService.merchant_id == kind.merchant_id, PassService.kind_id == kind.id
    )
    facts = _facts(work, kind, pass_id, intent_id, merchant, name)
    facts["services"] = sorted(str(one) for one in work.session.scalars(query))
    for _attempt in range(_TRIES):
        facts |= {"number": _number(work), "code": codes.new_digits(), "secret": codes.new_secret()}
        new = insert(Pass).values(**facts).on_conflict_do_nothing()
        if work.session.execute(new.returning(Pass.id)).scalar() is not None:
            break
    else:
        raise Busy
    add_person(work, kind.merchant_id, pass_id, work.person_id, Role.HOLDER, name)
    row = access_held(work, kind.merchant_id, pass_id)
    books.write(work, row, Happening.BOUGHT, by_name=name, amount_fen=row.price_fen)
    return pass_id, intent_id


def _facts(work: Work, kind: PassKind, pass_id: UUID, intent_id: UUID, merchant: str, name: str) -> dict[str, Any]:
    """What was agreed, frozen."""
    counters = ("used", "held", "back", "lapsed", "nth", "earned_fen", "refunded_fen")
    return {
        "merchant_id": kind.merchant_id,
        "id": pass_id,
        "kind_id": kind.id,
        "state": PassState.UNPAID.value,
        "merchant_name": merchant,
        "name": kind.name,
        "words": kind.words,
        "transferable": kind.transferable,
        "shared": kind.shared,
        "valid_days": kind.valid_days,
        "buyer_id": work.person_id,
        "buyer": name,
        "holder_id": work.person_id,
        "holder": name,
        "intent_id": intent_id,
        "uses": kind.uses,
        "price_fen": kind.price_fen,
        "bought_at": work.now(),
        **dict.fromkeys(counters, 0),
    }


def _number(work: Work) -> str:
    return f"{work.now().astimezone(SHANGHAI):%y%m%d}{secrets.randbelow(10**8):08}"


def add_person(work: Work, merchant_id: UUID, pass_id: UUID, person_id: UUID, role: Role, name: str) -> None:
    """He may use it from now on, as what he is to it now."""
    facts = {"role": role.value, "name": name, "since": work.now(), "until": None}
    new = insert(PassPerson).values(merchant_id=merchant_id, pass_id=pass_id, person_id=person_id, **facts)
    keys = [PassPerson.merchant_id, PassPerson.pass_id, PassPerson.person_id]
    work.session.execute(new.on_conflict_do_update(index_elements=keys, set_=facts))


def paid(work: Work, pass_id: UUID) -> None:
    """Its payment was captured: it can be used, and its days begin."""
    with borrowed(work, HOUSE, books.RIGHTS):
        row = _held(work, pass_id)
        if row.state != PassState.UNPAID:
            return
        row.state, row.paid_at = PassState.ACTIVE.value, work.now()
        row.refund_until = rules.refund_until(work.now(), REFUND_DAYS)
        row.expires_at = rules.ends_at(work.now(), row.valid_days)
        books.write(work, row, Happening.PAID, by_name=row.buyer, amount_fen=row.price_fen)
        work.publish(PassBought(row.merchant_id, row.id, row.buyer_id, row.price_fen))


def released(work: Work, pass_id: UUID) -> None:
    """Nobody pays it any more."""
    with borrowed(work, HOUSE, books.RIGHTS):
        row = _held(work, pass_id)
        if row.state == PassState.UNPAID:
            row.state, row.ended_at = PassState.CLOSED.value, work.now()
            books.write(work, row, Happening.CLOSED)


def _held(work: Work, pass_id: UUID) -> Pass:
    merchant_id = work.session.scalars(select(Pass.merchant_id).where(Pass.id == pass_id)).one()
    return access_held(work, merchant_id, pass_id)
