"""An office: a blueprint whose every route declares who may, and whose every view runs inside one Work.

The life of a request: gate (limits, committed first) → Work: admission, permission, idempotency, view → commit →
rendering → trace. A route without `may`, or a POST that says nothing about repeats and has no key, does not exist.
"""

from __future__ import annotations

import hashlib
import hmac
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from flask import Blueprint, Flask, Response, current_app, g, request
from werkzeug.datastructures import FileStorage

from portal.domain.tenants import queries as tenants
from portal.domain.tenants.values import SignedIn
from portal.kernel import idempotency
from portal.kernel.limits import Limit
from portal.kernel.permissions import ANYONE, Permission
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.scope import Face, Scope
from portal.kernel.storms import weather
from portal.kernel.words import say
from portal.kernel.work import Actor, ActorKind, Work, open_work
from portal.services import Services
from portal.web import sessions, trace
from portal.web.admission import Admit, SignInNeeded
from portal.web.htmx import htmx
from portal.web.pages import Answer, Page, SeeOther, render

View = Callable[..., Answer]
Checks = Sequence[tuple[Limit, str]]
UNSIGNED = frozenset({"csrf_token", "key", "proof"})  # a proof is a secret: not even a digest of it is kept
PINS = frozenset({"pin"})


@dataclass(frozen=True)
class NavItem:
    """A line of an office's left bar; shown to those who may, where there is the `trade` it is about."""

    label: Any
    endpoint: str
    may: Permission
    group: Any = ""
    badge: str = ""
    trade: str = ""


@dataclass(frozen=True)
class Route:
    """What one view declared: `repeats` says why a POST needs no key; `gate` counts before the Work; `takes` are the
    names of the view's arguments; `signed` says whose signature stands instead of a CSRF token; `demo`: not there in
    production.
    """

    view: View
    may: Permission
    method: str
    repeats: str
    gate: Callable[[dict[str, Any]], Checks] | None
    writes: bool = False
    takes: frozenset[str] = frozenset()
    signed: str = ""
    demo: bool = False


def services() -> Services:
    """The installation behind this request."""
    found: Services = current_app.extensions["portal"]
    return found


class Office(Blueprint):
    """A blueprint that admits, opens a Work and calls the view. Its `gate` counts before each of its routes; without
    `accounts` its door asks for something else than a sign-in.
    """

    def __init__(
        self,
        name: str,
        import_name: str,
        *,
        url_prefix: str | None = None,
        admit: Admit,
        layout: str,
        label: Any = "",
        badges: Callable[[Work], dict[str, int]] | None = None,
        trades: Callable[[Work, dict[str, Any]], frozenset[str]] | None = None,
        gate: Callable[[dict[str, Any]], Checks] | None = None,
        accounts: bool = True,
    ) -> None:
        super().__init__(name, import_name, url_prefix=url_prefix)
        self.admit = admit
        self.layout = layout
        self.label = label
        self.badges = badges
        self.trades = trades
        self.gate = gate
        self.accounts = accounts
        self.nav: list[NavItem] = []
        self.declared: dict[str, Route] = {}

    def get(self, rule: str, *, may: Permission, **options: Any) -> Callable[[View], View]:  # type: ignore[override]
        """A page. Its Work is read-only unless `writes=True` says otherwise."""
        return self._route(rule, "GET", may, "", options.pop("gate", None), **options)

    def post(  # type: ignore[override]
        self, rule: str, *, may: Permission, repeats: str = "", **options: Any
    ) -> Callable[[View], View]:
        """An act. Without `repeats` the form carries a key, and the same key acts once."""
        if may is ANYONE and not repeats:
            raise TypeError(f"{rule}: an act of somebody unknown has no key; say why it may repeat")
        return self._route(rule, "POST", may, repeats, options.pop("gate", None), **options)

    def _route(
        self,
        rule: str,
        method: str,
        may: Permission,
        repeats: str,
        gate: Any,
        *,
        writes: bool = False,
        signed: str = "",
        demo: bool = False,
    ) -> Callable[[View], View]:
        def register(view: View) -> View:
            takes = frozenset(inspect.signature(view).parameters)
            route = Route(view, Permission(may), method, repeats, gate, writes, takes, signed, demo)
            name = view.__name__
            self.declared[name] = route

            def serve(**args: Any) -> Response:
                return self._serve(route, args)

            serve.__name__ = f"{self.name}_{name}"  # its own name, so that it alone can be excused from CSRF
            self.add_url_rule(rule, name, serve, methods=[method])
            return view

        return register

    def _serve(self, route: Route, args: dict[str, Any]) -> Response:
        g.office, g.office_args = self, dict(args)
        if route.demo and not services().settings.is_demo:
            raise NotFound
        if checks := [check for gate in (self.gate, route.gate) if gate is not None for check in gate(args)]:
            weather(lambda: services().gate.hit(*checks))
        answer: Answer | None = None
        try:
            answer = weather(lambda: self._work(route, dict(args)))
        finally:
            trace.after(services(), g.get("signed_in"), g.pop("denied", None))
        return render(answer)

    def _work(self, route: Route, args: dict[str, Any]) -> Answer:
        house, claim = services(), sessions.claim()
        reads = route.method == "GET" and not route.writes
        scope = Scope(Face.PERSON, person_id=claim.person_id) if claim else Scope(Face.SHOP)
        actor = Actor(ActorKind.GUEST, claim.person_id if claim else None, device=sessions.device(make=not reads))
        with open_work(
            house.engine,
            scope=scope,
            actor=actor,
            clock=house.clock,
            request_id=g.request_id,
            read_only=reads,
        ) as work:
            idle = timedelta(seconds=house.settings.session_idle_seconds)
            signed_in = tenants.signed_in(work, claim.person_id, claim.token_hash, idle=idle) if claim else None
            g.signed_in = signed_in
            try:
                self._admit(route, work, signed_in, args)
            except Refusal as refusal:
                g.denied = (refusal, request.endpoint, dict(g.office_args))
                raise
            answer = self._answer(route, work, args)
            if _failed(answer) and not reads:
                work.session.rollback()  # a POST that is not done has changed nothing
            return answer

    def _admit(self, route: Route, work: Work, signed_in: SignedIn | None, args: dict[str, Any]) -> None:
        if signed_in is None and self.accounts and route.may is not ANYONE:
            raise SignInNeeded
        admission = self.admit(work, signed_in, args)
        g.hat, g.permissions = admission.hat, admission.permissions
        work.enter(admission.scope, admission.actor, admission.permissions)
        if route.may is not ANYONE:
            work.require(route.may)
        if self.badges is not None and not self._wants_part():
            g.badges = self.badges(work)
        if self.trades is not None and not htmx.wants_block:
            g.trades = self.trades(work, args)

    @staticmethod
    def _wants_part() -> bool:
        return request.method != "GET" or htmx.wants_block

    def _answer(self, route: Route, work: Work, args: dict[str, Any]) -> Answer:
        known = {name: value for name, value in args.items() if name in route.takes}
        if route.method == "GET" or route.repeats:
            return route.view(work, **known)
        return _once(work, route.view, known)


