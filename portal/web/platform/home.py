"""The platform's first page: true counts and what waits."""

from __future__ import annotations

from portal.domain.onboarding.queries import applications
from portal.domain.reference import queries as reference
from portal.domain.reference.values import REVIEW_DAYS
from portal.domain.tenants.queries import merchants, persons
from portal.domain.tenants.values import Kind, MerchantState
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web.pages import Page, page
from portal.web.platform import platform


@platform.get("/", may=Permission.PLATFORM_VIEW)
def home(work: Work) -> Page:
    """How the street stands."""
    counts = merchants.counts(work)
    review = work.may(Permission.APPLICATION_REVIEW)
    days = reference.value_of(work, REVIEW_DAYS)
    waiting, _more = applications.queue(work) if review else ((), False)
    return page(
        "platform/home.html",
        kinds=[(kind, counts.get((kind, MerchantState.ACTIVE), 0)) for kind in Kind],
        suspended=sum(count for (_kind, state), count in counts.items() if state is MerchantState.SUSPENDED),
        people=persons.counts(work),
        review=applications.review_counts(work) if review else None,
        waiting=waiting[:5],
        late=sum(1 for line in waiting if line.submitted_at and (work.now() - line.submitted_at).days >= days),
        days=days,
        now=work.now(),
    )
