"""By phone and password, and out again."""

from __future__ import annotations

from uuid import UUID

from flask import g

from portal.domain.identity.actions import signing
from portal.domain.identity.errors import WrongPassword
from portal.domain.identity.values import Browser
from portal.kernel import phones
from portal.kernel.permissions import ANYONE
from portal.kernel.refusals import Refusal
from portal.kernel.work import Work
from portal.web import proofs, sessions, ways
from portal.web.forms.signin import PasswordSignInForm
from portal.web.locale import gettext
from portal.web.pages import Answer, SeeOther, page, see_other
from portal.web.signin import signin
from portal.web.signin.codes import let_in


@signin.get("/password", may=ANYONE)
def password(_work: Work) -> Answer:
    """Phone and password."""
    ways.remember()
    if g.signed_in is not None:
        return SeeOther(ways.onward(g.signed_in))
    return page("signin/password.html", form=PasswordSignInForm())


@signin.post("/password", may=ANYONE, repeats="signing in twice is two browsers", gate=proofs.password_tries)
def password_check(work: Work) -> Answer:
    """Sign in. What was wrong is not said."""
    form = PasswordSignInForm()
    token, browser = proofs.new_browser()
    if form.validate():
        with form.tries(work):
            return let_in(work, _arrive(work, form, browser), token)
    return page("signin/password.html", form=form, status=422)


def _arrive(work: Work, form: PasswordSignInForm, browser: Browser) -> UUID:
    try:
        return signing.arrive_by_password(
            work, phone=_phone(form.phone.data), password=form.password.data, browser=browser
        )
    except WrongPassword:
        proofs.count_wrong_password()
        raise


@signin.post("/out", may=ANYONE, repeats="signing out twice is signing out once")
def sign_out(work: Work) -> Answer:
    """End this browser's sign-in for good; a copy of its cookie opens nothing any more."""
    if g.signed_in is not None:
        signing.end_one(work, g.signed_in.sign_in_id)
    sessions.end()
    return see_other("shop.home", flash=gettext("已退出登录。"))


def _phone(typed: str) -> str:
    """The number; something that is none is looked up as well, in vain, so that it reads the same."""
    try:
        return phones.normalise_mobile(typed, demo=proofs.demo())
    except Refusal:
        return ""
