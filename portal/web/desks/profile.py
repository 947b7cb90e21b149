"""A merchant's legal and bank data: what is in force, what is under review, how to ask for a change."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import BinaryIO, cast
from uuid import UUID

from flask import Response

from portal.domain.onboarding.actions import profiles as acts
from portal.domain.onboarding.queries import profiles as queries
from portal.domain.onboarding.values import DocumentKind, Profile
from portal.domain.reference import queries as reference
from portal.domain.regions import queries as regions
from portal.kernel.permissions import Permission
from portal.kernel.pictures import read_upload
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work
from portal.web import documents, locale
from portal.web.forms.base import Form
from portal.web.forms.tenants import ChangeForm, ContactForm
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem, Office, services
from portal.web.pages import Answer, Page, page, see_other

SEE, EDIT = Permission.LEGAL_VIEW, Permission.LEGAL_EDIT


def add(office: Office) -> None:
    """Register the pages."""
    office.nav.append(NavItem(_l("商家资料"), f"{office.name}.profile_show", SEE, group=_l("设置")))
    office.get("/profile", may=SEE)(profile_show)
    office.get("/profile/papers/<uuid:paper>", may=SEE)(profile_paper)
    office.post("/profile/contact", may=EDIT)(profile_contact)
    office.get("/profile/edit", may=EDIT)(profile_edit)
    office.post("/profile/edit", may=EDIT)(profile_propose)
    office.post("/profile/changes/<uuid:change>/withdraw", may=EDIT)(profile_withdraw)


def profile_show(work: Work) -> Page:
    """What is in force, and the change under review beside it."""
    return _show(work, _contact_form(work))


def profile_paper(work: Work, paper: UUID) -> Response:
    """A document of the merchant."""
    return documents.hand_over(queries.filed_paper(work, paper))


def profile_contact(work: Work) -> Answer:
    """Whom the platform calls, from now on."""
    form = ContactForm()
    if form.validate():
        with form.tries(work):
            acts.set_contact(work, **form.facts(), demo=services().settings.is_demo)
            return see_other(".profile_show", flash=gettext("联系人已更新。"))
    return _show(work, form, status=422)


def profile_edit(work: Work) -> Page:
    """Ask for other vital data."""
    found = _in_force(work)
    form = ChangeForm(formdata=None, data=asdict(found.particulars))
    return page("desks/profile/edit.html", form=form, profile=found)


def profile_propose(work: Work) -> Answer:
    """Send the change to review."""
    form, found = ChangeForm(), _in_force(work)
    if form.validate():
        with form.tries(work):
            _propose(work, form)
            return see_other(".profile_show", flash=gettext("变更已提交审核，通过前旧资料继续有效。"))
    return page("desks/profile/edit.html", form=form, profile=found, status=422)


def profile_withdraw(work: Work, change: UUID) -> Answer:
    """Take the proposal back."""
    form = Form()
    if form.validate():
        with form.tries(work):
            acts.withdraw(work, change)
            return see_other(".profile_show", flash=gettext("变更已撤回。"), tone="info")
    return _show(work, _contact_form(work), problem=form, status=422)


def _propose(work: Work, form: ChangeForm) -> None:
    upload = form.file.data
    paper = None
    if upload and upload.filename:
        paper = (DocumentKind.LICENCE, read_upload(cast(BinaryIO, upload.stream), field="file"))
    acts.propose(
        work,
        services().storage,
        wanted=form.particulars(),
        bank_number=form.bank_number.data or "",
        note=form.note.data or "",
        paper=paper,
        demo=services().settings.is_demo,
    )


def _in_force(work: Work) -> Profile:
    found = queries.profile(work, work.merchant_id)
    if found is None:
        raise NotFound
    return found


def _contact_form(work: Work) -> ContactForm:
    found = queries.profile(work, work.merchant_id)
    return ContactForm(formdata=None, data=asdict(found.particulars) if found else {})


def _show(work: Work, contact: ContactForm, *, problem: Form | None = None, status: int = 200) -> Page:
    found = queries.profile(work, work.merchant_id)
    last = queries.last_change(work, work.merchant_id)
    return page(
        "desks/profile/show.html",
        profile=found,
        facts=_words(work, found) if found else {},
        pending=queries.pending_change(work, work.merchant_id),
        last=replace(last, papers=()) if last else None,
        contact=contact,
        problem=problem or Form(),
        status=status,
    )


def _words(work: Work, found: Profile) -> dict[str, str]:
    plain = {name: str(value or "") for name, value in asdict(found.particulars).items()}
    nodes = {node.id: node.called(locale.current()) for node in reference.categories(work, hidden=True)}
    category, code = found.particulars.category_id, found.particulars.region_code
    plain["category_id"] = nodes.get(category, "") if category else ""
    path = regions.paths(work, {code} if code else set()).get(code, ())
    return plain | {"region_code": " ".join(step.name for step in path)}
