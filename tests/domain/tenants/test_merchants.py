"""Suspension closes everything at once, reinstatement opens it, closing is for good."""

from __future__ import annotations

import pytest

from portal.domain.tenants.actions import merchants
from portal.domain.tenants.events import MerchantClosed, MerchantReinstated, MerchantSuspended
from portal.domain.tenants.queries import merchants as queries
from portal.domain.tenants.values import Kind, MerchantState
from portal.kernel.audit import AuditEntry
from portal.kernel.refusals import Conflict, NotFound, Refusal
from portal.kernel.scope import Face
from tests.factories.world import World


def test_suspend_reinstate_close_and_who_is_told(world: World) -> None:
    merchant, operator = world.merchant(), world.operator()
    owner = world.staff(merchant)
    with world.work(Face.PLATFORM, person=operator.id) as work:
        merchants.suspend(work, merchant.id, reason=" 资质过期 ")
        merchants.reinstate(work, merchant.id)
        merchants.close(work, merchant.id, reason="不再经营")
        told = [event for event in work.published if hasattr(event, "staff_ids")]
    assert [type(event) for event in told] == [MerchantSuspended, MerchantReinstated, MerchantClosed]
    assert told[0].reason == "资质过期"
    assert all(event.staff_ids == (owner.id,) for event in told)


@pytest.mark.parametrize(
    ("first", "then"), [("suspend", "suspend"), (None, "reinstate"), ("close", "reinstate"), ("close", "suspend")]
)
def test_moves_that_do_not_exist_are_refused(world: World, first: str | None, then: str) -> None:
    merchant = world.merchant()
    why = {"suspend": {"reason": "a"}, "close": {"reason": "b"}, "reinstate": {}}
    with world.work(Face.PLATFORM, person=world.operator().id) as work:
        if first:
            getattr(merchants, first)(work, merchant.id, **why[first])
        with pytest.raises(Conflict):
            getattr(merchants, then)(work, merchant.id, **why[then])


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301, "\u202eabc"])
def test_a_reason_is_needed_and_bounded(world: World, reason: str) -> None:
    merchant = world.merchant()
    with world.work(Face.PLATFORM, person=world.operator().id) as work, pytest.raises(Refusal) as caught:
        merchants.suspend(work, merchant.id, reason=reason)
    assert caught.value.field == "reason"


def test_the_owner_reads_the_platforms_act_in_his_own_trail(world: World) -> None:
    merchant, operator = world.merchant(), world.operator()
    with world.work(Face.PLATFORM, person=operator.id) as work:
        merchants.suspend(work, merchant.id, reason="资质过期")
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        actions = [row.action for row in work.session.query(AuditEntry)]
    assert actions == ["merchant.suspended"]


def test_merchants_are_listed_filtered_and_paged(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    made = [world.merchant(Kind.BRAND, f"茶店{n}") for n in range(3)] + [world.merchant(Kind.SUPPLIER, "果源")]
    owner = world.staff(made[0])
    with world.work(Face.PLATFORM) as work:
        page, more = queries.merchants(work)
        assert ([one.id for one in page], more) == ([made[3].id, made[2].id], True)
        page, more = queries.merchants(work, after=page[-1].id)
        assert ([one.id for one in page], more) == ([made[1].id, made[0].id], False)
        assert page[1].owner_name == owner.name
        found, _ = queries.merchants(work, kind=Kind.SUPPLIER, state=MerchantState.ACTIVE, words="果")
        assert [one.id for one in found] == [made[3].id]
        assert queries.merchants(work, words="100%_")[0] == ()
        assert queries.counts(work)[(Kind.BRAND, MerchantState.ACTIVE)] == 3
        with pytest.raises(NotFound):
            queries.merchant(work, owner.id)
