"""Announcements: draft, edit, publish, withdraw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from portal.domain.reference import queries
from portal.domain.reference.actions import announcements as acts
from portal.domain.reference.values import Announcement, Audience
from portal.kernel.figures import SHANGHAI
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web.clocks import utc
from portal.web.forms.base import Form
from portal.web.forms.platform import AnnouncementForm
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, page, see_other
from portal.web.platform import platform

EDIT = Permission.ANNOUNCEMENT_EDIT


@platform.get("/announcements", may=EDIT)
def announcements_list(work: Work) -> Page:
    """All of them, the latest first."""
    return page("platform/announcements/list.html", announcements=queries.announcements(work))


@platform.get("/announcements/new", may=EDIT)
def announcements_new(_work: Work) -> Page:
    """An empty draft."""
    return page("platform/announcements/edit.html", form=AnnouncementForm(formdata=None), announcement=None)


@platform.post("/announcements/new", may=EDIT)
def announcements_draft(work: Work) -> Answer:
    """Write one down."""
    form = AnnouncementForm()
    if form.validate():
        with form.tries(work):
            made = acts.draft(work, **_facts(form))
            flash = gettext("草稿已保存，检查后再发布。")
            return see_other("platform.announcements_edit", announcement=made, flash=flash)
    return page("platform/announcements/edit.html", form=form, announcement=None, status=422)


@platform.get("/announcements/<uuid:announcement>", may=EDIT)
def announcements_edit(work: Work, announcement: UUID) -> Page:
    """One of them."""
    shown = queries.announcement(work, announcement)
    return page("platform/announcements/edit.html", form=_form_of(shown), announcement=shown)


def _form_of(shown: Announcement) -> AnnouncementForm:
    until = shown.until.astimezone(SHANGHAI).replace(tzinfo=None) if shown.until else None
    words = {name: getattr(shown, name) for name in ("title", "body", "title_en", "body_en")}
    return AnnouncementForm(formdata=None, data={**words, "audience": shown.audience.value, "until": until})


@platform.post("/announcements/<uuid:announcement>", may=EDIT)
def announcements_save(work: Work, announcement: UUID) -> Answer:
    """Change the copy in our hands."""
    form, shown = AnnouncementForm(), queries.announcement(work, announcement)
    if form.validate():
        with form.tries(work):
            acts.edit(work, announcement, **_facts(form))
            return see_other("platform.announcements_edit", announcement=announcement, flash=gettext("已保存。"))
    return page("platform/announcements/edit.html", form=form, announcement=shown, status=422)


def _facts(form: AnnouncementForm) -> dict[str, Any]:
    words = {name: form[name].data or "" for name in ("title", "body", "title_en", "body_en")}
    return {**words, "audience": Audience(form.audience.data), "until": utc(form.until.data)}


@platform.post("/announcements/<uuid:announcement>/publish", may=EDIT)
def announcements_publish(work: Work, announcement: UUID) -> Answer:
    """Show it as it is now."""
    return _act(work, announcement, acts.publish, gettext("公告已发布。"))


@platform.post("/announcements/<uuid:announcement>/withdraw", may=EDIT)
def announcements_withdraw(work: Work, announcement: UUID) -> Answer:
    """Nobody sees it any more."""
    return _act(work, announcement, acts.withdraw, gettext("公告已撤下。"))


def _act(work: Work, announcement: UUID, act: Callable[[Work, UUID], None], flash: str) -> Answer:
    posted, form = Form(), _form_of(queries.announcement(work, announcement))
    if posted.validate():
        with form.tries(work):
            act(work, announcement)
            return see_other("platform.announcements_edit", announcement=announcement, flash=flash)
    shown = queries.announcement(work, announcement)
    return page("platform/announcements/edit.html", form=form, announcement=shown, status=422)
