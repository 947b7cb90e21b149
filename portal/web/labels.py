"""What kinds, states, documents, fields and acts are called. Filters: kind_name, state_mark, document_name, field_name,
act_name, actor_name, unit_name. A state is a word and a tone, so that no page tells it by colour alone."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask import Flask

from portal.domain.onboarding.values import ApplicationState, ChangeState, DocumentKind
from portal.domain.reference.values import AnnouncementState, Audience, Purpose, Unit
from portal.domain.tenants.values import InvitationState, Kind, MerchantState
from portal.web.acts import ACTS
from portal.web.locale import lazy_gettext as _l

Mark = tuple[Any, str]

KINDS: dict[str, Any] = {
    Kind.SUPPLIER: _l("供应商"),
    Kind.BRAND: _l("品牌商家"),
    Kind.ALLIANCE: _l("联盟商家"),
    Kind.REGION: _l("区域运营中心"),
}
STATES: dict[type[StrEnum], dict[Any, Mark]] = {
    ApplicationState: {
        ApplicationState.DRAFT: (_l("草稿"), "draft"),
        ApplicationState.SUBMITTED: (_l("审核中"), "wait"),
        ApplicationState.MORE_INFORMATION: (_l("待补充"), "hot"),
        ApplicationState.APPROVED: (_l("已通过"), "ok"),
        ApplicationState.REFUSED: (_l("已驳回"), "stop"),
        ApplicationState.WITHDRAWN: (_l("已撤回"), "quiet"),
    },
    MerchantState: {
        MerchantState.ACTIVE: (_l("正常"), "ok"),
        MerchantState.SUSPENDED: (_l("已暂停"), "stop"),
        MerchantState.CLOSED: (_l("已关闭"), "quiet"),
    },
    ChangeState: {
        ChangeState.PENDING: (_l("审核中"), "wait"),
        ChangeState.APPROVED: (_l("已通过"), "ok"),
        ChangeState.REFUSED: (_l("已驳回"), "stop"),
        ChangeState.WITHDRAWN: (_l("已撤回"), "quiet"),
    },
    InvitationState: {
        InvitationState.PENDING: (_l("等待回复"), "wait"),
        InvitationState.ACCEPTED: (_l("已接受"), "ok"),
        InvitationState.DECLINED: (_l("已谢绝"), "stop"),
        InvitationState.REVOKED: (_l("已撤回"), "quiet"),
        InvitationState.EXPIRED: (_l("已过期"), "quiet"),
    },
    AnnouncementState: {
        AnnouncementState.DRAFT: (_l("草稿"), "draft"),
        AnnouncementState.PUBLISHED: (_l("已发布"), "ok"),
        AnnouncementState.WITHDRAWN: (_l("已撤下"), "quiet"),
    },
}
PERSON_STATES: dict[str, Mark] = {
    "active": (_l("正常"), "ok"),
    "blocked": (_l("已停用"), "stop"),
    "erased": (_l("已注销"), "quiet"),
}
DOCUMENTS: dict[str, Any] = {
    DocumentKind.LICENCE: _l("营业执照"),
    DocumentKind.SHOP_FRONT: _l("门头照片"),
    DocumentKind.PERMIT: _l("许可证（食品、卫生等）"),
    DocumentKind.BANK_PROOF: _l("开户证明"),
    DocumentKind.OTHER: _l("其他资料"),
}
FIELDS: dict[str, Any] = {
    "name": _l("商家名称"),
    "legal_name": _l("执照上的名称"),
    "licence_number": _l("统一社会信用代码"),
    "representative": _l("法定代表人"),
    "contact_name": _l("联系人"),
    "contact_phone": _l("联系电话"),
    "address": _l("经营地址"),
    "lat": _l("纬度"),
    "lng": _l("经度"),
    "category_id": _l("经营类目"),
    "region_code": _l("运营区域"),
    "bank_holder": _l("开户名"),
    "bank_name": _l("开户行"),
    "bank_last4": _l("银行账号（尾号）"),
    "bank_number": _l("银行账号"),
}
PURPOSES: dict[str, Any] = {Purpose.STORES: _l("门店类目"), Purpose.GOODS: _l("商品类目")}
AUDIENCES: dict[str, Any] = {
    Audience.EVERYONE: _l("所有人"),
    Audience.SHOP: _l("顾客"),
    Audience.OFFICES: _l("商家后台"),
}
ACTORS: dict[str, Any] = {
    "guest": _l("访客"),
    "person": _l("用户"),
    "staff": _l("员工"),
    "platform": _l("平台"),
    "job": _l("系统"),
    "command": _l("系统"),
}
UNITS: dict[str, Any] = {
    Unit.MINUTES: _l("分钟"),
    Unit.HOURS: _l("小时"),
    Unit.DAYS: _l("天"),
    Unit.PIECES: _l("份"),
    Unit.PERCENT: "%",
}


def init_app(app: Flask) -> None:
    """Give templates the filters."""
    app.jinja_env.filters.update(
        kind_name=lambda kind: str(KINDS[kind]),
        state_mark=state_mark,
        document_name=lambda kind: str(DOCUMENTS[kind]),
        field_name=field_name,
        act_name=act_name,
        actor_name=lambda kind: str(ACTORS.get(kind, kind)),
        unit_name=lambda unit: str(UNITS[unit]),
    )


def state_mark(state: StrEnum | str) -> tuple[str, str]:
    """The word and the tone of a state."""
    word, tone = STATES[type(state)][state] if isinstance(state, StrEnum) else PERSON_STATES[state]
    return str(word), tone


def field_name(field: str) -> str:
    """What a field or a document is called."""
    return str(FIELDS.get(field) or DOCUMENTS.get(field) or field)


def act_name(action: str) -> str:
    """What an audited act is called; its own name when nobody has named it yet."""
    return str(ACTS.get(action) or action)
