"""What sending one thing to the reader costs: to the first address of his book, else to the place he picked."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from portal.domain.catalogue.queries.offers import GoodsCard, SkuOffer
from portal.domain.freight import queries as freight
from portal.domain.freight.rules.fees import in_short
from portal.domain.identity import queries as identity
from portal.domain.regions import queries as regions
from portal.domain.regions.rules import area_of, spoken
from portal.kernel.paste.regions import plain
from portal.kernel.scope import Face
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web.locale import said


@dataclass(frozen=True)
class Sending:
    """`what` in a word (到东莞 ¥8, 包邮), `note` how it comes about; `refused` when it is not sent there."""

    what: str
    note: str
    refused: bool
    guessed: bool


def to_reader(work: Work, card: GoodsCard, sku: SkuOffer) -> Sending:
    """The freight of one piece; without a place what most places pay."""
    code, place = _place(work)
    found = freight.for_product(
        work, card.merchant_id, card.product_id, region_code=code, grams=sku.grams, sale_fen=sku.sale_fen
    )
    words = [said(one) for one in (*found.words, *((found.hint,) if found.hint else ()))]
    what = said(in_short(found, place or said(say("大部分地区"))))
    return Sending(what, " · ".join(one for one in words if one != what), found.fee_fen is None, code is None)


def _place(work: Work) -> tuple[str | None, str]:
    book = identity.addresses(work) if work.scope.face is Face.PERSON else []
    if book:
        names = plain(book[0].region_names)
        return book[0].region_code, "".join((names[1:] if len(names) > 2 else names)[:2])
    code = request.args.get("place") or request.cookies.get("place", "")
    path = regions.paths(work, {code}).get(code, ()) if code.isascii() and code.isdigit() and len(code) <= 12 else ()
    return (code, area_of(path) or spoken(path)) if path else (None, "")
