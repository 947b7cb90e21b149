"""The second factor: set up once, shown after signing in before an office that handles money opens."""

from __future__ import annotations

from flask import g

from portal.domain.identity import queries
from portal.domain.identity.actions import factors
from portal.domain.identity.rules.factors import provisioning_uri
from portal.kernel import phones
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web import proofs, sessions, ways
from portal.web.drawings import qr
from portal.web.forms.signin import FactorForm
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, SeeOther, page, see_other
from portal.web.signin import signin

MINE = Permission.PROFILE_EDIT


@signin.get("/second-factor", may=MINE)
def second_factor(work: Work) -> Answer:
    """Six digits of the authenticator. Who has none yet sets it up first."""
    if g.signed_in.second_factor_at is not None:
        return SeeOther(_onward())
    if not queries.profile(work).has_second_factor:
        return see_other("signin.factor_setup", next=ways.asked_for())
    return _ask(FactorForm())


@signin.post("/second-factor", may=MINE, repeats="digits and recovery codes work once", gate=proofs.own_tries)
def second_factor_check(work: Work) -> Answer:
    """Go on with a new session that carries the factor."""
    form = FactorForm()
    token, browser = proofs.new_browser()
    if form.validate():
        with form.tries(work):
            mine = g.signed_in.sign_in_id
            factors.prove(
                work,
                proofs.secret(),
                seal=proofs.seal(),
                typed=form.factor.data,
                browser=browser,
                sign_in_id=mine,
            )
            there = _onward()
            sessions.begin(work.person_id, token)
            return SeeOther(there)
    return _ask(form, status=422)


@signin.get("/second-factor/set-up", may=MINE)
def factor_setup(work: Work) -> Answer:
    """What it is and how; then the QR code for the authenticator."""
    if queries.profile(work).has_second_factor:
        return see_other("signin.second_factor", next=ways.asked_for())
    return _setup(work, FactorForm())


@signin.post("/second-factor/set-up/start", may=MINE)
def factor_start(work: Work) -> Answer:
    """Make the secret."""
    factors.start_setup(work, proofs.seal())
    return see_other("signin.factor_setup", next=ways.asked_for())


@signin.post("/second-factor/set-up", may=MINE, repeats="digits work once", gate=proofs.own_tries)
def factor_confirm(work: Work) -> Answer:
    """The authenticator works: show the recovery codes, this one time."""
    form = FactorForm()
    token, browser = proofs.new_browser()
    if form.validate():
        with form.tries(work):
            mine = g.signed_in.sign_in_id
            words = factors.confirm_setup(
                work,
                proofs.secret(),
                seal=proofs.seal(),
                typed=form.factor.data,
                browser=browser,
                sign_in_id=mine,
            )
            there = _onward()
            sessions.begin(work.person_id, token)
            return page("signin/recovery.html", words=words, onward=there)
    return _setup(work, form, status=422)


def _onward() -> str:
    return ways.asked_for() or ways.onward(g.signed_in)


def _ask(form: FactorForm, *, status: int = 200) -> Page:
    return page("signin/factor.html", form=form, onward=ways.asked_for(), status=status)


def _setup(work: Work, form: FactorForm, *, status: int = 200) -> Page:
    secret = queries.setup_secret(work, proofs.seal())
    drawing = None
    if secret is not None:
        account = phones.mask(g.signed_in.phone)
        drawing = qr(provisioning_uri(secret, account, gettext("街市")))
    return page("signin/setup.html", form=form, secret=secret, qr=drawing, onward=ways.asked_for(), status=status)
