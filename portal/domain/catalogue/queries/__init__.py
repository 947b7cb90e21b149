"""What pages read of goods: the supplier's desk, the platform's lists, terms, and what the shop may ask for."""

from portal.domain.catalogue.queries.desk import (
    Asked,
    Sort,
    brands,
    counts,
    history,
    low_count,
    movements,
    product,
    products,
    several,
)
from portal.domain.catalogue.queries.skus import availability, skus_of
from portal.domain.catalogue.queries.terms import price_history, terms_at

__all__ = [
    "Asked",
    "Sort",
    "availability",
    "brands",
    "counts",
    "history",
    "low_count",
    "movements",
    "price_history",
    "product",
    "products",
    "several",
    "skus_of",
    "terms_at",
]
