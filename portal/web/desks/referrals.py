"""A store's own code for bringing people: made once, printed for the counter, and whom it brought."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for

from portal.domain.identity import queries as identity
from portal.domain.identity.actions import referrals
from portal.domain.stores import queries as stores
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web.drawings import qr
from portal.web.forms.base import Form
from portal.web.office import Office, services
from portal.web.pages import Answer, Page, page, see_other

MOST = 50


def add(office: Office) -> None:
    """Register the pages."""
    office.get("/stores/<uuid:store>/referral", may=Permission.STORE_VIEW)(stores_referral)
    office.post("/stores/<uuid:store>/referral", may=Permission.STORE_EDIT)(stores_referral_make)


def stores_referral(work: Work, store: UUID) -> Page:
    """The code to print, and whom it brought."""
    return _shown(work, store, Form(formdata=None))


def stores_referral_make(work: Work, store: UUID) -> Answer:
    """Make the code; a second time it stays the same."""
    form = Form()
    if form.validate():
        with form.tries(work):
            name = stores.store(work, store).facts.name
            referrals.make_store_link(work, store_id=store, shown_name=name)
            return see_other(".stores_referral", store=store)
    return _shown(work, store, form, status=422)


def _shown(work: Work, store_id: UUID, form: Form, *, status: int = 200) -> Page:
    shown, token = stores.store(work, store_id), identity.store_link(work, store_id)
    number, brought = identity.brought(work, store_id, most=MOST)
    root = services().settings.public_url or request.host_url.rstrip("/")
    url = root + url_for("shop.invited", token=token) if token else ""
    return page(
        "desks/stores/referral.html",
        status=status,
        form=form,
        shown=shown,
        url=url,
        qr=qr(url) if url else None,
        number=number,
        brought=brought,
    )
