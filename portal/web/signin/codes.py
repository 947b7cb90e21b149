"""By phone and code: ask for one, type it, the first time say who you are. Known and unknown phones read the same."""

from __future__ import annotations

from uuid import UUID

from flask import g, session

from portal.domain.identity import queries
from portal.domain.identity.actions import codes, signing
from portal.domain.identity.values import Inviter, Purpose, SentCode
from portal.domain.tenants import queries as tenants
from portal.kernel import phones
from portal.kernel.permissions import ANYONE
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work
from portal.web import locale, proofs, sessions, ways
from portal.web.forms.signin import CodeForm, PhoneForm, WelcomeForm
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, SeeOther, page, see_other
from portal.web.signin import signin

SIGN_IN = Purpose.SIGN_IN


@signin.get("", may=ANYONE)
def start(_work: Work) -> Answer:
    """The phone number. Who is signed in already goes on."""
    ways.remember()
    if g.signed_in is not None:
        return SeeOther(ways.onward(g.signed_in))
    return page("signin/start.html", form=PhoneForm(), waiting=proofs.kept(SIGN_IN))


@signin.post("", may=ANYONE, repeats="a second code within a minute is refused", gate=proofs.sending)
def code_send(work: Work) -> Answer:
    """Send a code, whoever has that phone."""
    form = PhoneForm()
    if form.validate():
        with form.tries(work):
            _send(work, phones.normalise_mobile(form.phone.data, demo=proofs.demo()))
            return see_other("signin.code")
    return page("signin/start.html", form=form, waiting=proofs.kept(SIGN_IN), status=422)


@signin.get("/code", may=ANYONE)
def code(work: Work) -> Answer:
    """The six digits."""
    return _code_page(work, CodeForm())


@signin.post("/code", may=ANYONE, repeats="a code works once", gate=proofs.counting(code=SIGN_IN))
def code_check(work: Work) -> Answer:
    """Use the code: go on, or say who you are when it is the first time."""
    form = CodeForm()
    token, browser = proofs.new_browser()
    if form.validate():
        with form.tries(work):
            person_id = signing.arrive_by_code(
                work, proofs.secret(), proofs.attempt(SIGN_IN), typed=form.code.data, browser=browser
            )
            return let_in(work, person_id, token) if person_id else see_other("signin.welcome")
    return _code_page(work, form, status=422)


@signin.post("/code/again", may=ANYONE, repeats="a second code within a minute is refused", gate=proofs.sending)
def code_resend(work: Work) -> Answer:
    """Another code to the same phone."""
    form, sent = CodeForm(formdata=None), _sent(work)
    if sent is None:
        return see_other("signin.start")
    with form.tries(work):
        _send(work, sent.phone)
        return see_other("signin.code", flash=gettext("新的验证码已发出。"))
    return _code_page(work, form, status=422)


@signin.get("/welcome", may=ANYONE)
def welcome(work: Work) -> Answer:
    """The phone is proven and has no account yet: name, agreement, and who brought you."""
    return _welcome_page(work, WelcomeForm())


@signin.post("/welcome", may=ANYONE, repeats="a proven phone opens one account")
def welcome_join(work: Work) -> Answer:
    """Open the account and go on."""
    form, code_id = WelcomeForm(), proofs.kept(SIGN_IN)
    token, browser = proofs.new_browser()
    if code_id is not None and form.validate():
        inviter_token = str(session.get("referral") or "") if form.invited.data else ""
        with form.tries(work):
            person_id = signing.register(
                work,
                code_id=code_id,
                name=form.name.data,
                locale=locale.current(),
                agreed=form.agreed.data,
                marketing=form.marketing.data,
                inviter_token=inviter_token or None,
                browser=browser,
            )
            return let_in(work, person_id, token)
    return _welcome_page(work, form, status=422)


def let_in(work: Work, person_id: UUID, token: str) -> SeeOther:
    """The browser is signed in from here on, with a session that nobody held before."""
    signed_in = tenants.signed_in(work, person_id, sessions.digest(token))
    assert signed_in is not None
    there = ways.onward(signed_in)
    sessions.begin(person_id, token)
    return SeeOther(there)


def _send(work: Work, phone: str) -> None:
    proofs.keep(SIGN_IN, codes.issue(work, proofs.secret(), phone=phone, purpose=SIGN_IN))


def _sent(work: Work) -> SentCode | None:
    code_id = proofs.kept(SIGN_IN)
    return queries.sent_code(work, code_id) if code_id else None


def _code_page(work: Work, form: CodeForm, *, status: int = 200) -> Answer:
    sent = _sent(work)
    if sent is None:
        return see_other("signin.start")
    if sent.proven_at is not None and status == 200:
        return see_other("signin.start" if sent.registered or g.signed_in else "signin.welcome")
    shown = phones.show(sent.phone)
    return page("signin/code.html", form=form, sent=sent, phone=shown, now=work.now(), status=status)


def _welcome_page(work: Work, form: WelcomeForm, *, status: int = 200) -> Answer:
    sent = _sent(work)
    if sent is None or sent.proven_at is None or sent.registered:
        return see_other("signin.start")
    return _welcome(work, form, status)


def _welcome(work: Work, form: WelcomeForm, status: int) -> Page:
    return page("signin/welcome.html", form=form, inviter=_inviter(work), status=status)


def _inviter(work: Work) -> Inviter | None:
    token = session.get("referral")
    try:
        return queries.inviter(work, str(token)) if token else None
    except NotFound:
        return None
