"""The addresses every frame links to, and the bottom bar of the shop."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import current_app, g, request, session, url_for

from portal.kernel.words import say
from portal.web import locale


def context() -> dict[str, Any]:
    """`places` (name → address) and `shop_nav` (the bar) for templates."""
    demo = current_app.extensions["portal"].settings.is_demo
    return {"places": _places(), "shop_nav": _bar(), "demo_town": demo}


def _places() -> dict[str, str]:
    back = request.full_path.rstrip("?") if request.method == "GET" else "/"
    other = "zh" if locale.current() == "en" else "en"
    return {
        "home": steady("shop.home"),
        "nearby": steady("shop.home"),
        "where": steady("shop.places_pick"),
        "language": f"{steady('shop.language')}?{urlencode({'to': other, 'next': back})}",
        "sign_in": f"{steady('signin.start')}?{urlencode({'next': back})}",
        "sign_out": steady("signin.sign_out"),
        "me": steady("shop.me"),
        "messages": steady("shop.notifications_list"),
        "privacy": steady("signin.privacy"),
        "ledger": steady("shop.ledger_show"),
    }


class BarItem(NamedTuple):
    """One entry of the shop's bottom bar; `waiting` is how much waits there, `counted` what is counted."""

    label: str
    url: str
    icon: str
    waiting: int
    current: bool
    counted: str


_BAR = (
    (say("附近"), "shop.home", "pin"),
    (say("好货"), "shop.goods_list", "gift"),
    (say("购物车"), "shop.cart_show", "cart"),
    (say("券包"), "shop.wallet", "ticket"),
    (say("消息"), "shop.notifications_list", "bell"),
    (say("我的"), "shop.me", "person"),
)


_UNREAD, _THINGS = say("条未读"), say("种商品")


def _bar() -> tuple[BarItem, ...]:
    signed_in = g.get("signed_in")
    waiting = {"bell": signed_in.unread if signed_in else 0, "cart": session.get("cart", 0) if signed_in else 0}
    counted = {"bell": locale.said(_UNREAD), "cart": locale.said(_THINGS)}
    here = request.endpoint
    return tuple(
        BarItem(
            locale.said(label), steady(endpoint), icon, waiting.get(icon, 0), endpoint == here, counted.get(icon, "")
        )
        for label, endpoint, icon in _BAR
    )


def steady(endpoint: str) -> str:
    """The address of an endpoint that takes nothing: the same for every request, so it is built once."""
    known: dict[str, str] = current_app.extensions.setdefault("portal.addresses", {})
    if endpoint not in known:
        known[endpoint] = url_for(endpoint)
    return known[endpoint]
