"""The terms and the privacy notice, in the version that is agreed to."""

from __future__ import annotations

from portal.domain.identity.values import TEXTS_VERSION
from portal.kernel.permissions import ANYONE
from portal.kernel.work import Work
from portal.web.pages import Page, page
from portal.web.signin import signin


@signin.get("/terms", may=ANYONE)
def terms(_work: Work) -> Page:
    """What is agreed between the reader and the operator."""
    return page("signin/terms.html", version=TEXTS_VERSION)


@signin.get("/privacy", may=ANYONE)
def privacy(_work: Work) -> Page:
    """Which data are kept, why, how long, and how to take them back."""
    return page("signin/privacy.html", version=TEXTS_VERSION)
