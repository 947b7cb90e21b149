"""Persons: found by what they tell of themselves, shown masked; revealing, blocking, unblocking is written down."""

from __future__ import annotations

from uuid import UUID

from portal.domain.identity.actions import oversight
from portal.domain.identity.actions.oversight import RevealReason
from portal.domain.tenants.queries import persons as queries
from portal.domain.tenants.values import PersonFound
from portal.kernel import phones
from portal.kernel.limits import Limit
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.work import Work
from portal.web import sessions
from portal.web.forms.base import Form
from portal.web.forms.platform import FindForm, RevealForm
from portal.web.locale import gettext
from portal.web.office import Checks, services
from portal.web.pages import Answer, Page, page, see_other
from portal.web.platform import platform

SEE, BLOCK = Permission.PERSON_VIEW, Permission.PERSON_BLOCK
SEARCHES = Limit("platform.person.find", 120, 3600)
REVEALS = Limit("platform.person.reveal", 30, 3600)
NO_TRACE_IN_ADDRESS = "a search: it changes nothing, and a phone must not stand in an address"


def _finding(_args: dict[str, object]) -> Checks:
    claim = sessions.claim()
    return [(SEARCHES, str(claim.person_id) if claim else "")]


def _revealing(_args: dict[str, object]) -> Checks:
    claim = sessions.claim()
    return [(REVEALS, str(claim.person_id) if claim else "")]


@platform.get("/persons", may=SEE)
def persons_list(_work: Work) -> Page:
    """An empty search: nobody is browsed."""
    return page("platform/persons/list.html", form=FindForm(formdata=None), found=None)


@platform.post("/persons", may=SEE, repeats=NO_TRACE_IN_ADDRESS, gate=_finding)
def persons_find(work: Work) -> Page:
    """Whoever has this phone, or these last four digits and this name."""
    form = FindForm()
    found: tuple[PersonFound, ...] | None = None
    if form.validate():
        with form.tries(work):
            found = _find(work, form)
    return page("platform/persons/list.html", form=form, found=found, status=200 if found is not None else 422)


def _find(work: Work, form: FindForm) -> tuple[PersonFound, ...]:
    typed, name = (form.phone.data or "").strip(), (form.name.data or "").strip()
    if len(typed) == 4 and name:
        return queries.find(work, last4=typed, name=name)
    try:
        phone = phones.normalise_mobile(typed, demo=services().settings.is_demo)
    except Refusal as refusal:
        raise Refusal(FindForm.HOW, field="phone") from refusal
    return queries.find(work, phone=phone)


@platform.get("/persons/<uuid:person>", may=SEE)
def persons_show(work: Work, person: UUID) -> Page:
    """One person, masked."""
    return _show(work, person, RevealForm(formdata=None))


def _show(work: Work, person: UUID, form: Form, *, phone: str = "", status: int = 200) -> Page:
    shown = queries.person(work, person)
    reveal = form if isinstance(form, RevealForm) else RevealForm(formdata=None)
    full = phones.show(phone) if phone else ""
    return page("platform/persons/show.html", person=shown, form=form, reveal=reveal, phone=full, status=status)


@platform.post(
    "/persons/<uuid:person>/reveal",
    may=Permission.PERSON_REVEAL,
    repeats="each time the number is shown is written down by itself; it is never stored as an answer",
    gate=_revealing,
)
def persons_reveal(work: Work, person: UUID) -> Page:
    """The full phone, this once, for a reason."""
    form = RevealForm()
    if form.validate():
        with form.tries(work):
            phone = oversight.reveal(work, person, reason=RevealReason(form.reason.data))
            return _show(work, person, form, phone=phone)
    return _show(work, person, form, status=422)


@platform.post("/persons/<uuid:person>/block", may=BLOCK)
def persons_block(work: Work, person: UUID) -> Answer:
    """Out everywhere at once."""
    form = Form()
    if form.validate():
        with form.tries(work):
            ended = oversight.block(work, person)
            flash = gettext("已停用，并退出了 %(count)s 台设备。", count=ended)
            return see_other("platform.persons_show", person=person, flash=flash)
    return _show(work, person, form, status=422)


@platform.post("/persons/<uuid:person>/unblock", may=BLOCK)
def persons_unblock(work: Work, person: UUID) -> Answer:
    """May sign in again."""
    form = Form()
    if form.validate():
        with form.tries(work):
            oversight.unblock(work, person)
            return see_other("platform.persons_show", person=person, flash=gettext("已恢复，可以重新登录。"))
    return _show(work, person, form, status=422)
