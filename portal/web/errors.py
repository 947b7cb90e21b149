"""Refusals and accidents as pages: a clear sentence, an error id, what to do next, and nothing typed is lost."""

from __future__ import annotations

import logging
from urllib.parse import urlencode

from flask import Flask, Response, g, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError, generate_csrf
from werkzeug.exceptions import HTTPException

from portal.kernel.refusals import Refusal, TooMany
from portal.kernel.words import Text, say
from portal.web.admission import SecondFactorNeeded, SignInNeeded
from portal.web.htmx import htmx
from portal.web.locale import said

log = logging.getLogger("portal.web")
PAGES = (400, 401, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503)
NEVER_SHOWN = frozenset({"bank_number", "code", "csrf_token", "current_password", "factor", "new_password", "password"})
SENTENCES = {
    400: say("这个请求不完整或已经损坏，请返回上一页重试。"),
    404: say("没有找到这个页面，或者它不属于您。"),
    405: say("这个地址不能这样打开，请从页面上的按钮进入。"),
    413: say("文件或内容太大了，请缩小后再上传。"),
    500: say("我们这边出了问题，已经记录下来。请稍后再试。"),
}


def init_app(app: Flask) -> None:
    """Register all handlers."""
    app.register_error_handler(Refusal, _refusal)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _accident)


def error_page(status: int, sentence: Text, *, again: bool = False) -> Response:
    """The page of one error; `again` offers to send the same form once more."""
    template = f"errors/{status}.html" if status in PAGES else "errors/400.html"
    fields = _typed() if again else []
    error_id = g.get("request_id", "")
    try:
        text = render_template(
            template, status=status, sentence=sentence, error_id=error_id, again=fields, action=request.path
        )
    except Exception:  # whatever broke the page may break the page that says so
        log.exception("error %s: the page of status %s cannot be shown", error_id, status)
        return Response(f"{said(sentence)} ({error_id})", 500, mimetype="text/plain")
    return make_response(text, status)


def _typed() -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.form.items(multi=True) if name not in NEVER_SHOWN]


def _refusal(refusal: Refusal) -> Response:
    if isinstance(refusal, SignInNeeded | SecondFactorNeeded):
        return _to_sign_in(refusal)
    again = request.method == "POST" and refusal.status in (409, 422, 429, 503)
    response = error_page(refusal.status, refusal.sentence, again=again)
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def _to_sign_in(refusal: Refusal) -> Response:
    endpoint = "signin.second_factor" if isinstance(refusal, SecondFactorNeeded) else "signin.start"
    back = request.full_path.rstrip("?") if request.method == "GET" else ""
    target = url_for(endpoint) + (f"?{urlencode({'next': back})}" if back else "")
    if htmx.wants_block:
        return Response(status=200, headers={"HX-Redirect": target})
    response: Response = make_response(redirect(target, code=303))
    return response


def _csrf(_error: CSRFError) -> Response:
    """An expired page may be sent again by a click, when it came from ourselves; a foreign one may not."""
    ours = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin" and _same_origin()
    generate_csrf()
    if ours and request.form:
        return error_page(403, say("页面放得太久，安全码已经过期。您填的内容还在，点一下就能重新提交。"), again=True)
    return error_page(403, say("这个请求不是从本站的页面发出的，已被拦下。请打开页面后重试。"))


def _same_origin() -> bool:
    origin = request.headers.get("Origin") or request.headers.get("Referer")
    return origin is None or f"{origin}/".startswith(request.host_url)


def _http(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    if status < 400:
        return error
    return error_page(status, SENTENCES.get(status, SENTENCES[400]))


def _accident(error: Exception) -> Response:
    log.error("error %s at %s %s", g.get("request_id"), request.method, request.path, exc_info=error)
    return error_page(500, SENTENCES[500])
