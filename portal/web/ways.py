"""Where somebody goes on to: an own path that was asked for, or the place his hats suggest."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import current_app, request, session, url_for

from portal.domain.tenants.values import MerchantState, SignedIn
from portal.web.hats import hat_url

LONGEST = 1000
_ODD = re.compile(r"[\x00-\x20\x7f\\\u0080-\u00a0\u2000-\u206f\ufeff]")


def own_path(text: str | None) -> str | None:
    """`text` when it is a path of this site and nothing else; None for every other address, however it is dressed."""
    if not text or len(text) > LONGEST or not text.startswith("/") or text.startswith("//") or _ODD.search(text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if not parts.scheme and not parts.netloc else None


def asked_for() -> str | None:
    """The own path that this request names in `next`, in the form or in the address."""
    return own_path(request.form.get("next") or request.args.get("next"))


def remember() -> None:
    """Keep where he wanted to go while he signs in; the street is nowhere in particular."""
    wanted = asked_for()
    if wanted is not None:
        session["next"] = wanted


def onward(signed_in: SignedIn) -> str:
    """Where to after signing in: what was asked for, else the only hat's place, else the hats, else the street."""
    wanted = own_path(session.get("next"))
    if wanted is not None and wanted != "/":
        return wanted
    hats = [hat for hat in signed_in.hats if hat.merchant_state is MerchantState.ACTIVE]
    if len(hats) == 1 and signed_in.platform_role is None:
        return hat_url(hats[0])
    if hats:
        return url_for("shop.hats")
    office = address_of("platform.home") if signed_in.platform_role is not None else ""
    return office or url_for("shop.home")


def address_of(endpoint: str, **values: object) -> str:
    """The address of a page that may not be there yet, or nothing."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""  # type: ignore[arg-type]
