"""The first page of a merchant's office: true figures, what to do next, what the platform has to say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g

from portal.domain.catalogue.queries import desk as goods
from portal.domain.catalogue.values import ProductState
from portal.domain.onboarding.queries import profiles
from portal.domain.reference import queries as reference
from portal.domain.reference.values import Audience
from portal.domain.regions import queries as regions
from portal.domain.shipping import queries as shipping
from portal.domain.shipping.queries import Tile
from portal.domain.tenants.queries import staff
from portal.domain.tenants.values import KINDS_WITH_STORES, OfficeFigures
from portal.domain.vouchers import queries as vouchers
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web import dispatch, ways
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem, Office
from portal.web.pages import Page, page

MANY = 1000
"""A tile counts no further than this."""


@dataclass(frozen=True)
class Step:
    """One thing to do before the office is ready; `done` ones stay, so that progress is seen."""

    text: str
    why: str
    url: str
    done: bool


def add(office: Office) -> None:
    """Register the first page."""
    office.nav.insert(0, NavItem(_l("概况"), f"{office.name}.home", Permission.OFFICE_VIEW))
    office.get("/", may=Permission.OFFICE_VIEW)(home)


def home(work: Work) -> Page:
    """How things stand."""
    figures, office = staff.office_figures(work), g.office.name
    return page(
        "desks/front/home.html",
        tiles=_tiles(work, office, figures),
        steps=_steps(work, office, figures),
        notices=reference.notices(work, Audience.OFFICES),
        ground=_ground(work),
    )


def _tiles(work: Work, office: str, figures: OfficeFigures) -> list[dict[str, Any]]:
    """Figures this office has and this reader may see."""
    to = _ways_for(work, office)
    tiles = [{"label": gettext("员工"), "number": figures.staff, "url": to("staff_list", Permission.STAFF_VIEW)}]
    if g.hat.kind in KINDS_WITH_STORES:
        url = to("stores_list", Permission.STORE_VIEW)
        tiles.insert(0, {"label": gettext("门店"), "number": figures.stores, "url": url})
        if work.may(Permission.COUPON_VIEW):
            on = sum(count for state, count in vouchers.coupon_counts(work).items() if state == "published")
            url = to("coupons_list", Permission.COUPON_VIEW)
            tiles.append({"label": gettext("在发的优惠券"), "number": on, "url": url})
    if g.hat.kind == "supplier":
        tiles[:0] = _supply_tiles(work, to)
    if figures.invitations:
        url = to("staff_list", Permission.STAFF_VIEW)
        tiles.append({"label": gettext("等待回复的邀请"), "number": figures.invitations, "url": url})
    return tiles


def _supply_tiles(work: Work, to: Any) -> list[dict[str, Any]]:
    """What a supplier's day begins with: the figures of the board, each its filter, and the goods on sale."""
    tiles: list[dict[str, Any]] = []
    if work.may(Permission.ORDER_VIEW):
        board, every = (to(name, Permission.ORDER_VIEW) for name in ("orders_board", "orders_list"))
        for tile, number in shipping.tiles(work).items():
            url = board if tile is Tile.TO_SHIP else f"{every}?tile={tile.value}"
            label, note = dispatch.TILES[tile]
            hot = bool(number) and tile in (Tile.OVERDUE, Tile.NO_STOCK, Tile.CASES)
            said = number if number < MANY else f"{MANY}+"
            tiles.append({"label": label, "number": said, "note": note, "url": url, "hot": hot})
    if work.may(Permission.PRODUCT_VIEW):
        url = to("products_list", Permission.PRODUCT_VIEW)
        on = goods.counts(work).get(ProductState.ON_SALE, 0)
        tiles.append({"label": gettext("在售商品"), "number": on, "url": url})
    return tiles


def _steps(work: Work, office: str, figures: OfficeFigures) -> list[Step]:
    """What makes the office ready, for those who may do it."""
    to, steps = _ways_for(work, office), []
    if g.hat.kind in KINDS_WITH_STORES:
        opened = figures.stores > 0
        why = gettext("填好地址、营业时间和位置，附近的人就能看到。")
        steps.append(Step(gettext("开出第一家门店"), why, to("stores_new", Permission.STORE_EDIT), opened))
        coupons = vouchers.coupon_counts(work) if work.may(Permission.COUPON_VIEW) else {}
        why = gettext("顾客领了券才有理由走进来。")
        steps.append(
            Step(gettext("发一张优惠券"), why, to("coupons_new", Permission.COUPON_EDIT), any(coupons.values()))
        )
    why = gettext("店员用自己的手机核销，您不用守着。")
    if g.hat.kind not in KINDS_WITH_STORES:
        why = gettext("分工以后，离职的人一点就移除。")
    invited = figures.staff > 1 or figures.invitations > 0
    steps.append(Step(gettext("邀请一位同事"), why, to("staff_new", Permission.STAFF_EDIT), invited))
    if work.may(Permission.STAFF_EDIT):
        why = gettext("一位店主丢了手机，另一位还能进来。")
        url = to("staff_new", Permission.STAFF_EDIT)
        steps.append(Step(gettext("有第二位店主"), why, url, figures.owners > 1))
    return [step for step in steps if step.url]


def _ways_for(work: Work, office: str) -> Any:
    """Addresses of this office's pages that exist and that the reader may open."""
    return lambda page_name, may: ways.address_of(f"{office}.{page_name}") if work.may(may) else ""


def _ground(work: Work) -> str:
    """The region of a centre, in words."""
    if g.hat.kind != "region":
        return ""
    found = profiles.profile(work, work.merchant_id)
    path = regions.paths(work, {found.particulars.region_code}) if found else {}
    steps = next(iter(path.values()), ())
    return " ".join(step.name for step in steps)
