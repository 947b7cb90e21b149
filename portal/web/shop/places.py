"""Where the reader is: said by his device or picked from a list, both the same. Kept in the address and in a cookie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import after_this_request, current_app, request, url_for
from flask.typing import ResponseReturnValue

from portal.domain.regions import queries as regions
from portal.domain.regions.rules import area_of, spoken
from portal.domain.regions.values import Level, RegionName
from portal.domain.stores import queries as stores
from portal.kernel.geo import Position
from portal.kernel.permissions import ANYONE
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.typed import half_width
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web.locale import gettext
from portal.web.pages import Page, page
from portal.web.shop import shop

HALF_A_YEAR = 180 * 86400
MOST_RECENT = 5


@dataclass(frozen=True)
class Where:
    """A place with its name; `args` are its part of an address."""

    position: Position
    label: str
    args: dict[str, Any]


def where(work: Work) -> Where | None:
    """What the address says, else what the browser kept. Refuses coordinates that cannot be, and unknown places."""
    asked = request.args
    if asked.get("lat") or asked.get("lng"):
        found = _at(asked.get("lat", ""), asked.get("lng", ""))
        _keep("place", f"{found.position.lat},{found.position.lng}")
        return found
    if asked.get("place"):
        found = _of(work, asked["place"])
        _keep("place", asked["place"])
        _keep("places", "-".join(_recent(asked["place"])))
        return found
    return _kept(work, request.cookies.get("place", ""))


def _at(lat: str, lng: str) -> Where:
    try:
        position = Position(round(float(half_width(lat)), 4), round(float(half_width(lng)), 4))
    except ValueError:
        raise Refusal(say("看不懂这个位置。请重新定位，或者选个地方。")) from None
    return Where(position, gettext("我的位置"), {"lat": position.lat, "lng": position.lng})


def _of(work: Work, code: str) -> Where:
    path = regions.path(work, code) if code.isascii() and code.isdigit() and len(code) <= 12 else ()
    if not path:
        raise NotFound(say("没有这个地区。请重新选个地方。"))
    middle = stores.middle_of(work, path)
    if middle is None:
        raise NotFound(say("还不知道这个地方在地图上的位置。请选别的地方，或者用定位。"))
    return Where(middle, area_of(path), {"place": code})


def _kept(work: Work, text: str) -> Where | None:
    """The cookie is the browser's: what does not make sense is as if it were not there."""
    try:
        lat, comma, lng = text.partition(",")
        found = _at(lat, lng) if comma else _of(work, text) if text else None
    except Refusal:
        return None
    return Where(found.position, found.label, {}) if found else None


def _recent(code: str) -> list[str]:
    kept = [one for one in request.cookies.get("places", "").split("-") if one.isascii() and one.isdigit()]
    return [code, *(one for one in kept if one != code)][:MOST_RECENT]


def _keep(name: str, value: str) -> None:
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])

    @after_this_request
    def put(response: Any) -> ResponseReturnValue:
        response.set_cookie(name, value, max_age=HALF_A_YEAR, path="/", samesite="Lax", secure=secure)
        kept: ResponseReturnValue = response
        return kept


@shop.get("/places", may=ANYONE)
def places_pick(work: Work) -> Page:
    """Pick a place: recent ones, cities with stores, step by step down, or by its name."""
    path = _path(work, request.args.get("inside", ""))
    words = half_width(request.args.get("q", "")).strip()[:30]
    if words:
        return _pick(words=words, found=[_row(one) for one in stores.find_places(work, words)])
    if path:
        steps = [(one.name, url_for("shop.places_pick", inside=one.code)) for one in path]
        return _pick(crumbs=steps, here=_row(path), below=[_step(one) for one in _below(work, path)])
    recent = [_row(one) for one in _recent_paths(work)]
    return _pick(recent=recent, cities=stores.cities_with_stores(work), provinces=regions.children(work, None))


def _pick(**parts: Any) -> Page:
    return page("shop/places/pick.html", where_label=gettext("选个地方"), **parts)


def _below(work: Work, path: tuple[RegionName, ...]) -> list[RegionName]:
    """What lies below; in a city of towns the towns at once."""
    below = regions.children(work, path[-1].code)
    if len(below) == 1 and below[0].name == path[-1].name:
        return regions.children(work, below[0].code)
    return below


def _path(work: Work, code: str) -> tuple[RegionName, ...]:
    if not code:
        return ()
    if not (code.isascii() and code.isdigit() and len(code) <= 12):
        raise NotFound(say("没有这个地区。请重新选个地方。"))
    return regions.path(work, code)


def _recent_paths(work: Work) -> list[tuple[RegionName, ...]]:
    codes = [one for one in request.cookies.get("places", "").split("-") if one.isascii() and one.isdigit()]
    paths = regions.paths(work, set(codes[:MOST_RECENT]))
    return [paths[code] for code in codes if code in paths]


def _row(path: tuple[RegionName, ...]) -> tuple[str, str, str, str, int]:
    """A line of `ui.rows` that goes there."""
    whole, short = spoken(path), area_of(path)
    name = path[-1].name if len(path) > 1 else short
    return ("pin", name, url_for("shop.home", place=path[-1].code), whole if whole != name else "", 0)


def _step(region: RegionName) -> tuple[str, str, str, str, int]:
    """A line that goes there, or one step further down."""
    last = region.level is Level.STREET
    there = url_for("shop.home", place=region.code) if last else url_for("shop.places_pick", inside=region.code)
    return ("pin", region.name, there, "", 0)
