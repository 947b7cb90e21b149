"""The cookie side of a sign-in: who the browser says it is, before the database has confirmed it.

The signed cookie holds a person's id and a random token; only the token's digest is stored, in `sign_ins`.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask, g, session
from flask.sessions import SecureCookieSessionInterface
from flask_login import UserMixin, login_user, logout_user


class Cookies(SecureCookieSessionInterface):
    """Flask's signed cookies with a signer that is made once, not for every request."""

    def __init__(self, app: Flask) -> None:
        self._signer = super().get_signing_serializer(app)

    def get_signing_serializer(self, *_app: Flask) -> Any:
        """The one signer of this application."""
        return self._signer


@dataclass(frozen=True)
class Claim:
    """What a cookie claims; `token_hash` must match a sign-in in force."""

    person_id: UUID
    token_hash: bytes


class Visitor(UserMixin):  # type: ignore[misc]  # flask-login ships no types
    """Flask-Login's user: the cookie's text is its id."""

    def __init__(self, cookie: str) -> None:
        self.id = cookie


def new_token() -> str:
    """256 random bits for one browser."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).digest()


def claim() -> Claim | None:
    """The claim in this request's cookie, or None."""
    person, _, token = str(session.get("_user_id") or "").partition(".")
    try:
        return Claim(UUID(person), digest(token)) if token else None
    except ValueError:
        return None


def begin(person_id: UUID, token: str) -> None:
    """Give the browser a fresh session with this token; whatever it held before is gone (no fixation)."""
    kept = {key: session[key] for key in ("place", "device", "locale", "seats") if key in session}
    session.clear()
    session.update(kept)
    session.permanent = True
    login_user(Visitor(f"{person_id}.{token}"))


def end() -> None:
    """Forget the sign-in in this browser."""
    logout_user()
    session.clear()


def load_visitor(cookie: str) -> Visitor | None:
    """Flask-Login's loader: a visitor only when the Work of this request has confirmed the sign-in."""
    return Visitor(cookie) if g.get("signed_in") is not None else None


def device(*, make: bool = True) -> str:
    """A random mark of this browser, for limits. A browser that only reads needs none (`make=False`)."""
    mark = session.get("device")
    if not isinstance(mark, str):
        if not make:
            return ""
        mark = session["device"] = secrets.token_urlsafe(12)
        session.permanent = True
    return mark
