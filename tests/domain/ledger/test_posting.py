"""Money moves by linked transfers, once for each key, and never below zero where a balance is guarded."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from portal.domain.ledger import actions, errors, queries
from portal.domain.ledger.actions import posting
from portal.domain.ledger.values import (
    HOUSE,
    AccountKind,
    AccountRef,
    Business,
    JournalKind,
    Transfer,
    TransferKind,
)
from portal.kernel.scope import Face
from tests.factories.world import World

CLEARING = AccountRef(AccountKind.CLEARING, HOUSE)
REVENUE = AccountRef(AccountKind.REVENUE, HOUSE)


def balance(world: World, ref: AccountRef) -> int:
    with world.work(Face.PLATFORM) as work:
        return queries.balance(work, ref)


def test_linked_transfers_move_units_between_claims(world: World) -> None:
    merchant = uuid4()
    mine = world.earned(merchant, 3200, margin=1390)
    assert balance(world, mine) == 3200
    assert balance(world, REVENUE) == 1390
    assert balance(world, CLEARING) == -4590


def test_the_same_key_acts_once_and_other_content_is_refused(world: World) -> None:
    order = uuid4()
    escrow, first = world.captured(500, order)
    _, again = world.captured(500, order)
    assert again.is_repeat
    assert (again.id, again.transfers, again.day) == (first.id, first.transfers, first.day)
    assert balance(world, escrow) == 500
    with pytest.raises(errors.KeyTaken):
        world.captured(501, order)
    assert balance(world, escrow) == 500


def test_a_guarded_balance_never_falls_below_zero(world: World) -> None:
    escrow, _ = world.captured(500)
    mine = AccountRef(AccountKind.AVAILABLE, uuid4())
    over = Transfer(TransferKind.SETTLE_NOW, escrow, mine, 501)
    with pytest.raises(errors.Insufficient):
        world.posted(JournalKind.SETTLEMENT, "over", Business("order", uuid4()), over)
    assert (balance(world, escrow), balance(world, mine)) == (500, 0)


def test_a_work_cannot_commit_after_the_database_refused(world: World) -> None:
    escrow, _ = world.captured(1)
    over = Transfer(TransferKind.MARGIN, escrow, REVENUE, 2)
    with (
        pytest.raises(RuntimeError, match="cannot commit"),
        world.work(Face.JOB) as work,
        pytest.raises(errors.Insufficient),
    ):
        _post(work, "over", over)


def test_a_transfer_is_undone_in_parts_and_never_beyond_itself(world: World) -> None:
    escrow, journal = world.captured(100)
    paid = journal.transfers[0].id
    with world.work(Face.JOB) as work:
        _undo(work, paid, 60, "first")
        assert _undo(work, paid, 60, "first").is_repeat
    with pytest.raises(errors.NothingLeft), world.work(Face.JOB) as work:
        _undo(work, paid, 60, "second")
    with world.work(Face.JOB) as work:
        back = _undo(work, paid, 40, "rest")
    assert back.transfers[0].transfer.reverses == paid
    assert back.transfers[0].transfer.kind is TransferKind.CAPTURE_REVERSED
    assert (balance(world, escrow), balance(world, CLEARING)) == (0, 0)


def test_held_units_are_taken_or_released_once(world: World) -> None:
    merchant = uuid4()
    mine = world.earned(merchant, 1000)
    withdrawal = Business("withdrawal", uuid4())
    with world.work(Face.OFFICE, merchant=merchant) as work:
        held = actions.hold(work, account=mine, amount=800, key="w/1", business=withdrawal)
        assert actions.hold(work, account=mine, amount=800, key="w/1", business=withdrawal) == held
    frozen, payout = AccountRef(AccountKind.FROZEN, merchant), AccountRef(AccountKind.PAYOUT, HOUSE)
    assert (balance(world, mine), balance(world, frozen)) == (200, 800)
    with world.work(Face.JOB) as work:
        facts = {"owner_id": merchant, "hold_id": held.id, "business": withdrawal}
        actions.take(work, **facts, amount=500, to=payout, key="w/1/take")
        actions.release(work, **facts, amount=300, key="w/1/release")
    assert (balance(world, mine), balance(world, frozen), balance(world, payout)) == (500, 0, 500)
    with pytest.raises(errors.HoldSpent), world.work(Face.JOB) as work:
        actions.take(work, **facts, amount=1, to=payout, key="w/1/again")


@pytest.mark.parametrize(
    "wrong",
    [
        Transfer(TransferKind.MARGIN, CLEARING, REVENUE, 1),
        Transfer(TransferKind.PROVIDER_SETTLED, AccountRef(AccountKind.BANK, HOUSE), CLEARING, 0),
        Transfer(TransferKind.PROVIDER_SETTLED, AccountRef(AccountKind.BANK, HOUSE), CLEARING, True),
        Transfer(TransferKind.PROVIDER_SETTLED_REVERSED, CLEARING, AccountRef(AccountKind.BANK, HOUSE), 1),
    ],
)
def test_what_is_not_listed_is_not_even_tried(world: World, wrong: Transfer) -> None:
    with pytest.raises(ValueError, match=wrong.kind), world.work(Face.JOB) as work:
        _post(work, "wrong", wrong)


def test_a_reversal_must_mirror_what_it_points_at(world: World) -> None:
    _, journal = world.captured(100)
    other, _ = world.captured(100)
    back = Transfer(TransferKind.CAPTURE_REVERSED, other, CLEARING, 50, reverses=journal.transfers[0].id)
    with (
        pytest.raises(RuntimeError, match="cannot commit"),
        world.work(Face.JOB) as work,
        pytest.raises(ValueError, match="is not what the posting says"),
    ):
        _post(work, "crossed", back)
    assert balance(world, other) == 100


def test_half_a_posting_is_never_committed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    escrow, _ = world.captured(100)
    monkeypatch.setattr(posting.rules, "changes_of", lambda _transfers: {})
    with pytest.raises(RuntimeError, match="cannot commit"), world.work(Face.JOB) as work, pytest.raises(KeyError):
        _post(work, "broken", Transfer(TransferKind.MARGIN, escrow, REVENUE, 1))
    monkeypatch.undo()
    with world.work(Face.JOB) as work:
        assert actions.prove(work).differences == 0


def _post(work, key: str, *transfers: Transfer):
    return actions.post(
        work, kind=JournalKind.ADJUSTMENT, key=key, business=Business("order", uuid4()), transfers=transfers
    )


def _undo(work, transfer_id: UUID, amount: int, key: str):
    business = Business("refund", transfer_id)
    return actions.reverse(work, transfer_id=transfer_id, amount=amount, key=key, business=business)
