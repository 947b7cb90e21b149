"""What accounts, transfers, journals and checks of the ledger are called, and where a business row is to be seen.

Filters: account_name, transfer_name, journal_name, check_name. Features above the ledger say here what their own rows
are called and which page of the platform shows one (`shown_at`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, url_for

from portal.domain.ledger.values import AccountKind, Business, Check, JournalKind, TransferKind
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l

A, J, T = AccountKind, JournalKind, TransferKind
ACCOUNTS: dict[AccountKind, Any] = {
    A.AVAILABLE: _l("可提现"),
    A.BANK: _l("银行存款"),
    A.CLEARING: _l("渠道在途"),
    A.ESCROW: _l("订单托管"),
    A.FEES: _l("手续费"),
    A.FROZEN: _l("冻结"),
    A.PAYOUT: _l("打款在途"),
    A.PENDING: _l("待结算"),
    A.RECEIVABLE: _l("欠平台的款"),
    A.REVENUE: _l("平台毛利"),
    A.STRAY: _l("待核实款项"),
}
JOURNALS: dict[JournalKind, Any] = {
    J.ADJUSTMENT: _l("调整"),
    J.CAPTURE: _l("收款"),
    J.FEE: _l("收费"),
    J.HOLD: _l("冻结"),
    J.PAYOUT: _l("打款"),
    J.PROVIDER: _l("渠道结算"),
    J.REFUND: _l("退款"),
    J.RELEASE: _l("解冻"),
    J.SETTLEMENT: _l("结算"),
}
TRANSFERS: dict[TransferKind, Any] = {
    T.CAPTURE: _l("顾客付款"),
    T.CLEAR: _l("待结算转可提现"),
    T.COMPENSATION: _l("平台补偿"),
    T.HOLD: _l("冻结"),
    T.MARGIN: _l("平台毛利"),
    T.PAYOUT: _l("打款"),
    T.PAYOUT_PAID: _l("银行已付"),
    T.PAYOUT_RETURNED: _l("银行退回"),
    T.PROVIDER_FEE: _l("渠道手续费"),
    T.PROVIDER_SETTLED: _l("渠道到账"),
    T.RELEASE: _l("解冻"),
    T.SERVICE_FEE: _l("服务费"),
    T.SETTLE: _l("供货款入账"),
    T.SETTLE_NOW: _l("供货款到账"),
    T.SHORTFALL: _l("退款差额"),
    T.SHORTFALL_REPAID: _l("补还差额"),
    T.STRAY: _l("收到待核实款项"),
    T.STRAY_MATCHED: _l("款项核实"),
    T.SUBSIDY: _l("平台贴补"),
    T.WITHDRAWAL_FEE: _l("提现手续费"),
}
EARNED: dict[TransferKind, Any] = {
    T.SETTLE_NOW: _l("营业收入到账"),
    T.SETTLE_NOW_REVERSED: _l("营业收入退回"),
}
"""The same moves when a store earned them: no supply price there."""
CHECKS: dict[Check, Any] = {
    Check.ACCOUNTS: _l("账户的编号与内容相符"),
    Check.BALANCES: _l("余额等于流水之和，且不低于零"),
    Check.DAYS: _l("已关账的每一天与公布的指纹相符"),
    Check.ENTRIES: _l("每条流水与转账一一对应"),
    Check.HOLDS: _l("冻结、动用、解冻对得上"),
    Check.JOURNALS: _l("每张凭证借贷相等"),
    Check.REVERSALS: _l("退回不超过原来的转账"),
    Check.SNAPSHOTS: _l("日终余额等于流水之和"),
    Check.ZERO: _l("所有流水加起来等于零"),
}


@dataclass(frozen=True)
class Shown:
    """What the rows of a business type are called, and the platform's page of one, if there is one."""

    label: Any
    endpoint: str = ""
    argument: str = ""
    office: str = ""  # the page of the merchant's own office, without the office's name


BUSINESSES: dict[str, Shown] = {
    "order": Shown(_l("订单"), "platform.orders_show", "order", "orders_show"),
    "payment": Shown(_l("支付"), "platform.payments_show", "payment"),
    "refund": Shown(_l("退款")),
    "statement": Shown(_l("对账单"), "platform.statements_show", "statement", "statements_show"),
    "withdrawal": Shown(_l("提现")),
}


OF_STORES = frozenset({"bill", "booking", "pass", "tab", "table"})
"""Business rows that stores earn with (`domain/earnings`)."""


def shown_at(business: str, label: Any, endpoint: str = "", argument: str = "", office: str = "") -> None:
    """Say what rows of this type are called and which pages of the platform and of an office show one."""
    BUSINESSES[business] = Shown(label, endpoint, argument, office)


def init_app(app: Flask) -> None:
    """Give templates the filters."""
    app.jinja_env.filters.update(
        account_name=lambda kind: str(ACCOUNTS[kind]),
        transfer_name=transfer_name,
        journal_name=lambda kind: str(JOURNALS[kind]),
        check_name=lambda check: str(CHECKS[check]),
        business_name=business_name,
        business_url=business_url,
        office_url=office_url,
    )


def transfer_name(kind: TransferKind, business: Business | None = None) -> str:
    """What a move is called, of this business if it matters; an undoing is called after what it undoes."""
    if business is not None and business.type in OF_STORES and kind in EARNED:
        return str(EARNED[kind])
    if kind in TRANSFERS:
        return str(TRANSFERS[kind])
    return gettext("%(what)s（退回）", what=str(TRANSFERS[TransferKind(kind.removesuffix("_reversed"))]))


def business_name(business: Business) -> str:
    """The kind of row and the end of its id, as lists show it."""
    known = BUSINESSES.get(business.type)
    return f"{known.label if known else business.type} {str(business.id)[-6:]}"


def business_url(business: Business) -> str:
    """The platform's page of the row, empty when there is none yet."""
    known = BUSINESSES.get(business.type)
    if known is None or known.endpoint not in current_app.view_functions:
        return ""
    argument: dict[str, Any] = {known.argument: business.id}
    return url_for(known.endpoint, **argument)


def office_url(business: Business) -> str:
    """The page of the row in the office that is open, empty when there is none."""
    known = BUSINESSES.get(business.type)
    if known is None or not known.office or f"{g.office.name}.{known.office}" not in current_app.view_functions:
        return ""
    argument: dict[str, Any] = {known.argument: business.id}
    return url_for(f".{known.office}", **argument)
