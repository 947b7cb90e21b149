"""Pure logic of orders: whose money a line is, by when it must leave, where an order stands."""

from portal.domain.ordering.rules.money import LineMoney

__all__ = ["LineMoney"]
