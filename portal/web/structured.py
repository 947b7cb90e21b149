"""Stores and goods as machines read them: schema.org's terms, to be written as JSON into a data block of the page."""

from __future__ import annotations

from typing import Any

from flask import url_for

from portal.domain.catalogue.queries.offers import GoodsShown, SkuOffer
from portal.domain.stores.queries import Card
from portal.kernel.hours import WeeklyHours
from portal.kernel.hours.week import DAY

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def local_business(card: Card, category: str, public_url: str) -> dict[str, Any]:
    """What search engines may know: name, place, telephone, hours, rating."""
    address = url_for("shop.stores_show", store=card.store_id)
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "LocalBusiness",
        "@id": public_url + address,
        "url": public_url + address,
        "name": card.name,
        "brand": {"@type": "Brand", "name": card.brand},
        "address": {
            "@type": "PostalAddress",
            "addressCountry": "CN",
            "addressLocality": card.area,
            "streetAddress": card.address,
        },
        "geo": {"@type": "GeoCoordinates", "latitude": card.position.lat, "longitude": card.position.lng},
    }
    if category:
        data["keywords"] = category
    if card.phone:
        data["telephone"] = f"+86{card.phone.removeprefix('0')}"
    if card.cover:
        data["image"] = public_url + url_for("pictures.show", name=card.cover.wide)
    if card.rating is not None:
        data["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": card.rating,
            "ratingCount": card.rating_count,
        }
    if card.hours:
        data["openingHoursSpecification"] = opening_hours(card.hours)
    return data


def product(shown: GoodsShown, public_url: str) -> dict[str, Any]:
    """What search engines may know of a product: name, pictures, one offer for each SKU."""
    card, address = shown.card, public_url + url_for("shop.goods_show", product=shown.card.product_id)
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "@id": address,
        "url": address,
        "name": card.name,
        "description": shown.detail[:500],
        "image": [public_url + url_for("pictures.show", name=one["wide"]) for one in card.pictures],
        "offers": [_offer(one, address, card.merchant_name) for one in shown.skus],
    }
    if card.brand:
        data["brand"] = {"@type": "Brand", "name": card.brand}
    return data


def _offer(sku: SkuOffer, address: str, seller: str) -> dict[str, Any]:
    return {
        "@type": "Offer",
        "url": f"{address}?sku={sku.id}",
        "sku": str(sku.id),
        "name": " / ".join(sku.choice),
        "price": f"{sku.sale_fen // 100}.{sku.sale_fen % 100:02}",
        "priceCurrency": "CNY",
        "availability": f"https://schema.org/{'InStock' if sku.left > 0 else 'OutOfStock'}",
        "seller": {"@type": "Organization", "name": seller},
    }


def opening_hours(hours: WeeklyHours) -> list[dict[str, Any]]:
    """One entry for each stretch of each weekday, then the dated exceptions; past midnight closes before it opens."""
    weekly = [
        {"@type": "OpeningHoursSpecification", "dayOfWeek": _DAYS[day], **_stretch(span.start, span.end)}
        for day, spans in enumerate(hours.week)
        for span in spans
    ]
    dated: list[dict[str, Any]] = []
    for day, spans in hours.exceptions:
        valid = {"validFrom": day.isoformat(), "validThrough": day.isoformat()}
        stretches = [_stretch(span.start, span.end) for span in spans] or [{"opens": "00:00", "closes": "00:00"}]
        dated += [{"@type": "OpeningHoursSpecification", **valid, **stretch} for stretch in stretches]
    return weekly + dated


def _stretch(start: int, end: int) -> dict[str, str]:
    whole = end - start == DAY
    closes = DAY - 1 if whole else end % DAY
    return {"opens": _clock(start), "closes": _clock(closes)}


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
