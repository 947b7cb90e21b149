"""What pages read about stores: names for the offices, lists for the desk, cards for the street."""

from portal.domain.stores.queries.names import store_names

__all__ = ["store_names"]