def excuse_signed(app: Flask, offices: Sequence[Office]) -> None:
    """Routes that other machines call with a signature carry no CSRF token; each of them says so itself."""
    csrf = app.extensions["csrf"]
    for office in offices:
        for name, route in office.declared.items():
            if route.signed:
                csrf.exempt(f"{__name__}.{office.name}_{name}")


def _failed(answer: Answer) -> bool:
    if isinstance(answer, SeeOther):
        return False
    status = answer.status if isinstance(answer, Page) else answer.status_code
    return status >= 400


def _once(work: Work, view: View, args: dict[str, Any]) -> Answer:
    """Run the view unless this key was answered before; then give the same answer again."""
    try:
        key = UUID(request.form.get("key", ""))
    except ValueError:
        raise Refusal(say("这张表单缺少防重复的编号，请刷新页面后重试。")) from None
    failed: list[Answer] = []

    def act() -> dict[str, Any] | None:
        answer = view(work, **args)
        if isinstance(answer, SeeOther):
            return {"location": answer.location, "note": answer.note, "tone": answer.tone}
        if not _failed(answer):
            raise TypeError(f"{request.endpoint}: an act with a key answers with see_other, or refuses")
        failed.append(answer)
        return None

    stored, _repeated = idempotency.once(work, key, _asked(), act)
    return SeeOther(**stored) if stored else failed[0]


def _asked() -> str:
    """The fingerprint of this form: address, fields and files, without the tokens."""
    parts = [("", request.path)]
    parts += [(name, _mark(name, value)) for name, value in request.form.items(multi=True) if name not in UNSIGNED]
    parts += [(name, _file_mark(file)) for name, file in request.files.items(multi=True)]
    return idempotency.fingerprint(parts)


def _mark(name: str, value: str) -> str:
    """A PIN is six digits: whoever reads a plain digest of it has it. Its mark needs the installation's secret."""
    if name not in PINS:
        return value
    return hmac.new(services().settings.secret_key.encode(), f"pin\0{value}".encode(), hashlib.sha256).hexdigest()


def _file_mark(file: FileStorage) -> str:
    digest = hashlib.file_digest(cast(Any, file.stream), "sha256").hexdigest()
    file.stream.seek(0)
    return f"{file.filename}\0{digest}"
