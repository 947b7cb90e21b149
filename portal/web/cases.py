"""What the pages of cases share: words and marks, uploads on their way in, pictures on their way out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, BinaryIO, cast
from uuid import UUID

from flask import Flask, Response, request, send_file, url_for

from portal.domain.aftersales import queries
from portal.domain.aftersales.actions import Wish
from portal.domain.aftersales.queries import Asked, Tab
from portal.domain.aftersales.values import (
    KIND_NAMES,
    MOST_PICTURES,
    REASON_NAMES,
    STATE_NAMES,
    STEP_NAMES,
    CaseKind,
    CaseShown,
    CaseState,
    Reason,
    Side,
)
from portal.kernel.limits import Limit
from portal.kernel.permissions import Permission
from portal.kernel.pictures import read_upload
from portal.kernel.refusals import Refusal
from portal.kernel.typed import half_width
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web import sessions, trace
from portal.web.asking import asked_one, asked_words
from portal.web.forms.cases import GrantForm
from portal.web.locale import lazy_gettext as _l
from portal.web.locale import said
from portal.web.office import Checks, services
from portal.web.periods import asked_after

S = CaseState
TONES: dict[CaseState, str] = {
    S.ASKED: "wait",
    S.OFFERED: "hot",
    S.REFUSED: "stop",
    S.DISPUTED: "hot",
    S.RETURNING: "wait",
    S.SENT: "info",
    S.REFUNDING: "info",
    S.REFUNDED: "ok",
    S.WITHDRAWN: "quiet",
    S.CLOSED: "quiet",
}
SIDES: dict[Side, Any] = {
    Side.BUYER: _l("买家"),
    Side.MERCHANT: _l("商家"),
    Side.PLATFORM: _l("平台"),
    Side.SYSTEM: _l("系统"),
}
TABS: dict[Tab, Any] = {
    Tab.MERCHANT: _l("待商家处理"),
    Tab.BUYER: _l("等买家"),
    Tab.PLATFORM: _l("平台介入"),
    Tab.MONEY: _l("退款中"),
    Tab.DONE: _l("已结束"),
}
EVERY = _l("全部")
CARRIERS = ("顺丰速运", "中通快递", "圆通速递", "申通快递", "韵达快递", "京东物流", "邮政快递", "极兔速递")
UPLOADS = Limit("case.upload", 60, 3600)


def init_app(app: Flask) -> None:
    """Give templates the filters."""
    app.jinja_env.filters.update(
        case_kind=lambda kind: said(KIND_NAMES[kind]),
        case_mark=lambda state: (said(STATE_NAMES[state]), TONES[state]),
        case_reason=lambda reason: said(REASON_NAMES[reason]),
        case_step=lambda step: said(STEP_NAMES[step]),
        case_side=lambda side: str(SIDES[side]),
        case_option=lambda kind: (kind.value, said(KIND_NAMES[kind])),
    )


def uploading(_args: dict[str, object]) -> Checks:
    """Who sends pictures sends so many in an hour."""
    claim = sessions.claim()
    return [(UPLOADS, str(claim.person_id) if claim else "")]


def uploads(field: Any) -> list[bytes]:
    """The pictures that were sent. Refuses too many before reading one."""
    files = [file for file in field.data or () if file and getattr(file, "filename", "")]
    if len(files) > MOST_PICTURES:
        raise Refusal(say("最多 %(most)s 张图片。", most=MOST_PICTURES), field="pictures")
    return [read_upload(cast(BinaryIO, file.stream), field="pictures") for file in files]


def evidence(work: Work, case_id: UUID, picture_id: UUID, *, may: Permission) -> Response:
    """A picture of a case, to one of its parties; it is neither sniffed, framed nor kept."""
    name, merchant_id = queries.stored_picture(work, case_id, picture_id, may=may)
    response = send_file(services().storage.open(name), "image/jpeg", etag=False, conditional=False)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    if may is Permission.ORDER_OVERSEE:
        trace.tell(work, "case.picture_viewed", "case", case_id, about=merchant_id, kind=str(picture_id))
    return response


def typed_pieces(source: Mapping[str, Any], prefix: str, *, zeros: bool = False) -> dict[UUID, int]:
    """Pieces by line from fields `<prefix>-<line>`. Refuses what is no number; nothing typed is nothing asked."""
    found: dict[UUID, int] = {}
    for name in source:
        mark, _, line = name.partition("-")
        text = half_width(str(source[name])).strip()
        if mark != prefix or not text:
            continue
        if not text.isascii() or not text.isdigit() or len(text) > 4:
            raise Refusal(say("件数请填整数。"), field="lines")
        if int(text) or zeros:
            found[_line(line)] = int(text)
    return found


def _line(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refusal(say("所选商品不在这张订单里，请重新选择。"), field="lines") from None


def wish_of(form: GrantForm) -> Wish:
    """What somebody gives of his own accord. Refuses no amount."""
    wanted = typed_pieces(request.form, "n")
    if form.kind.data == CaseKind.UNSHIPPED:
        return Wish(CaseKind.UNSHIPPED, Reason.NO_STOCK, wanted)
    if form.amount.data is None:
        raise Refusal(say("请填写金额。"), field="amount")
    return Wish(CaseKind.MONEY, Reason.GOODWILL, wanted, form.amount.data)


Lister = Callable[[Work, Asked], tuple[tuple[CaseShown, ...], bool]]


def listing(work: Work, find: Lister, endpoint: str, first: Tab, *, may: Permission) -> dict[str, Any]:
    """What a list of cases shows: by tab (`first` when nothing is asked), kind and words; kept in the address."""
    tab = None if request.args.get("tab") == "all" else asked_one(Tab, "tab") or first
    kind, words = asked_one(CaseKind, "kind"), asked_words()
    found, more = find(work, Asked(tab, kind, words, asked_after()))

    def url(one: Tab | None, after: UUID | None = None) -> str:
        kept: dict[str, Any] = {"kind": kind.value if kind else None, "q": words or None}
        return url_for(endpoint, tab=one.value if one else "all", after=after, **kept)

    counts = queries.counts(work, may=may)
    tabs = [(str(name), url(one), counts.get(one, 0), tab is one) for one, name in TABS.items()]
    return {
        "cases": found,
        "tabs": [*tabs, (str(EVERY), url(None), 0, tab is None)],
        "tab": tab,
        "kind": kind,
        "kinds": tuple(CaseKind),
        "q": words,
        "further": url(tab, found[-1].id) if more else None,
        "now": work.now(),
    }
