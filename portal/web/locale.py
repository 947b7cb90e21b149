"""Which language this reader reads: his choice, then his profile, then his browser; Chinese by default."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, gettext

from portal.kernel.words import Figure, Text
from portal.settings import ROOT

LOCALES = ("zh", "en")


def init_app(app: Flask) -> None:
    """Babel, and the filter that speaks the domain's sentences."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(ROOT / "portal" / "translations")
    Babel(app, default_locale="zh", default_timezone="Asia/Shanghai", locale_selector=current)
    app.jinja_env.filters["said"] = said
    app.jinja_env.policies["ext.i18n.trimmed"] = True


def current() -> str:
    """'zh' or 'en'."""
    if not has_request_context():
        return "zh"
    chosen = session.get("locale")
    if chosen in LOCALES:
        return str(chosen)
    signed_in = g.get("signed_in")
    if signed_in is not None:
        return str(signed_in.locale)
    return "en" if request.accept_languages.best_match(["zh", "zh-CN", "zh-TW", "en"], "zh") == "en" else "zh"


def said(text: Text | Figure | str) -> str:
    """A domain sentence in the reader's language; sentences and figures inside it are spoken as well."""
    if isinstance(text, Figure):
        return text.shown(current())
    if not isinstance(text, Text):
        return str(text)
    params: dict[str, Any] = {
        name: said(value) if isinstance(value, Text | Figure) else value for name, value in text.params.items()
    }
    return str(gettext(text.msgid, **params) if params else gettext(text.msgid))
