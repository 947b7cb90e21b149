"""Tables of goods. The supplier's rows are private; the street reads the two card tables and nothing else.

Terms, stock, movements and cards are written by the worker's face alone, inside the acts that may: no office can give
itself a price or a piece.
"""

from portal.domain.catalogue.models.cards import ProductCard, SkuCard
from portal.domain.catalogue.models.goods import BrandRow, Product, ProductPhoto, Revision, Sku
from portal.domain.catalogue.models.prices import PriceChange, SaleChange, SkuSale, SupplyTerms
from portal.domain.catalogue.models.stock import Stock, StockHold, StockMovement

__all__ = [
    "BrandRow",
    "PriceChange",
    "Product",
    "ProductCard",
    "ProductPhoto",
    "Revision",
    "SaleChange",
    "Sku",
    "SkuCard",
    "SkuSale",
    "Stock",
    "StockHold",
    "StockMovement",
    "SupplyTerms",
]
