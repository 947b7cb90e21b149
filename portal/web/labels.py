"""What kinds, states, documents, fields and acts are called. Filters: kind_name, state_mark, document_name, field_name,
act_name, actor_name, unit_name. A state is a word and a tone, so that no page tells it by colour alone."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask import Flask

from portal.domain.onboarding.values import ApplicationState, ChangeState, DocumentKind
from portal.domain.payments.values import AttemptState, CallbackState, IntentState, RefundReason, RefundState, Why
from portal.domain.reference.values import AnnouncementState, Audience, Purpose, Unit
from portal.domain.sandbox.values import How, ReturnPlan, ReturnWord, TradePlan, TradeWord
from portal.domain.settlement.values import StatementState
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
    IntentState: {
        IntentState.OPEN: (_l("待付款"), "wait"),
        IntentState.PAID: (_l("已付款"), "ok"),
        IntentState.CANCELLED: (_l("已取消"), "quiet"),
        IntentState.EXPIRED: (_l("已超时"), "quiet"),
    },
    AttemptState: {
        AttemptState.NEW: (_l("正在连接"), "info"),
        AttemptState.WAITING: (_l("等待付款"), "wait"),
        AttemptState.UNKNOWN: (_l("结果未知，正在查询"), "hot"),
        AttemptState.FAILED: (_l("付款失败"), "stop"),
        AttemptState.CLOSED: (_l("已关闭"), "quiet"),
        AttemptState.PAID: (_l("已付款"), "ok"),
    },
    RefundState: {
        RefundState.QUEUED: (_l("退款排队中"), "info"),
        RefundState.PENDING: (_l("退款处理中"), "wait"),
        RefundState.FAILED: (_l("退款失败"), "stop"),
        RefundState.DONE: (_l("已退款"), "ok"),
    },
    StatementState: {
        StatementState.ISSUED: (_l("待核对"), "wait"),
        StatementState.CONFIRMED: (_l("已确认"), "ok"),
        StatementState.DISPUTED: (_l("有异议"), "stop"),
        StatementState.ANSWERED: (_l("已答复"), "info"),
    },
    CallbackState: {
        CallbackState.STORED: (_l("已收到"), "info"),
        CallbackState.APPLIED: (_l("已处理"), "ok"),
        CallbackState.WAITING: (_l("等待对应订单"), "wait"),
        CallbackState.QUARANTINED: (_l("已隔离"), "stop"),
    },
    TradeWord: {
        TradeWord.WAITING: (_l("等待付款"), "wait"),
        TradeWord.PAID: (_l("已付款"), "ok"),
        TradeWord.FAILED: (_l("付款失败"), "stop"),
        TradeWord.CLOSED: (_l("已关闭"), "quiet"),
    },
    ReturnWord: {
        ReturnWord.PENDING: (_l("退款处理中"), "wait"),
        ReturnWord.DONE: (_l("已退款"), "ok"),
        ReturnWord.FAILED: (_l("退款失败"), "stop"),
    },
    AnnouncementState: {
        AnnouncementState.DRAFT: (_l("草稿"), "draft"),
        AnnouncementState.PUBLISHED: (_l("已发布"), "ok"),
        AnnouncementState.WITHDRAWN: (_l("已撤下"), "quiet"),
    },
}
WHYS: dict[str, Any] = {
    Why.SIGNATURE: _l("签名不对"),
    Why.STALE: _l("时间太旧"),
    Why.GARBLED: _l("内容读不懂"),
    Why.MERCHANT: _l("商户号不符"),
    Why.AMOUNT: _l("金额不符"),
    Why.CURRENCY: _l("币种不符"),
    Why.UNKNOWN: _l("没有对应的付款"),
}
REFUND_REASONS: dict[str, Any] = {
    RefundReason.ASKED: _l("售后退款"),
    RefundReason.SECOND: _l("重复付款，自动退回"),
    RefundReason.LATE: _l("取消或超时后到账，自动退回"),
}
PROVIDERS: dict[str, Any] = {"sandbox": _l("沙箱支付（演示）")}
TRADE_PLANS: dict[str, Any] = {
    TradePlan.PAID: _l("正常付款"),
    TradePlan.PENDING: _l("一直处理中"),
    TradePlan.FAILED: _l("银行拒付"),
    TradePlan.LATE: _l("通知迟到十分钟"),
    TradePlan.DUPLICATE: _l("同一通知发三次"),
    TradePlan.OUT_OF_ORDER: _l("通知乱序"),
    TradePlan.WRONG_AMOUNT: _l("通知金额多一分"),
    TradePlan.WRONG_SIGNATURE: _l("通知签名错误"),
    TradePlan.SILENT: _l("没有通知，只能查询"),
}
RETURN_PLANS: dict[str, Any] = {
    ReturnPlan.DONE: _l("马上退款"),
    ReturnPlan.PENDING: _l("退款处理中"),
    ReturnPlan.FAILED: _l("退款失败"),
}
HOWS: dict[str, Any] = {
    How.TRUE: _l("真实通知"),
    How.WRONG_AMOUNT: _l("金额多一分"),
    How.WRONG_KEY: _l("用错密钥签名"),
    How.STALE: _l("一小时前签的"),
    How.WAITING: _l("旧的“等待付款”"),
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
    Unit.BASIS_POINTS: _l("‱"),
    Unit.FEN: _l("元"),
    Unit.TIMES: _l("次"),
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
        why_name=lambda why: str(WHYS[why]),
        refund_reason=lambda reason: str(REFUND_REASONS[reason]),
        provider_name=lambda name: str(PROVIDERS.get(name, name)),
        trade_plan=lambda plan: str(TRADE_PLANS[plan]),
        return_plan=lambda plan: str(RETURN_PLANS[plan]),
        how_name=lambda how: str(HOWS[how]),
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
