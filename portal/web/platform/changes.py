"""Changes of merchants' vital data: read both versions, approve or refuse."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Response, request

from portal.domain.onboarding.actions import profiles as acts
from portal.domain.onboarding.queries import applications
from portal.domain.onboarding.queries import profiles as queries
from portal.domain.onboarding.values import ChangeState
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web import documents
from portal.web.asking import asked_one
from portal.web.forms.platform import ReasonForm
from portal.web.labels import field_name
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, page, see_other
from portal.web.platform import platform
from portal.web.platform.legal import diff_rows, legal_words

REVIEW = Permission.APPLICATION_REVIEW


@platform.get("/changes", may=REVIEW)
def changes_list(work: Work) -> Page:
    """What waits, longest first; or what was decided, latest first."""
    every = request.args.get("state") == "all"
    state = asked_one(ChangeState, "state") or (None if every else ChangeState.PENDING)
    return page(
        "platform/changes/list.html",
        changes=queries.changes(work, state),
        state=state,
        states=tuple(ChangeState),
        now=work.now(),
    )


@platform.get("/changes/<uuid:change>", may=REVIEW)
def changes_show(work: Work, change: UUID) -> Page:
    """One change."""
    return _show(work, change, ReasonForm(formdata=None))


def _show(work: Work, change: UUID, form: ReasonForm, status: int = 200) -> Page:
    shown = queries.change(work, change)
    words = legal_words(work, shown.before, shown.after)
    rows = diff_rows(words, shown.before, shown.after)
    if shown.bank_changes and shown.before.bank_last4 == shown.after.bank_last4:
        rows.append((field_name("bank_number"), shown.before.bank_last4, gettext("已更换，尾号相同")))
    people = applications.people(work, [shown.decided_by])
    return page("platform/changes/show.html", change=shown, diff=rows, people=people, form=form, status=status)


@platform.post("/changes/<uuid:change>/approve", may=REVIEW)
def changes_approve(work: Work, change: UUID) -> Answer:
    """Put the new data in force."""
    return _decide(work, change, lambda: acts.approve(work, change), gettext("变更已通过，新资料现在生效。"))


@platform.post("/changes/<uuid:change>/refuse", may=REVIEW)
def changes_refuse(work: Work, change: UUID) -> Answer:
    """Leave the old data in force."""
    reason, flash = request.form.get("reason", ""), gettext("变更已驳回，旧资料继续有效。")
    return _decide(work, change, lambda: acts.refuse(work, change, reason=reason), flash)


def _decide(work: Work, change: UUID, act: Callable[[], None], flash: str) -> Answer:
    form = ReasonForm()
    if form.validate():
        with form.tries(work):
            act()
            return see_other("platform.changes_show", change=change, flash=flash)
    return _show(work, change, form, status=422)


@platform.get("/papers/<uuid:paper>", may=REVIEW)
def changes_paper(work: Work, paper: UUID) -> Response:
    """A merchant's document, to the reviewer; written down."""
    return documents.show_reviewer(work, queries.filed_paper(work, paper), paper)
