"""Private documents on their way out: only behind a page that has checked who asks, never to be run or kept."""

from __future__ import annotations

from flask import Response
from flask_babel import gettext

from portal.domain.onboarding.values import Filed
from portal.web.labels import DOCUMENTS
from portal.web.office import services

TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "pdf": "application/pdf"}


def hand_over(filed: Filed) -> Response:
    """The document as an attachment that a browser neither sniffs, runs, frames nor stores."""
    with services().storage.open(filed.name) as file:
        response = Response(file.read(), content_type=TYPES[filed.suffix])
    name = f"{gettext('资料')}-{DOCUMENTS[filed.kind]}.{filed.suffix}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response
