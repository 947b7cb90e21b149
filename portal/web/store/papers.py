"""What this store's printers printed, did not print, or may have printed; printing again is somebody's act, here."""

from __future__ import annotations

from uuid import UUID

from flask import request

from portal.domain.kitchen import actions, queries
from portal.domain.kitchen.rules.layout import rows
from portal.domain.kitchen.values import TROUBLE, JobState
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web.asking import asked_words
from portal.web.forms.base import Form
from portal.web.kitchenwords import SHOWN
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, see_other
from portal.web.periods import asked_after
from portal.web.store import store as office
from portal.web.store.frame import counter_page

SEE = Permission.KITCHEN_VIEW
AT = "store.kitchen_all"


@office.get("/papers", may=SEE)
def papers_list(work: Work, store: UUID) -> Page:
    """The latest first; what somebody has to look at on request."""
    only, q = request.args.get("show", ""), asked_words()
    states = TROUBLE if only == "trouble" else ()
    jobs, more = queries.jobs(work, store, only=states, q=q, after=asked_after())
    return counter_page(
        work,
        store,
        "store/papers/list.html",
        at=AT,
        jobs=jobs,
        further=jobs[-1].id if more else None,
        trouble=queries.trouble(work, store),
        only="trouble" if states else "",
        q=q,
        **SHOWN,
    )


@office.get("/papers/<uuid:paper_job>", may=SEE)
def papers_show(work: Work, store: UUID, paper_job: UUID) -> Page:
    """One paper as it looks, and what can be done about it."""
    return _show(work, store, paper_job, Form(formdata=None))


@office.post("/papers/<uuid:paper_job>/reprint", may=SEE)
def papers_reprint(work: Work, store: UUID, paper_job: UUID) -> Answer:
    """补打."""
    form = Form()
    with form.tries(work):
        to = _printer()
        copy = actions.reprint(work, paper_job, printer_id=to)
        return see_other("store.papers_show", paper_job=copy, flash=gettext("已送去补打，纸上会标明“补打”。"))
    return _show(work, store, paper_job, form, status=422)


@office.post("/papers/<uuid:paper_job>/again", may=SEE)
def papers_again(work: Work, store: UUID, paper_job: UUID) -> Answer:
    """It was clearly not printed: once more."""
    form = Form()
    with form.tries(work):
        actions.try_again(work, paper_job)
        return see_other("store.papers_show", paper_job=paper_job, flash=gettext("又送去打了。"))
    return _show(work, store, paper_job, form, status=422)


@office.post("/papers/<uuid:paper_job>/settle", may=SEE)
def papers_settle(work: Work, store: UUID, paper_job: UUID) -> Answer:
    """Somebody has looked."""
    form = Form()
    with form.tries(work):
        printed = request.form.get("printed") == "yes"
        actions.settle(work, paper_job, printed=printed)
        return see_other("store.papers_list", show="trouble", flash=gettext("记下了。"))
    return _show(work, store, paper_job, form, status=422)


def _printer() -> UUID | None:
    try:
        return UUID(request.form.get("printer", ""))
    except ValueError:
        return None


def _show(work: Work, store: UUID, job_id: UUID, form: Form, *, status: int = 200) -> Page:
    job = queries.job(work, job_id)
    return counter_page(
        work,
        store,
        "store/papers/show.html",
        status=status,
        at=AT,
        job=job,
        rows=rows(job.lines, job.columns),
        printers=queries.printers(work, store),
        uncertain=job.state is JobState.UNCERTAIN,
        refused=job.state is JobState.REFUSED,
        may_reprint=job.state not in (JobState.QUEUED, JobState.SENDING),
        form=form,
        **SHOWN,
    )
