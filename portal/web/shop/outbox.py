"""The development outbox: texts a demo installation would have sent, and the demo authenticator. Never elsewhere."""

from __future__ import annotations

from portal.domain.identity.rules.factors import STEP_SECONDS
from portal.domain.messages import queries
from portal.kernel.permissions import ANYONE
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work
from portal.web.office import services
from portal.web.pages import Page, page
from portal.web.shop import shop


@shop.get("/outbox", may=ANYONE)
def outbox(work: Work) -> Page:
    """The latest texts, numbers and all. In production this page does not exist."""
    if not services().settings.is_demo:
        raise NotFound
    factor = queries.demo_factor(work.now())
    left = STEP_SECONDS - int(work.now().timestamp()) % STEP_SECONDS
    return page("messages/outbox.html", block="texts", rows=queries.outbox(work), factor=factor, left=left)
