"""Forms of signing in. They check shapes; whether a code or a password is right, the domain says."""

from __future__ import annotations

from wtforms import BooleanField, PasswordField, StringField, TelField
from wtforms.validators import InputRequired, Length

from portal.domain.identity.rules.names import LONGEST as NAME_MOST
from portal.domain.identity.rules.passwords import LONGEST as PASSWORD_MOST
from portal.web.forms.base import Form
from portal.web.locale import lazy_gettext as _l

MISSING = InputRequired(_l("请填写这一项。"))


def at_most(count: int) -> Length:
    """A plain limit, far above what anybody means."""
    return Length(max=count, message=_l("内容太长了，最多 %(max)d 个字。"))


class PhoneForm(Form):
    """Where the code goes."""

    phone = TelField(_l("手机号"), [MISSING, at_most(40)])


class CodeForm(Form):
    """Six digits."""

    code = StringField(_l("短信验证码"), [MISSING, at_most(40)])


class PasswordSignInForm(Form):
    """Phone and password."""

    phone = TelField(_l("手机号"), [MISSING, at_most(40)])
    password = PasswordField(_l("密码"), [MISSING, at_most(PASSWORD_MOST)])


class WelcomeForm(Form):
    """The first time: a name, the agreement, and two things that are free."""

    name = StringField(_l("怎么称呼您"), [MISSING, at_most(NAME_MOST)])
    agreed = BooleanField(_l("我已阅读并同意《用户协议》和《隐私说明》"))
    marketing = BooleanField(_l("可以给我发优惠和活动消息（可随时取消）"))
    invited = BooleanField(_l("由这位推荐人介绍"), default=True)


class FactorForm(Form):
    """Digits of the authenticator, or a recovery code."""

    factor = StringField(_l("动态码"), [MISSING, at_most(40)])
