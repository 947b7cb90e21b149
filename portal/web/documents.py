"""Private documents on their way out: only behind a page that has checked who asks, never to be run or kept. What the
platform's people open is written down before the first byte leaves."""

from __future__ import annotations

from uuid import UUID

from flask import Response, send_file

from portal.domain.onboarding.values import Filed
from portal.kernel.work import Work
from portal.web import trace
from portal.web.labels import DOCUMENTS
from portal.web.office import services

TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "pdf": "application/pdf"}


def hand_over(filed: Filed) -> Response:
    """The document as an attachment that a browser neither sniffs, runs, frames nor stores."""
    file = services().storage.open(filed.name)
    name = f"{DOCUMENTS[filed.kind]}.{filed.suffix}"
    response = send_file(file, TYPES[filed.suffix], as_attachment=True, download_name=name, etag=False)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def show_reviewer(work: Work, filed: Filed, document_id: UUID) -> Response:
    """The same, to somebody whose document it is not: the trace writes who opened it, or nothing is sent."""
    response = hand_over(filed)
    trace.tell(work, "document.viewed", "document", document_id, about=filed.merchant_id, kind=filed.kind.value)
    return response
