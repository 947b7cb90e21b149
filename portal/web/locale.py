"""Which language this reader reads: his choice, then his profile, then his browser; Chinese by default."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel
from flask_babel.speaklater import LazyString
from markupsafe import Markup

from portal.kernel.words import Figure, Text, say
from portal.settings import ROOT

LOCALES = ("zh", "en")


def init_app(app: Flask) -> None:
    """Babel, and the filter that speaks the domain's sentences."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(ROOT / "portal" / "translations")
    Babel(app, default_locale="zh", default_timezone="Asia/Shanghai", locale_selector=current)
    app.jinja_env.install_gettext_callables(_speak, _speak_number, newstyle=True, pgettext=_speak_in)  # type: ignore[attr-defined]
    app.jinja_env.globals["_"] = app.jinja_env.globals["gettext"] = _write
    app.jinja_env.globals["script_words"] = lambda: _script_words(current())
    app.jinja_env.filters["said"] = said
    app.jinja_env.policies["ext.i18n.trimmed"] = True


def current() -> str:
    """'zh' or 'en'. Settled once it is known who reads."""
    try:
        settled: str = g.locale_settled
    except (AttributeError, RuntimeError):  # not settled yet, or nobody reads at all
        return _settle() if has_request_context() else "zh"
    return settled


def _settle() -> str:
    found = _found()
    if "signed_in" in g:
        g.locale_settled = found
    return found


def speak(wanted: str) -> None:
    """This answer is in that language, whoever asks for it; one we do not speak changes nothing."""
    if wanted in LOCALES:
        g.locale_settled = wanted


def _found() -> str:
    chosen = session.get("locale")
    if chosen in LOCALES:
        return str(chosen)
    signed_in = g.get("signed_in")
    if signed_in is not None:
        return str(signed_in.locale)
    return "en" if request.accept_languages.best_match(["zh", "zh-CN", "zh-TW", "en"], "zh") == "en" else "zh"


@cache
def _catalogue(locale: str) -> NullTranslations:
    """The texts of a language; message ids are Chinese, so Chinese needs none."""
    if locale == "zh":
        return NullTranslations()
    return Translations.load(str(ROOT / "portal" / "translations"), [locale])


def _speak(msgid: str) -> str:
    return _catalogue(current()).gettext(msgid)


def _speak_in(context: str, msgid: str) -> str:
    """A word that is two words in another language: 预约 on a button, 预约 in a menu."""
    return str(_catalogue(current()).pgettext(context, msgid))


def _speak_number(one: str, many: str, number: int) -> str:
    return _catalogue(current()).ngettext(one, many, number)


def gettext(msgid: str, **params: Any) -> str:
    """The text in the reader's language; flask_babel's own looks the catalogue up anew for every text."""
    spoken = _speak(msgid)
    return spoken % params if params else spoken


def lazy_gettext(msgid: str, **params: Any) -> LazyString:
    """The same, spoken when it is shown: for labels of forms and navigation."""
    return LazyString(gettext, msgid, **params)


@cache
def _marked(locale: str, msgid: str) -> Markup:
    """A text of ours is markup already; what is put into its places is escaped."""
    return Markup(_catalogue(locale).gettext(msgid))  # noqa: S704 - msgids come from templates, never from people


def _write(msgid: str, **params: Any) -> Markup:
    """`_()` of templates; always a format, as with Jinja's newstyle gettext, so %% is one per cent sign."""
    text = _marked(current(), msgid)
    return text % params if "%" in text else text


@cache
def _script_words(locale: str) -> str:
    """What scripts say, as JSON."""
    words = {
        "close": say("关闭"),
        "failed": say("没有成功，请稍后再试。"),
        "offline": say("网络断了，请检查后重试。"),
        "sending": say("正在提交…"),
    }
    spoken = {name: _catalogue(locale).gettext(word.msgid) for name, word in words.items()}
    return json.dumps(spoken, ensure_ascii=False)


def said(text: Text | Figure | str) -> str:
    """A domain sentence in the reader's language; sentences and figures inside it are spoken as well."""
    if isinstance(text, Figure):
        return text.shown(current())
    if not isinstance(text, Text):
        return str(text)
    params: dict[str, Any] = {
        name: said(value) if isinstance(value, Text | Figure) else value for name, value in text.params.items()
    }
    spoken = _speak(text.msgid)
    return spoken % params if params else spoken
