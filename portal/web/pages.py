"""What a view may answer: a page, or one block of it for htmx, or the way to the next page.

`render` alone reads HX-Request and sets Vary. It runs after the Work has committed, so it never holds locks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, url_for
from jinja2_fragments.flask import render_block

from portal.web.htmx import htmx


@dataclass
class Page:
    """A template with its context; `block` is the part htmx gets."""

    template: str
    context: dict[str, Any]
    block: str | None = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SeeOther:
    """303: the act is done, look there. `note` is flashed on the next page, `tone` its colour."""

    location: str
    note: str = ""
    tone: str = "ok"


VARY = "HX-Request, Cookie, Accept-Language"
Answer = Page | SeeOther | Response


def page(template: str, block: str | None = None, *, status: int = 200, **context: Any) -> Page:
    """A whole page, or its `block` when htmx asks for a part."""
    return Page(template, context, block, status)


def see_other(endpoint: str, *, flash: str = "", tone: str = "ok", **values: Any) -> SeeOther:
    """Go on to `endpoint`; merchant and store of the present office are filled in."""
    return SeeOther(url_for(endpoint, **values), flash, tone)


def render(answer: Answer) -> Response:
    """Turn a view's answer into a response."""
    if isinstance(answer, SeeOther):
        if answer.note:
            flash(answer.note, answer.tone)
        response: Response = make_response(redirect(answer.location, code=303))
        return response
    if isinstance(answer, Page):
        text = (
            render_block(answer.template, answer.block, **answer.context)
            if answer.block and htmx.wants_block
            else render_template(answer.template, **answer.context)
        )
        response = make_response(text, answer.status)
        response.headers.update(answer.headers)
        response.headers.setdefault("Vary", VARY)
        return response
    if answer.status_code == HTTPStatus.NO_CONTENT:
        answer.headers.setdefault("Vary", VARY)
    return answer
