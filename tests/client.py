"""A browser for tests: every page it gets is checked as a page before the test sees it.

Checked always: valid HTML5, one h1, a title that starts with it, unique ids, labels on fields, CSRF and action on
forms, addresses of htmx that resolve, no error page unless it was asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import html5lib
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from tests.factories.persons import MadePerson
from tests.factories.world import World

UNLABELLED = {"hidden", "submit", "button", "image", "reset"}


class PageFault(AssertionError):
    """A page is not as a page should be; the message says where."""


@dataclass
class Seen:
    """A page as a test looks at it."""

    response: TestResponse
    soup: BeautifulSoup

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status_code

    @property
    def text(self) -> str:
        """All visible text, white space folded."""
        return " ".join(self.soup.get_text(" ").split())

    def one(self, selector: str) -> Tag:
        """The only element that matches."""
        found = self.soup.select(selector)
        if len(found) != 1:
            raise PageFault(f"{selector}: {len(found)} elements, expected one")
        return found[0]

    def form(self, action_part: str = "") -> dict[str, str]:
        """The fields of the form whose action contains `action_part`, as a browser would send them."""
        for form in self.soup.select("form[method=post]"):
            if action_part in str(form.get("action", "")):
                return fields_of(form)
        raise PageFault(f"no form posts to …{action_part}…")


def fields_of(form: Tag) -> dict[str, str]:
    """Names and values a browser would send."""
    values: dict[str, str] = {}
    for field in form.select("input[name], textarea[name], select[name]"):
        name, kind = str(field["name"]), str(field.get("type", "text"))
        if kind in ("checkbox", "radio") and not field.has_attr("checked"):
            continue
        if kind in ("submit", "button", "file"):
            continue
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            values[name] = str(chosen.get("value", "")) if chosen else ""
        elif field.name == "textarea":
            values[name] = field.get_text().removeprefix("\n")
        else:
            values[name] = str(field.get("value", "on" if kind in ("checkbox", "radio") else ""))
    return values


class Browser:
    """One person's browser (or nobody's). `as_` gives another one."""

    def __init__(self, app: Flask, world: World, client: FlaskClient | None = None) -> None:
        self.app, self.world = app, world
        self.client = client or app.test_client()

    def as_(self, person: MadePerson | None, *, second_factor: bool = True) -> Browser:
        """A fresh browser, signed in as this person."""
        client = self.app.test_client()
        if person is not None:
            token = self.world.sign_in(person, second_factor=second_factor)
            with client.session_transaction() as session:
                session["_user_id"] = f"{person.id}.{token}"
                session["_fresh"] = True
        return Browser(self.app, self.world, client)

    def url(self, endpoint: str, **values: Any) -> str:
        """The address of an endpoint."""
        with self.app.test_request_context():
            return str(self.app.url_for(endpoint, **values))

    def get(self, endpoint: str, *, status: int = 200, **values: Any) -> Seen:
        """A page, checked."""
        return self.open(self.url(endpoint, **values), status=status)

    def open(self, url: str, *, status: int = 200, **options: Any) -> Seen:
        """A page by address, checked."""
        response = self.client.get(url, **options)
        return self._seen(response, status)

    def post(
        self,
        endpoint: str,
        data: dict[str, Any] | None = None,
        *,
        status: int = 303,
        key: str | None = None,
        **values: Any,
    ) -> Seen:
        """Send a form with CSRF and key as the page would; expects a redirect unless `status` says otherwise."""
        body = {"csrf_token": self.csrf(), "key": key or str(uuid4()), **(data or {})}
        response = self.client.post(self.url(endpoint, **values), data=body)
        return self._seen(response, status)

    def follow(self, seen: Seen) -> Seen:
        """The page a redirect leads to."""
        return self.open(seen.response.headers["Location"])

    def csrf(self) -> str:
        """A CSRF token of this browser's session."""
        with self.client.session_transaction() as session:
            raw = session.setdefault("csrf_token", "0" * 40)
        signer = URLSafeTimedSerializer(self.app.secret_key, salt="wtf-csrf-token")
        return str(signer.dumps(raw))

    def _seen(self, response: TestResponse, status: int) -> Seen:
        soup = BeautifulSoup(response.get_data(as_text=True), "lxml")
        if response.status_code != status:
            said = " ".join(soup.get_text(" ").split())[:400]
            where = response.headers.get("Location", "")
            raise PageFault(f"{response.request.path}: {response.status_code}, expected {status} {where}: {said}")
        if response.mimetype == "text/html" and response.status_code != 303:
            check_page(self.app, response.get_data(as_text=True), soup)
        return Seen(response, soup)


def check_page(app: Flask, text: str, soup: BeautifulSoup) -> None:
    """Raise PageFault for the first thing a careful reader would mind."""
    _check_html(text)
    _check_heads(soup)
    ids = [str(tag["id"]) for tag in soup.select("[id]")]
    doubles = {mark for mark in ids if ids.count(mark) > 1}
    if doubles:
        raise PageFault(f"ids used twice: {sorted(doubles)}")
    for form in soup.select("form"):
        _check_form(form)
    for field in soup.select("input, select, textarea"):
        _check_label(soup, field)
    for tag in soup.select("[style]"):
        raise PageFault(f"style attribute (the content policy forbids it): {str(tag)[:120]}")
    adapter = app.url_map.bind("localhost")
    for name, method in (("hx-get", "GET"), ("hx-post", "POST")):
        for tag in soup.select(f"[{name}]"):
            path = str(tag[name]).partition("?")[0]
            if path:
                adapter.match(path, method=method)


def _check_html(text: str) -> None:
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(text)
    if parser.errors:
        (line, column), code, details = parser.errors[0]
        context = text.splitlines()[max(0, line - 2) : line + 1]
        raise PageFault(f"HTML {code} {details} at {line}:{column}: {context}")


def _check_heads(soup: BeautifulSoup) -> None:
    heads = soup.select("h1")
    if len(heads) != 1:
        raise PageFault(f"{len(heads)} h1, expected one")
    title = soup.title.get_text().strip() if soup.title else ""
    head = " ".join(heads[0].get_text(" ").split())
    if not head or not " ".join(title.split()).startswith(head):
        raise PageFault(f"title {title!r} does not start with the h1 {head!r}")


def _check_form(form: Tag) -> None:
    if str(form.get("method", "")).lower() == "dialog":
        return  # closes a dialog, goes nowhere
    if not form.get("action"):
        raise PageFault(f"a form without action: {str(form)[:160]}")
    if str(form.get("method", "get")).lower() == "post" and not form.select_one("input[name=csrf_token]"):
        raise PageFault(f"a form without CSRF token: {form.get('action')}")


def _check_label(soup: BeautifulSoup, field: Tag) -> None:
    if str(field.get("type", "")) in UNLABELLED or field.get("aria-label") or field.get("aria-labelledby"):
        return
    mark = field.get("id")
    if field.find_parent("label") is None and not (mark and soup.select_one(f'label[for="{mark}"]')):
        raise PageFault(f"a field without label: {str(field)[:160]}")
