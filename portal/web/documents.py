"""Private documents on their way out: only behind a page that has checked who asks, never to be run or kept."""

from __future__ import annotations

from flask import Response, send_file

from portal.domain.onboarding.values import Filed
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
