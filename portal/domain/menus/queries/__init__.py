"""What pages read about menus: what a store serves and what it costs, and the lists of the desk."""

from portal.domain.menus.queries.served import quote, served, stops, table_rules

__all__ = ["quote", "served", "stops", "table_rules"]
