"""Forms of the platform's office. They check shapes; the domain decides."""

from __future__ import annotations

from wtforms import (
    DateTimeLocalField,
    Field,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from portal.domain.identity.actions.oversight import RevealReason
from portal.domain.reference.values import Audience, Purpose
from portal.domain.tenants.actions.operators import PLATFORM_ROLES
from portal.kernel.words import say
from portal.web import labels, wording
from portal.web.forms.base import Form
from portal.web.locale import lazy_gettext as _l

MISSING = InputRequired(_l("请填写这一项。"))
WHEN = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
REASONS = [
    SelectChoice(RevealReason.COMPLAINT.value, _l("处理投诉")),
    SelectChoice(RevealReason.RISK.value, _l("风险核查")),
    SelectChoice(RevealReason.LAW.value, _l("法律要求")),
    SelectChoice(RevealReason.REQUEST.value, _l("本人要求")),
]


def at_most(count: int) -> Length:
    """A plain limit, far above what anybody means."""
    return Length(max=count, message=_l("内容太长了，最多 %(max)d 个字。"))


def sensible(_form: Form, field: Field) -> None:
    """A moment of this century."""
    if field.data is not None and not 2000 <= field.data.year <= 2100:
        raise ValidationError(_l("请填 2000 年到 2100 年之间的时间。"))


class ReasonForm(Form):
    """A decision that needs a reason; `revision` is what the reviewer has read."""

    revision = HiddenField()
    reason = TextAreaField(_l("原因"), [at_most(2000)])


class FindForm(Form):
    """A person by the whole phone, or by its last four digits with the name."""

    HOW = say("请填完整的 11 位手机号，或者填后四位并写上姓名。")
    phone = TelField(_l("手机号或后四位"), [MISSING, at_most(40)])
    name = StringField(_l("姓名（只填后四位时必填）"), [at_most(80)])


class RevealForm(Form):
    """Why a full phone number is needed."""

    reason = SelectField(_l("理由"), choices=REASONS)


class CategoryForm(Form):
    """A category's names and its place in a tree."""

    purpose = SelectField(
        _l("用在哪里"), choices=[SelectChoice(purpose.value, labels.PURPOSES[purpose]) for purpose in Purpose]
    )
    parent_id = SelectField(_l("放在哪一级下面"), validate_choice=False)
    name = StringField(_l("中文名称"), [MISSING, at_most(80)])
    name_en = StringField(_l("英文名称"), [at_most(160)])


class RenameForm(Form):
    """Other names for a category."""

    name = StringField(_l("中文名称"), [MISSING, at_most(80)])
    name_en = StringField(_l("英文名称"), [at_most(160)])


class ParameterForm(Form):
    """A value from a moment on; `wrong_name` says at which parameter the errors belong."""

    wrong_name = ""
    name = HiddenField()
    value = IntegerField(_l("新的值"), [InputRequired(_l("请填写整数。"))])
    effective_at = DateTimeLocalField(_l("从什么时候起生效"), [Optional(), sensible], format=WHEN)
    note = StringField(_l("备注"), [at_most(600)])


class AnnouncementForm(Form):
    """An announcement in two languages."""

    title = StringField(_l("标题"), [MISSING, at_most(240)])
    body = TextAreaField(_l("正文"), [MISSING, at_most(20_000)])
    title_en = StringField(_l("英文标题"), [at_most(480)])
    body_en = TextAreaField(_l("英文正文"), [at_most(40_000)])
    audience = SelectField(_l("给谁看"), choices=[SelectChoice(one.value, labels.AUDIENCES[one]) for one in Audience])
    until = DateTimeLocalField(_l("显示到什么时候"), [Optional(), sensible], format=WHEN)


class OperatorForm(Form):
    """Somebody who works for the platform."""

    phone = TelField(_l("手机号"), [MISSING, at_most(40)])
    role = SelectField(_l("角色"))

    def offer(self) -> None:
        """The platform's roles."""
        self.role.choices = [SelectChoice(role.value, wording.role_name(role)) for role in PLATFORM_ROLES]


class RoleForm(Form):
    """Another role."""

    role = SelectField(_l("角色"))

    def offer(self) -> None:
        """The platform's roles."""
        self.role.choices = [SelectChoice(role.value, wording.role_name(role)) for role in PLATFORM_ROLES]
