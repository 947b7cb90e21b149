"""What a browser holds while somebody proves who he is: ids of codes that were sent, and counted tries.

The ids lie in the signed cookie, so only the browser that asked for a code can try it. Tries are counted in a small
Work of their own before the request's Work, which may roll back.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Response, after_this_request, g, request, session

from portal.domain.identity.actions import codes
from portal.domain.identity.values import Browser, Purpose, Try
from portal.kernel import phones
from portal.kernel.limits import Limit
from portal.kernel.refusals import Refusal
from portal.kernel.scope import Face, Scope
from portal.kernel.sealing import Seal
from portal.kernel.work import Actor, ActorKind, open_work
from portal.web import sessions
from portal.web.office import Checks, services

CODES_PER_IP = Limit("code.ip", 30, 3600)
CODES_PER_DEVICE = Limit("code.device", 20, 3600)
TRIES_PER_IP = Limit("code.try.ip", 100, 3600)
PASSWORD_PER_ACCOUNT = Limit("password.account", 10, 900, failures_only=True)
PASSWORD_PER_IP = Limit("password.ip", 60, 900, failures_only=True)
FACTOR_PER_PERSON = Limit("factor.person", 6, 180)
FACTOR_PER_DAY = Limit("factor.person.day", 100, 86400)  # six every three minutes would be thousands of guesses


def secret() -> str:
    """The installation's key."""
    return services().settings.secret_key


def seal() -> Seal:
    """What the authenticators' secrets are closed with."""
    return services().seal


def demo() -> bool:
    """Whether unissued demo numbers are numbers here."""
    return services().settings.is_demo


def keep(purpose: Purpose, code_id: UUID) -> None:
    """Let this browser try this code."""
    session["codes"] = {**session.get("codes", {}), purpose.value: str(code_id)}


def kept(purpose: Purpose) -> UUID | None:
    """The code this browser may try for this purpose."""
    try:
        return UUID(str(session.get("codes", {}).get(purpose.value)))
    except ValueError:
        return None


def drop(*purposes: Purpose) -> None:
    """Forget codes that are used up."""
    gone = {purpose.value for purpose in purposes}
    session["codes"] = {name: code for name, code in session.get("codes", {}).items() if name not in gone}


def sending(_args: dict[str, Any]) -> Checks:
    """The gate of every request for a code. The limits of the phone itself are the domain's."""
    return [(CODES_PER_IP, _ip()), (CODES_PER_DEVICE, sessions.device())]


def counting(**fields: Purpose) -> Callable[[dict[str, Any]], Checks]:
    """A gate that counts one try for each field (name → purpose) that was filled in."""

    def gate(_args: dict[str, Any]) -> Checks:
        tries: dict[Purpose, Try] = {}
        for field, purpose in fields.items():
            code_id = kept(purpose)
            if code_id is not None and request.form.get(field):
                tries[purpose] = _count(code_id)
        g.tries = tries
        return [(TRIES_PER_IP, _ip())]

    return gate


def attempt(purpose: Purpose) -> Try | None:
    """The try this request's gate has counted."""
    found: Try | None = g.get("tries", {}).get(purpose)
    return found


def password_tries(_args: dict[str, Any]) -> Checks:
    """The gate of signing in by password: by account and by address. It opens again after a quarter of an hour.

    It looks, and counts only what turns out wrong: a shop that signs in all day at one address is never shut out.
    """
    typed = request.form.get("phone", "")
    try:
        account = phones.normalise_mobile(typed, demo=True)
    except Refusal:
        account = typed[:64]
    return [(PASSWORD_PER_ACCOUNT, account), (PASSWORD_PER_IP, _ip())]


def count_wrong_password() -> None:
    """Count a wrong password once the Work has given its connection back."""
    checks = password_tries({})

    @after_this_request
    def count(response: Response) -> Response:
        services().gate.miss(*checks)
        return response


def own_tries(_args: dict[str, Any]) -> Checks:
    """The gate of second factor and current password: by the person the cookie names."""
    who = sessions.claim()
    whose = str(who.person_id) if who else _ip()
    return [(FACTOR_PER_PERSON, whose), (FACTOR_PER_DAY, whose)]


def new_browser() -> tuple[str, Browser]:
    """A fresh token, and what the domain may know of this browser."""
    token = sessions.new_token()
    lifetime = timedelta(seconds=services().settings.session_absolute_seconds)
    return token, Browser(sessions.digest(token), device_label(request.user_agent.string), lifetime)


APPS = (
    ("MicroMessenger", "WeChat"),
    ("AlipayClient", "Alipay"),
    ("DingTalk", "DingTalk"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("HuaweiBrowser", "Huawei"),
    ("MiuiBrowser", "MIUI"),
    ("QQBrowser", "QQ"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def device_label(user_agent: str) -> str:
    """ "WeChat · iPhone": program and system, nothing finer; empty when neither is known."""
    told = user_agent[:500]
    names = [next((name for mark, name in marks if mark in told), "") for marks in (APPS, SYSTEMS)]
    return " · ".join(name for name in names if name)


def _ip() -> str:
    return request.remote_addr or ""


def _count(code_id: UUID) -> Try:
    house = services()
    actor = Actor(ActorKind.GUEST, device=sessions.device())
    with open_work(house.engine, scope=Scope(Face.GATE), actor=actor, clock=house.clock) as work:
        return codes.count_try(work, code_id)
