"""The keys of the account: password, second factor, phone, and the browsers that are signed in."""

from __future__ import annotations

from uuid import UUID

from flask import g

from portal.domain.identity import queries
from portal.domain.identity.actions import codes, factors, passwords, profile, signing
from portal.domain.identity.values import Purpose
from portal.kernel import phones
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web import proofs, sessions
from portal.web.forms.people import NewPhoneForm, PasswordForm, PhoneCodesForm, RenewForm
from portal.web.locale import gettext
from portal.web.office import Checks
from portal.web.pages import Answer, Page, page, see_other
from portal.web.shop import shop

MINE = Permission.PROFILE_EDIT
OLD, NEW = Purpose.OLD_PHONE, Purpose.NEW_PHONE


@shop.get("/me/security", may=MINE)
def security(work: Work) -> Page:
    """Password and second factor: what is set, and how to change it."""
    return page("shop/me/security.html", mine=queries.profile(work), form=RenewForm())


@shop.post("/me/security/recovery-codes", may=MINE, repeats="digits work once", gate=proofs.own_tries)
def recovery_renew(work: Work) -> Page:
    """Eight new recovery codes, shown this one time."""
    form = RenewForm()
    if form.validate():
        with form.tries(work):
            words = factors.renew_recovery_codes(work, proofs.secret(), seal=proofs.seal(), typed=form.factor.data)
            return page("shop/me/recovery.html", words=words)
    return page("shop/me/security.html", mine=queries.profile(work), form=form, status=422)


@shop.get("/me/password", may=MINE)
def password(work: Work) -> Page:
    """Set or change the password."""
    return _password(work, PasswordForm())


@shop.post("/me/password/code", may=MINE, repeats="a second code within a minute is refused", gate=proofs.sending)
def password_code(work: Work) -> Answer:
    """A code to the present phone, instead of the present password."""
    form = PasswordForm(formdata=None)
    with form.tries(work):
        sent = codes.issue(work, proofs.secret(), phone=g.signed_in.phone, purpose=Purpose.PASSWORD)
        proofs.keep(Purpose.PASSWORD, sent)
        return see_other("shop.password", flash=gettext("验证码已发到您的手机。"))
    return _password(work, form, status=422)


def _counted(args: dict[str, object]) -> Checks:
    return [*proofs.counting(code=Purpose.PASSWORD)(args), *proofs.own_tries(args)]


@shop.post("/me/password", may=MINE, repeats="setting the same password twice is harmless", gate=_counted)
def password_change(work: Work) -> Answer:
    """Change it; every other browser is signed out."""
    form = PasswordForm()
    if form.validate():
        with form.tries(work):
            passwords.change(
                work,
                proofs.secret(),
                new_password=form.new_password.data,
                current_password=form.current_password.data or "",
                attempt=proofs.attempt(Purpose.PASSWORD),
                typed=form.code.data or "",
                keep=g.signed_in.sign_in_id,
            )
            return see_other("shop.security", flash=gettext("密码已更改，其他设备已退出登录。"))
    return _password(work, form, status=422)


def _password(work: Work, form: PasswordForm, *, status: int = 200) -> Page:
    mine = queries.profile(work)
    return page("shop/me/password.html", form=form, mine=mine, phone=phones.mask(mine.phone), status=status)


@shop.get("/me/phone", may=MINE)
def phone(_work: Work) -> Page:
    """The number to move to."""
    return page("shop/me/phone.html", form=NewPhoneForm(), phone=phones.mask(g.signed_in.phone))


@shop.post("/me/phone", may=MINE, repeats="a second code within a minute is refused", gate=proofs.sending)
def phone_codes(work: Work) -> Answer:
    """Send a code to both numbers."""
    form = NewPhoneForm()
    if form.validate():
        with form.tries(work):
            new_phone = phones.normalise_mobile(form.phone.data, demo=proofs.demo())
            old_id, new_id = profile.send_phone_codes(work, proofs.secret(), new_phone=new_phone)
            proofs.keep(OLD, old_id)
            proofs.keep(NEW, new_id)
            return see_other("shop.phone_confirm")
    return page("shop/me/phone.html", form=form, phone=phones.mask(g.signed_in.phone), status=422)


@shop.get("/me/phone/confirm", may=MINE)
def phone_confirm(work: Work) -> Answer:
    """Both codes."""
    return _phone_codes(work, PhoneCodesForm())


@shop.post("/me/phone/confirm", may=MINE, repeats="codes work once", gate=proofs.counting(old_code=OLD, new_code=NEW))
def phone_change(work: Work) -> Answer:
    """Move the account; every other browser is signed out."""
    form = PhoneCodesForm()
    if form.validate():
        with form.tries(work):
            profile.change_phone(
                work,
                proofs.secret(),
                old=proofs.attempt(OLD),
                old_typed=form.old_code.data,
                new=proofs.attempt(NEW),
                new_typed=form.new_code.data,
                keep=g.signed_in.sign_in_id,
            )
            proofs.drop(OLD, NEW)
            return see_other("shop.me", flash=gettext("手机号已更换，其他设备已退出登录。"))
    return _phone_codes(work, form, status=422)


def _phone_codes(work: Work, form: PhoneCodesForm, *, status: int = 200) -> Answer:
    code_id = proofs.kept(NEW)
    sent = queries.sent_code(work, code_id) if code_id else None
    if sent is None or sent.proven_at is not None:
        return see_other("shop.phone")
    old, new = phones.mask(g.signed_in.phone), phones.show(sent.phone)
    return page("shop/me/phone_codes.html", form=form, old=old, new=new, status=status)


@shop.get("/me/sign-ins", may=MINE)
def sessions_list(work: Work) -> Page:
    """The browsers that are signed in."""
    return page("shop/me/sign_ins.html", rows=queries.sign_ins(work), here=g.signed_in.sign_in_id)


@shop.post("/me/sign-ins/<uuid:session>/end", may=MINE)
def sessions_end(work: Work, session: UUID) -> Answer:
    """Sign one of them out."""
    signing.end_one(work, session)
    if session == g.signed_in.sign_in_id:
        sessions.end()
        return see_other("shop.home", flash=gettext("已退出登录。"))
    return see_other("shop.sessions_list", flash=gettext("那台设备已退出登录。"))


@shop.post("/me/sign-ins/end-all", may=MINE, repeats="signing out twice is signing out once")
def sessions_end_all(work: Work) -> Answer:
    """Sign all of them out, this one too."""
    signing.end_all(work)
    sessions.end()
    return see_other("shop.home", flash=gettext("所有设备都已退出登录。"))
