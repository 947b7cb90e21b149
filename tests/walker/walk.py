"""The two towns in a database of their own, and how the walker knocks at doors and looks for damage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import psycopg
from bs4 import BeautifulSoup, SoupStrainer
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from tests.architecture.catalogue import Catalogue
from tests.architecture.house import Declared, declared
from tests.walker.ledger import Mark, Name, snapshot
from tests.walker.town import NOBODY, Actor, Town

RAW_CSRF = "0" * 40
FORMS = SoupStrainer(["form", "button", "input", "select", "textarea"])
PASSING = frozenset({"limit_counters", "audit_entries", "denied_accesses", "stored_answers"})
"""Tables that every knock may add to."""


@dataclass
class Knock:
    """One request and what came of it."""

    actor: Actor
    method: str
    url: str
    response: TestResponse
    text: str

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status_code

    @property
    def to_sign_in(self) -> bool:
        """Sent to the sign-in page (or to the second factor)."""
        return self.status in (302, 303) and urlsplit(self.response.headers["Location"]).path.startswith("/signin")

    def shows(self, marks: Iterable[Mark]) -> list[Mark]:
        """Marks that occur in the answer, heads included."""
        everything = self.text + "\n" + str(self.response.headers)
        return [mark for mark in marks if mark.word in everything]

    def __str__(self) -> str:
        return f"{self.actor.name} {self.method} {self.url} → {self.status}"


@dataclass(frozen=True)
class SeenForm:
    """A form as its rightful user got it: where it posts to and what a browser would send."""

    endpoint: str
    url: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...]
    actor: Actor
    page: str
    soup: Any = field(compare=False, hash=False, repr=False)


@dataclass
class Walk:
    """The installation under walk."""

    app: Flask
    catalogue: Catalogue
    a: Town
    b: Town
    connection: psycopg.Connection
    probes: int = 0
    base: dict[Name, str] = field(default_factory=dict)
    routes: dict[str, Declared] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.routes = {one.endpoint: one for one in declared()}
        interface = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert interface is not None
        self.keep()
        self._sign = interface
        self._csrf = URLSafeTimedSerializer(str(self.app.secret_key), salt="wtf-csrf-token").dumps(RAW_CSRF)
        self.base = snapshot(self.connection, self.catalogue)

    @property
    def csrf(self) -> str:
        """A token that fits every actor's session."""
        return str(self._csrf)

    def cookie(self, actor: Actor) -> tuple[str, str]:
        """Name and value of the session cookie of this actor's browser."""
        session: dict[str, Any] = {"csrf_token": RAW_CSRF, "device": f"walker-{actor.name}", **dict(actor.session)}
        if actor.person is not None:
            session |= {"_user_id": f"{actor.person.id}.{actor.token}", "_fresh": True}
        return str(self.app.config["SESSION_COOKIE_NAME"]), str(self._sign.dumps(session))

    def knock(self, actor: Actor, method: str, url: str, **options: Any) -> Knock:
        """Send one request as this actor, with a browser that knows nothing else."""
        client = self.app.test_client()
        client.set_cookie(*self.cookie(actor))
        response = client.open(url, method=method, **options)
        self.probes += 1
        text = response.get_data().decode("utf-8", "replace")
        return Knock(actor, method, url, response, text)

    def send(self, actor: Actor, url: str, fields: Iterable[tuple[str, Any]]) -> Knock:
        """Post a form as this actor, with his own token and a fresh key."""
        return self.knock(actor, "POST", url, data=MultiDict(fields))

    def endpoint_of(self, url: str, method: str) -> str | None:
        """The endpoint an address leads to."""
        try:
            return str(self.app.url_map.bind("localhost").match(urlsplit(url).path, method=method)[0])
        except (HTTPException, RequestRedirect):
            return None

    def forms(self, knock: Knock) -> list[SeenForm]:
        """The forms on a page that post to us."""
        found = []
        soup = BeautifulSoup(knock.text, "lxml", parse_only=FORMS)
        for form in soup.select("form"):
            for outside in soup.select(f'[form="{form["id"]}"]') if form.get("id") else ():
                form.append(outside)
            if str(form.get("method", "get")).lower() != "post":
                continue
            doors = [form.get("action") or knock.url, *(tag["formaction"] for tag in form.select("[formaction]"))]
            found += [self._form(knock, form, str(url)) for url in dict.fromkeys(doors)]
        return [form for form in found if form.endpoint]

    def _form(self, knock: Knock, form: Any, url: str) -> SeenForm:
        files = tuple(str(one["name"]) for one in form.select("input[type=file][name]"))
        endpoint = self.endpoint_of(url, "POST") or ""
        return SeenForm(endpoint, url, tuple(sent_by(form, url)), files, knock.actor, knock.url, form)

    def damage(self, town: Town) -> list[str]:
        """Rows of the town that are no longer as they were, and new rows that name its people or merchants."""
        now = snapshot(self.connection, self.catalogue)
        changed = [f"changed {name} {key}" for name, key in town.names if now.get((name, key)) != self.base[name, key]]
        new = {row for row in now if row not in self.base and row[0] not in PASSING}
        ours = {str(one.person.id) for one in town.actors.values() if one.person}
        ours |= {str(merchant.id) for merchant in town.merchants.values()}
        return changed + [f"new {name} {key}" for name, key in new if any(part in ours for part in key.split("/"))]

    def moved(self) -> bool:
        """True when anything changed that a knock does not always change."""
        now = snapshot(self.connection, self.catalogue, PASSING)
        return now != {row: digest for row, digest in self.base.items() if row[0] not in PASSING}

    def keep(self) -> None:
        """Copy every table beside itself, to put it back from there."""
        self.connection.execute("CREATE SCHEMA kept")
        for name in self.catalogue.tables:
            self.connection.execute(f"CREATE TABLE kept.{name} AS TABLE public.{name}")

    def restore(self) -> None:
        """Put back every table that changed, beside all walls and keys."""
        now = snapshot(self.connection, self.catalogue)
        rows = set(now.items()) ^ set(self.base.items())
        with self.connection.transaction():
            self.connection.execute("SET LOCAL session_replication_role = replica")
            for name in {table for (table, _key), _digest in rows}:
                columns = ", ".join(f'"{column}"' for column in self._written(name))
                self.connection.execute(f"DELETE FROM public.{name}")
                self.connection.execute(f"INSERT INTO public.{name} ({columns}) SELECT {columns} FROM kept.{name}")

    def _written(self, name: str) -> list[str]:
        """The columns of a table that the database does not compute."""
        table = self.catalogue.tables[name]
        return [column for column in table.columns if "ll_to_earth" not in table.defaults.get(column, "")]

    def people(self) -> list[Actor]:
        """Everybody of both towns, and nobody."""
        return [NOBODY, *self.a.actors.values(), *self.b.actors.values()]


def sent_by(form: Any, url: str = "") -> list[tuple[str, str]]:
    """Name and value of everything a browser would send, several of one name included, without token and key.

    The button pressed is the first one that leads to `url`.
    """
    named = form.select("button[name], input[type=submit][name]")
    pressed = [one for one in named if str(one.get("formaction") or form.get("action") or "") == url][:1]
    sent = [(str(one["name"]), str(one.get("value", ""))) for one in pressed]
    for one in form.select("input[name], textarea[name], select[name], button[name]"):
        name, kind = str(one["name"]), str(one.get("type", "submit" if one.name == "button" else "text"))
        if name in ("csrf_token", "key") or kind in ("file", "button", "reset", "image") or one.has_attr("disabled"):
            continue
        if kind in ("checkbox", "radio") and not one.has_attr("checked"):
            continue
        if kind == "submit":
            continue
        if one.name == "select":
            chosen = one.select("option[selected]") or one.select("option")[:1]
            sent += [(name, str(option.get("value", option.get_text()))) for option in chosen]
        elif one.name == "textarea":
            sent.append((name, one.get_text().removeprefix("\n")))
        else:
            sent.append((name, str(one.get("value", "on" if kind in ("checkbox", "radio") else ""))))
    return sent
