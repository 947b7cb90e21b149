"""客户档案: find somebody, what must be known of him, his visits, photos that only this store's people see."""

from __future__ import annotations

from uuid import UUID

from flask import Response, send_file

from portal.domain.clients import actions, queries
from portal.domain.clients.access import access_photo
from portal.domain.clients.values import VisitState
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web.asking import asked_words
from portal.web.cases import uploading, uploads
from portal.web.forms.crew import ClientForm, KeepForm, PhotosForm
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import services
from portal.web.pages import Answer, Page, see_other
from portal.web.periods import asked_after
from portal.web.store import store as office
from portal.web.store.board import board_page

SEE, EDIT = Permission.CLIENT_VIEW, Permission.CLIENT_EDIT
ONE = "/clients/<uuid:client>"
HERE = "store.clients_show"
STATES = {
    VisitState.AHEAD: (_l("未到"), "wait"),
    VisitState.ARRIVED: (_l("已到店"), "info"),
    VisitState.DONE: (_l("已完成"), "ok"),
    VisitState.MISSED: (_l("爽约"), "stop"),
    VisitState.CANCELLED: (_l("已取消"), "quiet"),
}


@office.get("/clients", may=SEE)
def clients_list(work: Work, store: UUID) -> Page:
    """Those this store has served, the latest first."""
    return _list(work, store, ClientForm(formdata=None))


def _list(work: Work, store: UUID, form: ClientForm, *, status: int = 200) -> Page:
    q = asked_words()
    lines, more = queries.clients(work, q=q, after=asked_after())
    further = lines[-1].id if more else None
    return board_page(
        work, store, "store/clients/list.html", status=status, lines=lines, further=further, q=q, form=form
    )


@office.post("/clients", may=SEE)
def clients_open(work: Work, store: UUID) -> Answer:
    """A record for a walk-in."""
    form = ClientForm()
    if form.validate():
        with form.tries(work):
            facts = {"name": form.name.data or "", "phone": form.phone.data or ""}
            client_id = actions.open_record(work, store, **facts, demo=services().settings.is_demo)
            return see_other(HERE, client=client_id, flash=gettext("已建档。把过敏和偏好写上，同事都看得到。"))
    return _list(work, store, form, status=422)


@office.get(ONE, may=SEE)
def clients_show(work: Work, store: UUID, client: UUID) -> Page:
    """A whole record."""
    return _show(work, store, client)


def _show(
    work: Work,
    store: UUID,
    client: UUID,
    form: KeepForm | None = None,
    photos: PhotosForm | None = None,
    *,
    status: int = 200,
) -> Page:
    shown = queries.client(work, client)
    known = {"allergies": shown.allergies, "preferences": shown.preferences, "note": shown.note}
    rewritten = bool(form and form.seen.errors)
    form = form or KeepForm(formdata=None, **known)
    if rewritten or not form.seen.data:  # what was written before somebody's eyes
        form.seen.data = shown.changed_at.isoformat()
    return board_page(
        work,
        store,
        "store/clients/show.html",
        status=status,
        client=shown,
        form=form,
        rewritten=known if rewritten else {},
        photos=photos or PhotosForm(formdata=None),
        states=STATES,
    )


@office.post(ONE, may=EDIT)
def clients_keep(work: Work, store: UUID, client: UUID) -> Answer:
    """What must be known."""
    form = KeepForm()
    if form.validate():
        with form.tries(work):
            actions.keep(work, client, **form.words())
            return see_other(HERE, client=client, flash=gettext("已保存，预约上会显示。"))
    return _show(work, store, client, form, status=422)


@office.post(f"{ONE}/photos", may=EDIT, gate=uploading)
def clients_photograph(work: Work, store: UUID, client: UUID) -> Answer:
    """Photos for this store's eyes."""
    form = PhotosForm()
    with form.tries(work):
        sent = uploads(form.photos)
        actions.add_photos(work, services().storage, client, store, pictures=sent, caption=form.caption.data or "")
        return see_other(HERE, client=client, flash=gettext("照片已保存，只有本店有权限的同事能看。"))
    return _show(work, store, client, photos=form, status=422)


@office.get(f"{ONE}/photos/<uuid:shot>", may=SEE)
def clients_photo(work: Work, client: UUID, shot: UUID) -> Response:
    """A photo: neither sniffed, framed nor kept."""
    name = access_photo(work, client, shot, may=SEE).stored
    response = send_file(services().storage.open(name), "image/jpeg", etag=False, conditional=False)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@office.post(f"{ONE}/photos/<uuid:shot>/remove", may=EDIT)
def clients_photo_remove(work: Work, client: UUID, shot: UUID) -> Answer:
    """Away with it."""
    actions.remove_photo(work, client, shot)
    return see_other(HERE, client=client, flash=gettext("照片已删除。"), tone="info")
