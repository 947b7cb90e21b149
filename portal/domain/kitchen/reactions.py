"""What the kitchen does when something happens at a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.domain.kitchen.actions import following, telling
from portal.domain.tabs.events import (
    LineCancelled,
    LineServed,
    LinesMoved,
    RoundPlaced,
    SittingClosed,
    SittingReopened,
    TablesMoved,
)
from portal.kernel.work import Work


def on_round(work: Work, event: RoundPlaced) -> None:
    """A round is to be cooked."""
    telling.tell_round(work, event.merchant_id, event.round_id)


def on_cancelled(work: Work, event: LineCancelled) -> None:
    """Fewer of a line, or none."""
    telling.tell_fewer(work, event.merchant_id, event.line_id, event.version, event.quantity)


def on_served(work: Work, event: LineServed) -> None:
    """It is on the table."""
    following.served(work, event.merchant_id, event.store_id, event.line_id, yes=event.served)


def on_moved(work: Work, event: TablesMoved) -> None:
    """Another table."""
    following.moved(work, event.merchant_id, event.store_id, event.sitting_id)


def on_closed(work: Work, event: SittingClosed) -> None:
    """Nobody sits there any more; what went over to another table is still to be made, and what the last ones paid for
    when the next ones sit there already.
    """
    if event.cooks_on:
        following.forgotten(work, event.merchant_id, event.store_id)
    elif event.into_id is None:
        following.cleared(work, event.merchant_id, event.store_id, event.sitting_id)


def on_reopened(work: Work, event: SittingReopened) -> None:
    """It has its tables and lines again."""
    following.back(work, event.merchant_id, event.store_id, event.sitting_id)
    following.moved(work, event.merchant_id, event.store_id, event.sitting_id)


def on_lines_moved(work: Work, event: LinesMoved) -> None:
    """Another bill."""
    following.split(work, event.merchant_id, event.store_id, event.to_sitting_id, event.parts)


REACTIONS: tuple[tuple[type, Callable[[Any, Any], None]], ...] = (
    (RoundPlaced, on_round),
    (LineCancelled, on_cancelled),
    (LineServed, on_served),
    (TablesMoved, on_moved),
    (SittingClosed, on_closed),
    (SittingReopened, on_reopened),
    (LinesMoved, on_lines_moved),
)
