"""Forms of a person's own pages: profile, password, phone, addresses, objection to a referrer."""

from __future__ import annotations

from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from portal.domain.identity.actions.referrals import REASON_LONGEST
from portal.domain.identity.rules.names import LONGEST as NAME_MOST
from portal.domain.identity.rules.passwords import LONGEST as PASSWORD_MOST
from portal.web.forms.base import Form
from portal.web.locale import lazy_gettext as _l

DETAIL_MOST = 120
PASTE_MOST = 500


def needed() -> InputRequired:
    """Must be filled in."""
    return InputRequired(_l("请填写这一项。"))


def at_most(count: int) -> Length:
    """A plain limit, far above what anybody means."""
    return Length(max=count, message=_l("内容太长了，最多 %(max)d 个字。"))


class ProfileForm(Form):
    """Name and language."""

    name = StringField(_l("称呼"), [needed(), at_most(NAME_MOST)])
    locale = RadioField(_l("语言"), choices=[SelectChoice("zh", "中文"), SelectChoice("en", "English")])


class PasswordForm(Form):
    """The new password, and one of two proofs."""

    current_password = PasswordField(_l("当前密码"), [at_most(PASSWORD_MOST)])
    code = StringField(_l("短信验证码"), [at_most(40)])
    new_password = PasswordField(_l("新密码"), [needed(), at_most(PASSWORD_MOST)])


class NewPhoneForm(Form):
    """The number to move to."""

    phone = TelField(_l("新手机号"), [needed(), at_most(40)])


class PhoneCodesForm(Form):
    """A code from each phone."""

    old_code = StringField(_l("原手机号收到的验证码"), [needed(), at_most(40)])
    new_code = StringField(_l("新手机号收到的验证码"), [needed(), at_most(40)])


class RenewForm(Form):
    """Digits of the authenticator, for new recovery codes."""

    factor = StringField(_l("动态码"), [needed(), at_most(40)])


class ContestForm(Form):
    """Why the referrer is wrong."""

    reason = TextAreaField(_l("哪里不对"), [needed(), at_most(REASON_LONGEST)])


class AddressForm(Form):
    """An address; the four divisions depend on each other and are checked by the domain."""

    address = HiddenField()  # the address that is being changed
    next = HiddenField()  # where to go on with the new one, when it is added on the way
    paste = TextAreaField(_l("粘贴一整段"), [at_most(PASTE_MOST)])
    recipient = StringField(_l("收货人"), [needed(), at_most(NAME_MOST)])
    phone = TelField(_l("手机号"), [needed(), at_most(40)])
    province = SelectField(_l("省 / 直辖市"), validate_choice=False)
    city = SelectField(_l("城市"), validate_choice=False)
    area = SelectField(_l("区县"), validate_choice=False)
    street = SelectField(_l("街道 / 镇"), validate_choice=False)
    detail = StringField(_l("详细地址"), [needed(), at_most(DETAIL_MOST)])
    is_default = BooleanField(_l("设为默认地址"))
