"""The review queue: filter, read with what changed since last time, approve, ask for more, refuse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Response, request

from portal.domain.onboarding.actions import reviews
from portal.domain.onboarding.queries import applications as queries
from portal.domain.onboarding.values import Application, ApplicationLine, ApplicationState, Particulars
from portal.domain.reference import queries as reference
from portal.domain.reference.values import REVIEW_DAYS
from portal.domain.tenants.values import Kind
from portal.kernel.geo import Position
from portal.kernel.navigation import navigation_links
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work
from portal.web import documents
from portal.web.asking import asked_one, asked_words
from portal.web.forms.platform import ReasonForm
from portal.web.forms.tenants import uuid_or_none
from portal.web.locale import gettext
from portal.web.office import services
from portal.web.pages import Answer, Page, page, see_other
from portal.web.platform import platform
from portal.web.platform.legal import LegalWords, diff_rows, legal_words

REVIEW = Permission.APPLICATION_REVIEW
AGES = (1, 3, 7)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@platform.get("/applications", may=REVIEW)
def applications_list(work: Work) -> Page:
    """What was submitted, the longest waiting first; by default what waits for us."""
    every = request.args.get("state") == "all"
    state = asked_one(ApplicationState, "state") or (None if every else ApplicationState.SUBMITTED)
    kind, words, days = asked_one(Kind, "kind"), asked_words(), _asked_age()
    lines, more = queries.queue(work, state=state, kind=kind, waiting_days=days, words=words, after=_asked_after())
    wanted = {"state": state.value if state else "all", "kind": kind, "age": days or None, "q": words or None}
    return page(
        "platform/applications/list.html",
        block="rows",
        lines=lines,
        further=_mark(lines[-1]) if more else None,
        counts=queries.counts_by_state(work),
        kinds=tuple(Kind),
        ages=AGES,
        wanted=wanted,
        review_days=reference.value_of(work, REVIEW_DAYS),
        now=work.now(),
    )


def _asked_age() -> int:
    text = request.args.get("age", "")
    return int(text) if text.isascii() and text.isdigit() and int(text[:4]) in AGES else 0


def _mark(line: ApplicationLine) -> str:
    """Where the list goes on: moment and id of the last line."""
    assert line.submitted_at is not None
    return f"{(line.submitted_at - EPOCH) // timedelta(microseconds=1)}_{line.id}"


def _asked_after() -> tuple[datetime, UUID] | None:
    moment, _, last_id = request.args.get("after", "").partition("_")
    found = uuid_or_none(last_id)
    if found is None or not (moment.isascii() and moment.isdigit() and len(moment) < 17):
        return None
    return EPOCH + timedelta(microseconds=int(moment)), found


@platform.get("/applications/<uuid:application>", may=REVIEW)
def applications_show(work: Work, application: UUID) -> Page:
    """One application: what it says now, what changed, its documents, the decision."""
    return _show(work, queries.application(work, application), ReasonForm(formdata=None))


def _show(work: Work, shown: Application, form: ReasonForm, status: int = 200) -> Page:
    last = shown.last
    if last is None:
        raise NotFound  # a draft is the applicant's own
    before = shown.revisions[-2] if len(shown.revisions) > 1 else None
    words = legal_words(work, last.particulars, *([before.particulars] if before else ()))
    return page(
        "platform/applications/show.html",
        application=shown,
        last=last,
        applicant=queries.person_line(work, shown.person_id),
        people=queries.people(work, [revision.decided_by for revision in shown.revisions]),
        same=queries.same_licence(work, shown),
        form=form,
        status=status,
        **_differences(shown, words),
        **_place(last.particulars),
    )


def _place(said: Particulars) -> dict[str, Any]:
    """Where that is, for a map and for the map apps; nothing when no position was given."""
    if said.lat is None or said.lng is None:
        return {"spot": None}
    spot, settings = Position(said.lat, said.lng), services().settings
    return {
        "spot": spot,
        "maps": navigation_links(spot, said.name),
        "tiles": settings.tile_url or "",
        "credit": settings.tile_attribution,
    }


def _differences(shown: Application, words: LegalWords) -> dict[str, Any]:
    """The last revision in words; beside it the one before, documents told apart as kept, new and gone."""
    last, before = shown.revisions[-1], shown.revisions[-2] if len(shown.revisions) > 1 else None
    kept = {document.id for document in before.documents} if before else set()
    now = {document.id for document in last.documents}
    return {
        "facts": words.facts(last.particulars),
        "diff": diff_rows(words, before.particulars, last.particulars) if before else [],
        "new_documents": now - kept if before else set(),
        "gone_documents": [one for one in before.documents if one.id not in now] if before else [],
    }


@platform.post("/applications/<uuid:application>/approve", may=REVIEW)
def applications_approve(work: Work, application: UUID) -> Answer:
    """Let the merchant in."""
    return _decide(work, application, reviews.approve, gettext("已通过，商家后台已开通。"))


@platform.post("/applications/<uuid:application>/ask", may=REVIEW)
def applications_ask(work: Work, application: UUID) -> Answer:
    """Ask for more, field by field."""
    notes = {name.removeprefix("note-"): text[:1000] for name, text in request.form.items() if name.startswith("note-")}
    reason = request.form.get("reason", "")
    return _decide(work, application, reviews.ask, gettext("已请申请人补充资料。"), notes=notes, reason=reason)


@platform.post("/applications/<uuid:application>/refuse", may=REVIEW)
def applications_refuse(work: Work, application: UUID) -> Answer:
    """Refuse for good, with a reason."""
    return _decide(work, application, reviews.refuse, gettext("已驳回。"), reason=request.form.get("reason", ""))


def _decide(work: Work, application: UUID, act: Callable[..., object], flash: str, **facts: object) -> Answer:
    """One decision about the revision that was read."""
    form = ReasonForm()
    if form.validate():
        with form.tries(work):
            revision_id = uuid_or_none(form.revision.data)
            if revision_id is None:
                raise NotFound
            act(work, application, revision_id=revision_id, **facts)
            return see_other("platform.applications_show", application=application, flash=flash)
    return _show(work, queries.application(work, application), form, status=422)


@platform.get("/applications/<uuid:application>/documents/<uuid:document>", may=REVIEW)
def applications_document(work: Work, application: UUID, document: UUID) -> Response:
    """A document, to the reviewer; written down."""
    return documents.show_reviewer(work, queries.filed(work, application, document), document)
