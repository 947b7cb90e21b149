"""What pages and the features above ask of the floor."""

from portal.domain.floor.queries.cards import table_by_code

__all__ = ["table_by_code"]
