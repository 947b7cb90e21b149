"""Which rule holds and what it brings, in whole fen. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from portal.domain.commissions.values import ALL, Kind, Rule, Turn


def pick(rules: Iterable[Rule], kind: Kind, *, subject_id: UUID, store_id: UUID, requested: bool) -> Rule | None:
    """The most particular rule that fits: its subject goes before its store, its store before its turn; of two that
    are alike the later one.
    """
    turns = {Turn.ANY, Turn.REQUESTED if requested else Turn.ROTATED}
    fitting = [
        rule
        for rule in rules
        if rule.kind is kind
        and rule.turn in turns
        and rule.subject_id in (None, subject_id)
        and rule.store_id in (None, store_id)
    ]
    return max(fitting, key=_particular, default=None)


def _particular(rule: Rule) -> tuple[bool, bool, bool, object]:
    return (rule.subject_id is not None, rule.store_id is not None, rule.turn is not Turn.ANY, rule.made_at)


def amount(rule: Rule, base_fen: int) -> int:
    """What the rule brings for something worth `base_fen`; a part of a fen is not paid."""
    if rule.fixed_fen is not None:
        return rule.fixed_fen
    return base_fen * (rule.percent_bp or 0) // ALL


def back(amount_fen: int, whole_fen: int, returned_fen: int) -> int:
    """How much of a commission is to be taken back in all once `returned_fen` of `whole_fen` went back to the client:
    in proportion, all of it with the last fen, however many refunds lead there.
    """
    if whole_fen <= 0 or returned_fen >= whole_fen:
        return amount_fen
    return amount_fen * max(returned_fen, 0) // whole_fen
