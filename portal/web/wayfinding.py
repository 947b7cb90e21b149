"""The addresses every frame links to, and the bottom bar of the shop."""

from __future__ import annotations

from typing import Any

from flask import current_app, g, request, url_for
from flask_babel import gettext

from portal.web import locale


def context() -> dict[str, Any]:
    """`places` (name → address) and `shop_nav` (the bar) for templates."""
    demo = current_app.extensions["portal"].settings.is_demo
    return {"places": _places(), "shop_nav": _bar(), "demo_town": demo}


def _places() -> dict[str, str]:
    back = request.full_path.rstrip("?") if request.method == "GET" else "/"
    other = "zh" if locale.current() == "en" else "en"
    return {
        "home": _to("shop.home"),
        "nearby": _to("shop.home"),
        "where": _to("shop.places_pick"),
        "language": _to("shop.language", to=other, next=back),
        "sign_in": _to("signin.start", next=back),
        "sign_out": _to("signin.sign_out"),
        "me": _to("shop.me"),
        "messages": _to("shop.notifications_list"),
        "privacy": _to("signin.privacy"),
    }


def _bar() -> list[dict[str, Any]]:
    signed_in = g.get("signed_in")
    unread = getattr(signed_in, "unread", 0)
    rows = (
        ("nearby", gettext("附近"), "shop.home", "pin", 0),
        ("wallet", gettext("券包"), "shop.wallet", "ticket", 0),
        ("messages", gettext("消息"), "shop.notifications_list", "bell", unread),
        ("me", gettext("我的"), "shop.me", "person", 0),
    )
    return [
        {"key": key, "label": label, "url": _to(endpoint), "icon": icon, "count": count, "current": _here(endpoint)}
        for key, label, endpoint, icon, count in rows
        if _to(endpoint)
    ]


def _here(endpoint: str) -> bool:
    return request.endpoint == endpoint


def _to(endpoint: str, **values: Any) -> str:
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""
