"""The fee: what is in the example, and that it grows with the amount up to its cap."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.payouts import rules
from portal.domain.payouts.values import Terms
from tests.conftest import NOON

TERMS = st.builds(
    Terms,
    least_fen=st.just(1),
    fixed_fen=st.integers(0, 10_000),
    basis_points=st.integers(0, 500),
    most_fee_fen=st.integers(0, 100_000),
    a_day=st.just(3),
    hold_hours=st.just(48),
    second_from_fen=st.just(1),
)


@given(TERMS, st.integers(1, 10**10), st.integers(1, 10**6))
def test_a_fee_grows_with_the_amount_and_stops_at_its_cap(terms: Terms, amount: int, more: int) -> None:
    fee = rules.fee_of(amount, terms)
    assert 0 <= fee <= terms.most_fee_fen
    assert fee <= rules.fee_of(amount + more, terms)
    if fee < terms.most_fee_fen:
        assert abs(fee - terms.fixed_fen - amount * terms.basis_points / 10_000) <= 0.5


def test_the_fee_of_the_example() -> None:
    terms = Terms(100_00, 0, 10, 50_00, 3, 48, 50_000_00)
    assert [rules.fee_of(amount, terms) for amount in (10_000_00, 100_000_00, 12_345)] == [10_00, 50_00, 12]
    assert rules.held_until(NOON, 48) - NOON == timedelta(days=2)
