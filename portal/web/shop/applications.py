"""Becoming a merchant: choose a kind, fill in, add documents, submit, and see where it stands."""

from __future__ import annotations

from dataclasses import asdict
from typing import BinaryIO, cast
from uuid import UUID

from flask import Response, request
from wtforms import SelectChoice

from portal.domain.onboarding.actions import applications
from portal.domain.onboarding.queries import applications as queries
from portal.domain.onboarding.values import REQUIRED_DOCUMENTS, Application, DocumentKind
from portal.domain.reference import queries as reference
from portal.domain.reference.values import REVIEW_DAYS, Purpose
from portal.domain.regions import queries as regions
from portal.domain.tenants.values import Kind
from portal.kernel.limits import Limit
from portal.kernel.permissions import Permission
from portal.kernel.pictures import read_upload
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work
from portal.web import documents, locale, sessions
from portal.web.divisions import region_choices
from portal.web.forms.base import Form
from portal.web.forms.tenants import ApplicationForm, DocumentForm, category_choices, uuid_or_none
from portal.web.locale import gettext
from portal.web.office import Checks, services
from portal.web.pages import Answer, Page, page, see_other
from portal.web.shop import shop

APPLY = Permission.APPLICATION_APPLY
UPLOADS = Limit("application.upload", 60, 3600)


@shop.get("/apply", may=APPLY)
def applications_list(work: Work) -> Page:
    """The four kinds explained, and my applications."""
    return page("shop/applications/list.html", mine=queries.mine(work), kinds=tuple(Kind), form=Form())


@shop.post("/apply", may=APPLY)
def applications_create(work: Work) -> Answer:
    """Begin a draft of the chosen kind, or one like an earlier application."""
    form, chosen = Form(), request.form.get("kind", "")
    if form.validate():
        with form.tries(work):
            if chosen not in tuple(Kind):
                raise NotFound
            made = applications.start(work, Kind(chosen), like=uuid_or_none(request.form.get("like")))
            return see_other("shop.applications_edit", application=made)
    mine = queries.mine(work)
    return page("shop/applications/list.html", mine=mine, kinds=tuple(Kind), form=form, status=422)


@shop.get("/apply/<uuid:application>", may=APPLY)
def applications_show(work: Work, application: UUID) -> Page:
    """Where it stands; while it is mine, what is missing and the way to submit."""
    return _overview(work, queries.application(work, application), Form())


def _overview(work: Work, shown: Application, form: Form, status: int = 200) -> Page:
    missing = queries.missing(work, shown, demo=_demo()) if shown.editable else ()
    return page(
        "shop/applications/show.html",
        application=shown,
        missing=missing,
        facts=_facts(work, shown),
        review_days=reference.value_of(work, REVIEW_DAYS),
        form=form,
        status=status,
    )


def _facts(work: Work, shown: Application) -> dict[str, str]:
    """The particulars in words, by field."""
    plain = {name: str(value or "") for name, value in asdict(shown.particulars).items()}
    category = shown.particulars.category_id
    named = {node.id: node.called(locale.current()) for node in reference.categories(work, hidden=True)}
    plain["category_id"] = named.get(category, "") if category else ""
    path = regions.paths(work, {shown.particulars.region_code}).get(shown.particulars.region_code, ())
    return plain | {"region_code": " ".join(step.name for step in path)}


@shop.get("/apply/<uuid:application>/edit", may=APPLY)
def applications_edit(work: Work, application: UUID) -> Answer:
    """The form, as it was left; once it was submitted, where it stands."""
    shown = queries.application(work, application)
    if not shown.editable:
        return see_other("shop.applications_show", application=application)
    values = asdict(shown.particulars)
    form = ApplicationForm(data={**values, "category_id": str(values["category_id"] or "")})
    return _form(work, shown, form)


@shop.post("/apply/<uuid:application>/edit", may=APPLY)
def applications_save(work: Work, application: UUID) -> Answer:
    """Keep what was typed, finished or not, and go where the button says."""
    shown = queries.application(work, application)
    form = ApplicationForm()
    _offer(work, shown, form)
    if form.validate():
        with form.tries(work):
            facts = form.facts_of(shown.kind)
            if facts.region_code:
                regions.check(work, facts.region_code, field="region_code")
            applications.save(work, application, facts, bank_number=form.bank_number.data or "")
            onward = "documents" if request.form.get("act") == "onward" else "edit"
            return see_other(f"shop.applications_{onward}", application=application, flash=gettext("草稿已保存。"))
    return _form(work, shown, form, status=422)


