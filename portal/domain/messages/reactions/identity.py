"""Codes go to phones; a changed password, phone or authenticator is told to its owner."""

from __future__ import annotations

from portal.domain.identity.events import (
    CodeIssued,
    PasswordChanged,
    PhoneChanged,
    Registered,
    SecondFactorReset,
    SecondFactorSet,
)
from portal.domain.identity.values import Purpose
from portal.domain.messages.actions import notify, text_to_phone
from portal.kernel.words import Text, say
from portal.kernel.work import Work


def send_code(work: Work, event: CodeIssued) -> None:
    """Six digits to a phone."""
    minutes = round((event.expires_at - work.now()).total_seconds() / 60)
    text = _words(event, minutes)
    text_to_phone(work, phone=event.phone, kind=f"code.{event.purpose}", text=text, expires_at=event.expires_at)


def _words(event: CodeIssued, minutes: int) -> Text:
    given = {"code": event.digits, "minutes": minutes}
    match event.purpose:
        case Purpose.SIGN_IN:
            return say("【街市】%(code)s 是您的登录验证码，%(minutes)s 分钟内有效。不要告诉任何人。", **given)
        case Purpose.PASSWORD:
            return say("【街市】%(code)s 是您修改密码的验证码，%(minutes)s 分钟内有效。不要告诉任何人。", **given)
        case Purpose.OLD_PHONE:
            return say("【街市】%(code)s 是您更换手机号的验证码，%(minutes)s 分钟内有效。不要告诉任何人。", **given)
        case Purpose.NEW_PHONE:
            return say("【街市】%(code)s 是您绑定新手机号的验证码，%(minutes)s 分钟内有效。不要告诉任何人。", **given)


def welcome(work: Work, event: Registered) -> None:
    """The first letter of the box."""
    text = say("欢迎来到街市。附近开着的店、能领的券，都在首页。")
    notify(work, person_id=event.person_id, kind="welcome.registered", text=text, link="/")


def tell_password(work: Work, event: PasswordChanged) -> None:
    """The password was changed."""
    text = say("您的密码已更改，其他设备已退出登录。如果不是您本人，请马上用验证码登录并重设密码。")
    notify(work, person_id=event.person_id, kind="account.password", text=text, link="/me/sign-ins")


def tell_phone(work: Work, event: PhoneChanged) -> None:
    """The phone was changed."""
    text = say("您的手机号已更换，其他设备已退出登录。")
    notify(work, person_id=event.person_id, kind="account.phone", text=text, link="/me/sign-ins")


def tell_factor(work: Work, event: SecondFactorSet) -> None:
    """The second factor is on."""
    text = say("二次验证已开启。请收好恢复码。")
    notify(work, person_id=event.person_id, kind="account.factor", text=text, link="/me/security")


def tell_reset(work: Work, event: SecondFactorReset) -> None:
    """The platform reset the second factor."""
    text = say("平台已重置您的二次验证，下次进入后台时请重新设置。")
    notify(work, person_id=event.person_id, kind="account.factor", text=text, link="/me/security")


REACTIONS = (
    (CodeIssued, send_code),
    (Registered, welcome),
    (PasswordChanged, tell_password),
    (PhoneChanged, tell_phone),
    (SecondFactorSet, tell_factor),
    (SecondFactorReset, tell_reset),
)
