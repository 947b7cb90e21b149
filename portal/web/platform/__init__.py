"""The operator's back office."""

from __future__ import annotations

from portal.domain.reports import queries as reports
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web.admission import to_platform
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem, Office


def _waiting(work: Work) -> dict[str, int]:
    """What waits, for those whose work it is."""
    found: dict[str, int] = {}
    waiting = reports.waiting(work)
    if work.may(Permission.APPLICATION_REVIEW):
        found |= {"applications": waiting.applications, "changes": waiting.changes}
    if work.may(Permission.ORDER_OVERSEE):
        found["cases"] = waiting.cases
    if work.may(Permission.STATEMENT_VIEW):
        found["statements"] = waiting.statements
    if work.may(Permission.PAYOUT_VIEW):
        found |= {"payouts": waiting.payouts, "terms": waiting.terms, "payments": waiting.payments}
    if work.may(Permission.PRICE_VIEW):
        found |= {"goods": waiting.goods, "prices": waiting.prices}
    return found


platform = Office(
    "platform",
    __name__,
    url_prefix="/platform",
    admit=to_platform,
    layout="layouts/office.html",
    label=_l("平台"),
    badges=_waiting,
)

_REVIEW, _STREET, _KEPT, _HOUSE = _l("审核"), _l("商家和用户"), _l("内容和规则"), _l("平台")
_R = Permission.APPLICATION_REVIEW
_GOODS = _l("商品")
_MONEY = _l("资金")
platform.nav.extend(
    (
        NavItem(_l("概况"), "platform.home", Permission.PLATFORM_VIEW),
        NavItem(_l("入驻申请"), "platform.applications_list", _R, group=_REVIEW, badge="applications"),
        NavItem(_l("资料变更"), "platform.changes_list", _R, group=_REVIEW, badge="changes"),
        NavItem(_l("商品审核"), "platform.goods_list", Permission.PRODUCT_REVIEW, group=_REVIEW, badge="goods"),
        NavItem(_l("调价审批"), "platform.price_changes_list", Permission.PRICE_VIEW, group=_REVIEW, badge="prices"),
        NavItem(_l("推荐人异议"), "platform.referrals_list", Permission.REFERRAL_JUDGE, group=_REVIEW),
        NavItem(_l("价格表"), "platform.prices_list", Permission.PRICE_VIEW, group=_GOODS),
        NavItem(_l("品牌"), "platform.brands_list", Permission.CATEGORY_EDIT, group=_GOODS),
        NavItem(_l("商家"), "platform.merchants_list", Permission.MERCHANT_VIEW, group=_STREET),
        NavItem(_l("用户"), "platform.persons_list", Permission.PERSON_VIEW, group=_STREET),
        NavItem(_l("售后"), "platform.cases_list", Permission.ORDER_OVERSEE, group=_STREET, badge="cases"),
        NavItem(_l("支付"), "platform.payments_list", Permission.PAYMENT_VIEW, group=_MONEY, badge="payments"),
        NavItem(_l("对账单"), "platform.statements_list", Permission.STATEMENT_VIEW, group=_MONEY, badge="statements"),
        NavItem(_l("毛利"), "platform.margins_show", Permission.LEDGER_VIEW, group=_MONEY),
        NavItem(_l("提现打款"), "platform.payouts_list", Permission.PAYOUT_VIEW, group=_MONEY, badge="payouts"),
        NavItem(_l("资金参数"), "platform.terms_list", Permission.MONEY_EDIT, group=_MONEY, badge="terms"),
        NavItem(_l("账本"), "platform.ledger_show", Permission.LEDGER_VIEW, group=_MONEY),
        NavItem(_l("类目"), "platform.categories_list", Permission.CATEGORY_EDIT, group=_KEPT),
        NavItem(_l("公告"), "platform.announcements_list", Permission.ANNOUNCEMENT_EDIT, group=_KEPT),
        NavItem(_l("参数"), "platform.parameters_list", Permission.PARAMETER_EDIT, group=_KEPT),
        NavItem(_l("平台人员"), "platform.operators_list", Permission.OPERATOR_EDIT, group=_HOUSE),
        NavItem(_l("操作日志"), "platform.trail_list", Permission.AUDIT_VIEW, group=_HOUSE),
    )
)
