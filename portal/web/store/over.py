"""A table where somebody else is expected: the clerk is asked why it shall be given away all the same."""

from __future__ import annotations

from uuid import UUID

from flask import request
from wtforms import StringField

from portal.kernel.work import Work
from portal.web.forms.base import Form
from portal.web.locale import lazy_gettext as _l
from portal.web.pages import Page
from portal.web.store.frame import counter_page
from portal.web.store.tabframe import AT


class OverForm(Form):
    """The reason, empty until it is asked for."""

    over = StringField(_l("为什么仍要坐这里"))

    def reason(self) -> str:
        """What was typed."""
        return self.over.data or ""


def asked_why(work: Work, store: UUID, form: OverForm, action: str, back: str) -> Page:
    """The refused form once more, with room for the reason; what was chosen goes along."""
    own = {"csrf_token", "key", "over"}
    sent = [(name, value) for name, value in request.form.items(multi=True) if name not in own]
    facts = {"form": form, "action": action, "back": back, "sent": sent}
    return counter_page(work, store, "store/floor/over.html", status=422, at=AT, **facts)
