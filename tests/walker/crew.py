"""What a board shows in a town: a visit that is booked, one that is there, one that is done and brought a commission;
a client's record with a photo, a turn list, a rule.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal.domain.bookings import actions as bookings
from portal.domain.bookings.values import ServiceDraft
from portal.domain.clients import actions as clients
from portal.domain.commissions import actions as commissions
from portal.domain.commissions.values import Kind, RuleDraft, Turn
from portal.domain.tenants.models import Membership
from portal.domain.tenants.values import KINDS_WITH_STORES
from portal.domain.tenants.values import Kind as Kinds
from portal.domain.turns import actions as turns
from portal.kernel.scope import Face
from tests.factories.onboarding import photo
from tests.factories.world import World
from tests.walker.town import Town


def board(world: World, town: Town) -> None:
    """The first store of every merchant that has some; its manager works there himself."""
    for kind in sorted(KINDS_WITH_STORES):
        merchant = town.merchants[kind]
        store = town.stores[merchant.id][0]
        manager = town.actors[f"{kind.value}.manager.1"].person
        assert manager is not None
        with world.work(Face.OFFICE, merchant=merchant.id) as work:
            boss = select(Membership.id).where(
                Membership.merchant_id == merchant.id, Membership.person_id == manager.id
            )
            member = work.session.scalars(boss).one()
        person = world.resource(store, name=f"{town.letter} 镇阿芳", member=member)
        with world.work(Face.OFFICE, merchant=merchant.id) as work:
            commissions.add_rule(work, RuleDraft(Kind.WORK, None, None, Turn.ANY, 1_500, None))
            turns.join(work, store.id, person.id)
            draft = ServiceDraft(f"{town.letter} 镇刮痧", 30, 8_800, doers=frozenset({person.id}))
            service = bookings.draft_service(work, draft=draft)
            bookings.offer_service(work, service)
            client = clients.open_record(
                work, store.id, name=f"{town.letter} 镇的林女士", phone="15400009876", demo=True
            )
            clients.keep(work, client, allergies=f"{town.letter} 镇酒精过敏", preferences="轻一点", note="")
            shots = {"pictures": [photo()], "caption": f"{town.letter} 镇护理前"}
            clients.add_photos(work, world.services.storage, client, store.id, **shots)
            facts = {"store_id": store.id, "service_ids": [service], "overrides": f"{town.letter} 镇加塞"}
            done = bookings.walk_in(work, **facts, client_name=f"{town.letter} 镇来客")
            clients.tie_by_desk(work, client, done)
            bookings.finish(work, done)
            if kind is Kinds.BRAND:
                bookings.walk_in(work, **facts)
            later = work.now() + timedelta(hours=3)
            bookings.book_for(work, **facts, starts_at=later, client_name=f"{town.letter} 镇约客")
            due = [bookings.book_for(work, **facts, starts_at=work.now(), client_name=name) for name in _names(town)]
            if kind is Kinds.BRAND:
                bookings.arrive(work, due[0])


def _names(town: Town) -> tuple[str, str]:
    return f"{town.letter} 镇准时的客", f"{town.letter} 镇没来的客"
