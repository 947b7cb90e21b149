"""Clients' records: what is known at a booking, who may open a photo, copies that follow their owner."""

from __future__ import annotations

import io
from pathlib import Path
from uuid import UUID

import pytest
from PIL import Image

from portal.domain.clients import actions, queries
from portal.domain.clients.access import access_photo
from portal.domain.clients.values import VisitState
from portal.domain.identity.events import Renamed
from portal.kernel.database import new_id
from portal.kernel.permissions import ROLES, Permission, Role
from portal.kernel.refusals import Denied, NotFound, Refusal
from portal.kernel.scope import Face, Scope
from portal.kernel.storage import LocalFolder
from portal.kernel.work import Actor, ActorKind, open_work
from tests.factories.stores import MadeStore
from tests.factories.world import World


def a_photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "#d6452b").save(out, "JPEG")
    return out.getvalue()


def staff_of(world: World, store: MadeStore, role: Role = Role.TECHNICIAN):
    """A Work of somebody who covers this store alone."""
    scope = Scope(Face.OFFICE, merchant_id=store.merchant_id, store_ids=frozenset({store.id}))
    actor = Actor(ActorKind.STAFF, new_id(), None)
    return open_work(world.engine, scope=scope, actor=actor, clock=world.clock, permissions=ROLES[role])


def visit(store: MadeStore, world: World, state: VisitState = VisitState.DONE, booking: UUID | None = None) -> dict:
    facts = {"what": "补水 60 分钟", "technician": "黄嘉怡", "at": world.clock.now(), "state": state.value}
    return {"booking_id": booking or new_id(), "store_id": store.id, **facts}


def test_what_is_known_stands_at_the_booking(world: World) -> None:
    merchant = world.merchant()
    store, other = world.store(merchant, "南城店"), world.store(merchant, "福田店")
    person = world.person(name="陈静")
    ahead = visit(store, world, VisitState.AHEAD)
    with world.work(Face.JOB) as work:
        facts = {"name": "陈*", "phone_masked": "154****0001"}
        client = actions.record_of(work, merchant.id, store.id, person.id, **facts)
        assert actions.record_of(work, merchant.id, other.id, person.id, **facts) == client
        for one in (visit(store, world), ahead):
            actions.tie(work, merchant.id, client, one)
        actions.tie(work, merchant.id, client, {**ahead, "technician": "林芳"})  # moved
    with staff_of(world, store) as work:
        actions.keep(work, client, allergies="对酒精过敏", preferences="轻一点，不聊天", note="")
        care = queries.cares(work, [ahead["booking_id"], new_id()])
        shown = queries.client(work, client)
        found, more = queries.clients(work, q="0001")
    assert [(one.allergies, one.done) for one in care.values()] == [("对酒精过敏", 1)]
    assert [one.technician for one in shown.visits].count("林芳") == 1
    assert (len(shown.visits), shown.done) == (2, 1)
    assert ([one.id for one in found], more) == ([client], False)
    with staff_of(world, other) as work:  # never served him
        assert queries.clients(work) == ((), False)
        with pytest.raises(NotFound):
            queries.client(work, client)
    with staff_of(world, store, Role.KITCHEN) as work:
        assert queries.cares(work, [ahead["booking_id"]]) == {}
        with pytest.raises(Denied):
            queries.client(work, client)
    with staff_of(world, store, Role.CLERK) as work, pytest.raises(Denied):
        actions.keep(work, client, allergies="", preferences="", note="")
    with world.work(Face.PERSON, person=person.id) as work:
        work.publish(Renamed(person.id, "陈小静"))
    with staff_of(world, store) as work:
        assert queries.client(work, client).name == "陈**"


def test_a_photo_is_for_the_eyes_of_its_store(world: World, tmp_path: Path) -> None:
    merchant = world.merchant()
    store, other = world.store(merchant), world.store(merchant)
    storage = LocalFolder(tmp_path)
    with staff_of(world, store) as work:
        client = actions.open_record(work, store.id, name="林女士", phone="15400001234", demo=True)
        for pictures in ([], [b"no picture"], [a_photo()] * 7):
            with pytest.raises(Refusal):
                actions.add_photos(work, storage, client, store.id, pictures=pictures, caption="")
        actions.add_photos(work, storage, client, store.id, pictures=[a_photo()], caption="护理前")
        shown = queries.client(work, client)
        assert (shown.name, shown.phone_masked, shown.account) == ("林女士", "154****1234", False)
        photo = shown.photos[0]
    with world.work(Face.JOB) as work:
        actions.tie(work, merchant.id, client, visit(other, world))
    with staff_of(world, other) as work:
        seen = queries.client(work, client)
        assert (seen.photos, seen.hidden_photos) == ((), 1)
        with pytest.raises(NotFound):
            access_photo(work, client, photo.id, may=Permission.CLIENT_VIEW)
        with pytest.raises(NotFound):
            actions.add_photos(work, storage, client, store.id, pictures=[a_photo()], caption="")
    with staff_of(world, store) as work:
        actions.remove_photo(work, client, photo.id)
        with pytest.raises(NotFound):
            access_photo(work, client, photo.id, may=Permission.CLIENT_VIEW)
