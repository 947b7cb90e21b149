"""Forms of applicants and of a merchant's office: an application, a document, staff, vital data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    FloatField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.domain.onboarding.rules import MOST
from portal.domain.onboarding.values import DocumentKind, Particulars
from portal.domain.reference.values import Category
from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Role
from portal.web import labels, wording
from portal.web.forms.base import Form
from portal.web.locale import lazy_gettext as _l

EN_SPACE = "\u2002"
MISSING = InputRequired(_l("请填写这一项。"))


def at_most(count: int) -> Length:
    """A plain limit, far above what anybody means."""
    return Length(max=count, message=_l("内容太长了，最多 %(max)d 个字。"))


def _line(name: str) -> StringField:
    return StringField(labels.FIELDS[name], [at_most(4 * MOST[name])])


class LegalForm(Form):
    """What an application and a change of vital data have in common. Drafts may be unfinished: nothing is required."""

    name = _line("name")
    legal_name = _line("legal_name")
    licence_number = _line("licence_number")
    representative = _line("representative")
    address = _line("address")
    lat = FloatField(labels.FIELDS["lat"], [Optional(), NumberRange(-90, 90, _l("纬度在 -90 到 90 之间。"))])
    lng = FloatField(labels.FIELDS["lng"], [Optional(), NumberRange(-180, 180, _l("经度在 -180 到 180 之间。"))])
    bank_holder = _line("bank_holder")
    bank_name = _line("bank_name")
    bank_number = StringField(labels.FIELDS["bank_number"], [at_most(160)])

    def particulars(self, **more: Any) -> Particulars:
        """What was typed, as a value; the bank number goes apart."""
        names = ("name", "legal_name", "licence_number", "representative", "address", "bank_holder", "bank_name")
        lines: dict[str, Any] = {name: self[name].data or "" for name in names}
        place = (self.lat.data, self.lng.data)
        lat, lng = place if None not in place else (None, None)
        return Particulars(**lines, lat=lat, lng=lng, **more)


class ApplicationForm(LegalForm):
    """An application as it is typed."""

    contact_name = _line("contact_name")
    contact_phone = TelField(labels.FIELDS["contact_phone"], [at_most(120)])
    category_id = SelectField(labels.FIELDS["category_id"], validate_choice=False)
    region_code = SelectField(labels.FIELDS["region_code"], validate_choice=False)

    def facts_of(self, kind: Kind) -> Particulars:
        """What was typed; of category and region only what the kind has."""
        centre = kind is Kind.REGION
        return self.particulars(
            contact_name=self.contact_name.data or "",
            contact_phone=self.contact_phone.data or "",
            category_id=None if centre else uuid_or_none(self.category_id.data),
            region_code=(self.region_code.data or "") if centre else "",
        )


class DocumentForm(Form):
    """One document."""

    kind = RadioField(
        _l("这是什么"),
        choices=[SelectChoice(kind.value, labels.DOCUMENTS[kind]) for kind in DocumentKind],
        validate_choice=True,
    )
    file = FileField(_l("照片或 PDF"), [FileRequired(_l("请先选择文件。"))])


class ChangeForm(LegalForm):
    """A change of vital data."""

    note = TextAreaField(_l("变更说明"), [at_most(600)])
    file = FileField(_l("新的证照（照片或 PDF）"))


class ContactForm(Form):
    """Whom the platform calls."""

    contact_name = StringField(labels.FIELDS["contact_name"], [MISSING, at_most(120)])
    contact_phone = TelField(labels.FIELDS["contact_phone"], [MISSING, at_most(120)])


class CoverForm(Form):
    """A role, and all stores or some."""

    role = RadioField(_l("角色"), [InputRequired(_l("请选一个角色。"))])
    cover = RadioField(
        _l("管哪些门店"),
        choices=[SelectChoice("all", _l("所有门店，包括以后新开的")), SelectChoice("some", _l("只管选中的门店"))],
    )
    store_ids = SelectMultipleField(
        _l("选门店"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), validate_choice=False
    )

    def offer(self, roles: Iterable[Role], stores: Iterable[tuple[UUID, str]]) -> None:
        """What there is to choose from."""
        self.role.choices = [SelectChoice(role.value, wording.role_name(role)) for role in roles]
        self.store_ids.choices = [SelectChoice(str(store_id), name) for store_id, name in stores]
        self.store_ids.data = self.store_ids.data or []

    @property
    def covered(self) -> frozenset[UUID] | None:
        """The stores chosen; None for all. What is no id is none of the merchant's stores either."""
        if self.cover.data != "some":
            return None
        found = [uuid_or_none(text) for text in self.store_ids.data or ()]
        return frozenset(store_id for store_id in found if store_id is not None)


class InviteForm(CoverForm):
    """Somebody new."""

    phone = TelField(_l("手机号"), [MISSING, at_most(40)])
    name = StringField(_l("称呼"), [MISSING, at_most(120)])


def uuid_or_none(text: object) -> UUID | None:
    """An id that was sent, or None for anything else."""
    try:
        return UUID(str(text))
    except ValueError:
        return None


def category_choices(nodes: Iterable[Category], locale: str) -> list[SelectChoice]:
    """The tree as a flat list, children set in."""
    return [SelectChoice(str(node.id), EN_SPACE * 2 * node.depth + node.called(locale)) for node in nodes]
