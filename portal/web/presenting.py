"""What every template may use: the reader, the office, figures in his language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from flask import Flask, current_app, g, request, url_for

from portal.domain.tenants.values import Hat, MerchantState, SignedIn
from portal.kernel import figures, phones
from portal.kernel.permissions import ANYONE, Permission
from portal.web import bars, locale, wayfinding
from portal.web.forms.base import Form
from portal.web.hats import hat_url, office_of
from portal.web.locale import gettext


@dataclass(frozen=True)
class Shown:
    """The signed-in person as pages show him."""

    person_id: UUID
    name: str
    phone_masked: str
    hats: list[dict[str, Any]]
    second_factor: bool
    unread: int


def init_app(app: Flask) -> None:
    """Publish what every template may call, and the common context."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.globals["act"] = Form
    app.jinja_env.globals["new_key"] = lambda: str(uuid4())
    app.jinja_env.filters["metres"] = figures.say_distance
    app.context_processor(_context)
    app.url_defaults(_keep_place)


def _keep_place(endpoint: str, values: dict[str, Any]) -> None:
    """Addresses inside an office keep its merchant, store or sitting."""
    office = g.get("office") if g else None
    if office is None or office.name != endpoint.partition(".")[0]:
        return
    for name, known in g.office_args.items():
        if name in ("merchant", "store", "sitting") and name not in values and _takes(endpoint, name):
            values[name] = known


def _takes(endpoint: str, name: str) -> bool:
    return current_app.url_map.is_endpoint_expecting(endpoint, name)


def _context() -> dict[str, Any]:
    """Built once for each page, however many templates it takes."""
    if "page_context" not in g:
        g.page_context = _built()
    context: dict[str, Any] = g.page_context
    return context


def _built() -> dict[str, Any]:
    office, signed_in = g.get("office"), g.get("signed_in")
    return {
        "locale": locale.current(),
        "signed_in": _shown(signed_in) if signed_in else None,
        "office": _office(office),
        "hat": g.get("hat"),
        "may": _may,
        "request_id": g.get("request_id", ""),
        **wayfinding.context(),
    }


def _may(permission: str) -> bool:
    rights: frozenset[Permission] = g.get("permissions", frozenset())
    return Permission(permission) in rights


def _shown(signed_in: SignedIn) -> Shown:
    hats = [_hat(hat) for hat in signed_in.hats if hat.merchant_state is MerchantState.ACTIVE]
    if signed_in.platform_role is not None:
        current = getattr(g.get("office"), "name", "") == "platform"
        hats.append(
            {
                "label": gettext("平台"),
                "kind": "platform",
                "url": url_for("platform.home"),
                "current": current,
            }
        )
    return Shown(
        person_id=signed_in.person_id,
        name=signed_in.name,
        phone_masked=phones.mask(signed_in.phone),
        hats=hats,
        second_factor=signed_in.second_factor_at is not None,
        unread=signed_in.unread,
    )


def _hat(hat: Hat) -> dict[str, Any]:
    current = g.get("hat")
    return {
        "label": hat.merchant_name,
        "kind": hat.kind.value,
        "role": hat.role.value,
        "url": hat_url(hat),
        "current": current is not None and current.membership_id == hat.membership_id,
    }


def _office(office: Any) -> dict[str, Any] | None:
    if office is None:
        return None
    rights: frozenset[Permission] = g.get("permissions", frozenset())
    badges: dict[str, int] = g.get("badges", {})
    groups: dict[str, list[dict[str, Any]]] = {}
    trades: frozenset[str] | None = g.get("trades")
    for item in office.nav:
        if item.trade and trades is not None and item.trade not in trades and not _current(item.endpoint):
            continue
        if item.may is ANYONE or item.may in rights:
            groups.setdefault(str(item.group), []).append(
                {
                    "label": item.label,
                    "url": url_for(item.endpoint),
                    "endpoint": item.endpoint,
                    "count": badges.get(item.badge, 0),
                    "current": _current(item.endpoint),
                }
            )
    hat = g.get("hat")
    label = hat.merchant_name if hat else office.label
    nav = [{"label": group, "entries": items} for group, items in groups.items()]
    bar, more = bars.split([one for items in groups.values() for one in items], hat.role if hat else None)
    return {
        "key": office.name,
        "label": label,
        "layout": office.layout,
        "nav": nav,
        "bar": bar,
        "more": more,
        "home": office_of(office.name),
    }


def _current(endpoint: str) -> bool:
    """True on the item's own page and on every page of the same feature (`store_edit` under `store_list`).

    A view whose page belongs elsewhere names the item in `g.nav_at`.
    """
    here, there = g.get("nav_at") or request.endpoint or "", endpoint
    return here.rpartition("_")[0] == there.rpartition("_")[0] if "_" in there else here == there
