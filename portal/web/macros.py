"""The components of templates as globals: `ui`, `fields`, `tables`. A block rendered alone sees no imports.

A component knows globals, its arguments and the reader's language, nothing of the page; so those that are drawn on
nearly every page with the same few arguments are drawn once for each.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask import Flask

from portal.web import locale

COMPONENTS = {
    "ui": "components/ui.html",
    "fields": "components/fields.html",
    "tables": "components/tables.html",
}
DRAWN_ONCE = frozenset({"bar", "count", "icon", "locate"})
MOST_DRAWN = 500


def init_app(app: Flask) -> None:
    """Publish the components."""
    for name, template in COMPONENTS.items():
        app.jinja_env.globals[name] = _Components(app, template)


class _Components:
    """The macros of a template, taken when first used."""

    def __init__(self, app: Flask, template: str) -> None:
        self._app, self._template = app, template

    def __getattr__(self, name: str) -> Any:
        macro = getattr(self._app.jinja_env.get_template(self._template).module, name)
        if self._app.jinja_env.auto_reload:
            return macro
        component = _drawn_once(macro) if name in DRAWN_ONCE else macro
        setattr(self, name, component)
        return component


def _drawn_once(macro: Callable[..., Any]) -> Callable[..., Any]:
    """The macro, remembering what it drew for the same arguments in the same language."""

    @lru_cache(maxsize=MOST_DRAWN, typed=True)  # typed: a text and the same text as markup are drawn differently
    def remembered(_locale: str, *args: Any, **named: Any) -> Any:
        return macro(*args, **named)

    def draw(*args: Any, **named: Any) -> Any:
        if "caller" in named or named.get("keep"):  # what a reader typed is not remembered
            return macro(*args, **named)
        return remembered(locale.current(), *args, **named)

    return draw