def _form(work: Work, shown: Application, form: ApplicationForm, status: int = 200) -> Page:
    _offer(work, shown, form)
    missing = {problem.field: problem.sentence for problem in queries.missing(work, shown, demo=_demo())}
    house = services().settings
    return page(
        "shop/applications/edit.html",
        application=shown,
        form=form,
        missing=missing,
        tiles=house.tile_url or "",
        credit=house.tile_attribution,
        status=status,
    )


def _offer(work: Work, shown: Application, form: ApplicationForm) -> None:
    purpose = Purpose.GOODS if shown.kind is Kind.SUPPLIER else Purpose.STORES
    nodes = reference.categories(work, purpose)
    form.category_id.choices = [SelectChoice("", gettext("请选择")), *category_choices(nodes, locale.current())]
    code = form.region_code.data or shown.particulars.region_code
    form.region_code.choices = region_choices(work, code) if shown.kind is Kind.REGION else []


@shop.get("/apply/<uuid:application>/documents", may=APPLY)
def applications_documents(work: Work, application: UUID) -> Answer:
    """The documents so far, and one more."""
    shown = queries.application(work, application)
    if not shown.editable:
        return see_other("shop.applications_show", application=application)
    return _papers(shown, DocumentForm(kind=_next_kind(shown)))


def _next_kind(shown: Application) -> str:
    there = {document.kind for document in shown.documents}
    missing = [kind for kind in DocumentKind if kind in REQUIRED_DOCUMENTS[shown.kind] - there]
    return (missing or [DocumentKind.PERMIT])[0].value


def _papers(shown: Application, form: DocumentForm, status: int = 200) -> Page:
    missing = REQUIRED_DOCUMENTS[shown.kind] - {document.kind for document in shown.documents}
    return page("shop/applications/documents.html", application=shown, form=form, missing=missing, status=status)


def _uploading(_args: dict[str, object]) -> Checks:
    claim = sessions.claim()
    return [(UPLOADS, str(claim.person_id) if claim else "")]


@shop.post("/apply/<uuid:application>/documents", may=APPLY, gate=_uploading)
def applications_attach(work: Work, application: UUID) -> Answer:
    """Keep one more document."""
    form = DocumentForm()
    if form.validate():
        with form.tries(work):
            content = read_upload(cast(BinaryIO, form.file.data.stream), field="file")
            kind = DocumentKind(form.kind.data)
            applications.attach(work, services().storage, application, kind=kind, content=content)
            return see_other("shop.applications_documents", application=application, flash=gettext("资料已上传。"))
    return _papers(queries.application(work, application), form, status=422)


@shop.post("/apply/<uuid:application>/documents/<uuid:document>/remove", may=APPLY)
def applications_detach(work: Work, application: UUID, document: UUID) -> Answer:
    """Leave a document out."""
    applications.detach(work, application, document)
    return see_other("shop.applications_documents", application=application, flash=gettext("资料已删除。"))


@shop.get("/apply/<uuid:application>/documents/<uuid:document>", may=APPLY)
def applications_document(work: Work, application: UUID, document: UUID) -> Response:
    """The document itself, to its owner."""
    return documents.hand_over(queries.filed(work, application, document))


@shop.post("/apply/<uuid:application>/submit", may=APPLY)
def applications_submit(work: Work, application: UUID) -> Answer:
    """Hand it to the platform."""
    form = Form()
    if form.validate():
        with form.tries(work):
            applications.submit(work, application, demo=_demo())
            flash = gettext("申请已提交，我们会尽快审核。")
            return see_other("shop.applications_show", application=application, flash=flash)
    return _overview(work, queries.application(work, application), form, status=422)


@shop.post("/apply/<uuid:application>/withdraw", may=APPLY)
def applications_withdraw(work: Work, application: UUID) -> Answer:
    """Take it back for good."""
    form = Form()
    if form.validate():
        with form.tries(work):
            applications.withdraw(work, application)
            return see_other("shop.applications_list", flash=gettext("申请已撤回。"), tone="info")
    return _overview(work, queries.application(work, application), form, status=422)


def _demo() -> bool:
    return services().settings.is_demo
