"""What people do with commissions, and what is written by itself."""

from portal.domain.commissions.actions.entries import Piece, earn, return_to_client, take_back
from portal.domain.commissions.actions.own import arrive_own, finish_own
from portal.domain.commissions.actions.sales import credit_sale
from portal.domain.commissions.actions.terms import add_rule, end_rule

__all__ = [
    "Piece",
    "add_rule",
    "arrive_own",
    "credit_sale",
    "earn",
    "end_rule",
    "finish_own",
    "return_to_client",
    "take_back",
]
