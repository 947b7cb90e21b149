"""Sends generated forms and addresses, keeps the count by status, and holds what broke."""

from __future__ import annotations

import io
import logging
import random
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote_plus, urlencode, urlsplit
from uuid import uuid4

from werkzeug.datastructures import FileStorage, MultiDict

from tests.fuzz.values import FILES, nasty, sensible
from tests.walker.crawl import Crawl
from tests.walker.town import Actor
from tests.walker.walk import Knock, SeenForm, Walk

SEED = 20260704
RENEW_EVERY = 400
UUID_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
QUERIES = (
    "q",
    "page",
    "after",
    "cursor",
    "sort",
    "lat",
    "lng",
    "category",
    "open",
    "distance",
    "next",
    "code",
    "from",
    "to",
)
Fields = list[tuple[str, Any]]


class Listening(logging.Handler):
    """Remembers what was logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(self.format(record))


@dataclass
class Fuzzer:
    """Throws dice; the same seed throws the same."""

    walk: Walk
    seen: Crawl
    seed: int = SEED
    statuses: Counter[int] = field(default_factory=Counter)
    endpoints: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    sent: int = 0

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.forms = [form for forms in self.seen.forms.values() for form in forms]
        self.by_endpoint = {name: forms for name, forms in self.seen.forms.items() if forms}
        self.listening = Listening()
        logging.getLogger().addHandler(self.listening)

    def close(self) -> None:
        """Stop listening."""
        logging.getLogger().removeHandler(self.listening)

    def posts(self, number: int) -> None:
        """Send so many forms, every endpoint equally often."""
        names = sorted(self.by_endpoint)
        for count in range(number):
            if count and count % RENEW_EVERY == 0:
                self.walk.restore()
            form = self.dice.choice(self.by_endpoint[names[count % len(names)]])
            knock = self._post(form)
            if knock.to_sign_in and knock.actor == form.actor and form.actor.person is not None:
                self.walk.restore()  # he was signed out by an earlier form

    def _post(self, form: SeenForm) -> Knock:
        actor = form.actor if self.dice.random() < 0.8 else self.dice.choice(self.walk.people())
        fields = self.fields(form)
        url = self._address(form.url) if self.dice.random() < 0.05 else form.url
        body, kind = self._body(form, fields)
        knock = self.walk.knock(actor, "POST", url, data=body, content_type=kind, headers=self._headers())
        return self._note(form.endpoint, knock, fields)

    def fields(self, form: SeenForm) -> Fields:
        """The form's fields: filled, then mostly one or two things wrong, sometimes all."""
        fields: Fields = [self._filled(form, name, value) for name, value in form.fields]
        level = self.dice.choice((0, 0, 1, 1, 2, 9))
        for _ in range(min(level, len(fields))):
            place = self.dice.randrange(len(fields))
            fields[place] = (fields[place][0], nasty(self.dice))
        if self.dice.random() < 0.15 and fields:
            del fields[self.dice.randrange(len(fields))]
        if self.dice.random() < 0.15 and fields:
            name, _value = self.dice.choice(fields)
            fields.append((name, nasty(self.dice)))
        if self.dice.random() < 0.1:
            fields.append(
                (self.dice.choice(("merchant_id", "state", "id", "role", "paid", "a[b]", "")), nasty(self.dice))
            )
        buttons = form.soup.select("button[name], input[type=submit][name]")
        if buttons and self.dice.random() < 0.8:
            button = self.dice.choice(buttons)
            fields.append((str(button["name"]), str(button.get("value", ""))))
        return [("csrf_token", self.walk.csrf), ("key", self._key()), *fields]

    def _filled(self, form: SeenForm, name: str, value: str) -> tuple[str, str]:
        field_ = form.soup.find(attrs={"name": name})
        if field_ is not None and field_.name == "select":
            options = [str(one.get("value", "")) for one in field_.select("option")]
            return name, self.dice.choice(options) if options else value
        if value and self.dice.random() < 0.7:
            return name, value
        kind = str(field_.get("type", "")) if field_ is not None else ""
        return (name, value) if kind == "hidden" else (name, sensible(name, kind, self.dice))

    def _key(self) -> str:
        return str(uuid4()) if self.dice.random() < 0.95 else nasty(self.dice)

    def _body(self, form: SeenForm, fields: Fields) -> tuple[Any, str]:
        if form.files:
            storage: MultiDict[str, Any] = MultiDict((n, _clean(v)) for n, v in fields)
            for name in form.files:
                for filename, content, kind in self.dice.sample(FILES, self.dice.choice((0, 1, 1, 2))):
                    storage.add(name, FileStorage(io.BytesIO(content), filename, name, kind))
            return storage, "multipart/form-data"
        if self.dice.random() < 0.02:
            return b'{"a": [1, 2]}', "application/json"
        text = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in fields)
        return text.encode(), "application/x-www-form-urlencoded"

    def _headers(self) -> dict[str, str]:
        if self.dice.random() < 0.2:
            return {"HX-Request": "true"}
        if self.dice.random() < 0.1:
            return {"Accept-Language": self.dice.choice(("en", "zz-ZZ;q=x", "*", "en;q=999"))}
        return {}

    def gets(self, number: int) -> None:
        """Open so many addresses with generated queries and ids."""
        pages = [page for page in self.seen.pages if page.url.count("/") > 0]
        for _ in range(number):
            page = self.dice.choice(pages)
            actor: Actor = page.actor if self.dice.random() < 0.8 else self.dice.choice(self.walk.people())
            knock = self.walk.knock(actor, "GET", self._query(self._address(page.url)), headers=self._headers())
            self._note(f"GET {self.walk.endpoint_of(page.url, 'GET')}", knock, [])

    def _address(self, url: str) -> str:
        """Sometimes another id in the path."""
        if self.dice.random() < 0.85:
            return url
        return UUID_TEXT.sub(lambda _found: self.dice.choice((str(uuid4()), "x", "0" * 32, "%00", "%ff")), url)

    def _query(self, url: str) -> str:
        known = [name for name, _value in parse_qsl(urlsplit(url).query)]
        names = self.dice.sample([*known, *QUERIES], self.dice.randrange(1, 4))
        pairs = [(name, nasty(self.dice)[:2000]) for name in names]
        return f"{url.partition('?')[0]}?{urlencode(pairs, errors='surrogatepass')}"

    def _note(self, endpoint: str, knock: Knock, fields: Fields) -> Knock:
        self.sent += 1
        self.statuses[knock.status] += 1
        self.endpoints[endpoint] += knock.status < 400
        wrong = knock.status >= 500 or "Traceback (most recent call last)" in knock.text
        if wrong or self.listening.heard:
            shown = [(name, str(value)[:60]) for name, value in fields if name not in ("csrf_token", "key")]
            said = self.listening.heard[-1][-600:] if self.listening.heard else ""
            self.broken.append(f"{knock} ({endpoint}) {ascii(shown)[:600]}\n{said}")
            self.listening.heard.clear()
        return knock


def _quoted(value: Any) -> str:
    return quote_plus(str(value), errors="surrogatepass")


def _clean(value: Any) -> str:
    return str(value).encode("utf-8", "replace").decode("utf-8")
