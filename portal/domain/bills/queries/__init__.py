"""Bills for pages, as frozen facts."""

from portal.domain.bills.queries.bills import adjustments, bill, bills, bills_of, paid_back, refunds_of
from portal.domain.bills.queries.cleared import Cleared, cleared
from portal.domain.bills.queries.paying import payment_of
from portal.domain.bills.queries.rules import rules_of
from portal.domain.bills.queries.totals import Sums, has_pin, member_names, paid_by_sitting, sums

__all__ = [
    "Cleared",
    "Sums",
    "adjustments",
    "bill",
    "bills",
    "bills_of",
    "cleared",
    "has_pin",
    "member_names",
    "paid_back",
    "paid_by_sitting",
    "payment_of",
    "refunds_of",
    "rules_of",
    "sums",
]
