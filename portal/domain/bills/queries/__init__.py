"""Bills for pages, as frozen facts."""

from portal.domain.bills.queries.bills import adjustments, bill, bills, bills_of, refunds_of
from portal.domain.bills.queries.rules import rules_of

__all__ = ["adjustments", "bill", "bills", "bills_of", "refunds_of", "rules_of"]
