"""Numbers the operator may set: what they are, their limits, and what pages show of their values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from portal.kernel.words import Text, say


class Unit(StrEnum):
    """What a parameter counts."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    PIECES = "pieces"
    PERCENT = "percent"
    BASIS_POINTS = "basis_points"
    FEN = "fen"  # typed and shown in yuan
    TIMES = "times"


@dataclass(frozen=True)
class Parameter:
    """One number the operator may set, within limits; `default` holds until a value is in force.

    Of `money` two persons decide: one proposes, another confirms.
    """

    name: str
    label: Text
    why: Text
    unit: Unit
    default: int
    low: int
    high: int
    money: bool = False


UNDO_MINUTES = Parameter(
    "undo_minutes",
    say("核销后可撤销的时间"),
    say("店员核销后，在这段时间内可以写明原因撤销；门店可以自己缩短。"),
    Unit.MINUTES,
    60,
    0,
    1440,
)
CODE_MINUTES = Parameter(
    "code_minutes",
    say("短信验证码的有效时间"),
    say("过了这段时间，验证码作废，需要重新获取。"),
    Unit.MINUTES,
    10,
    1,
    30,
)
INVITATION_DAYS = Parameter(
    "invitation_days",
    say("员工邀请的有效天数"),
    say("过期没有接受的邀请自动失效，店主可以重新邀请。"),
    Unit.DAYS,
    7,
    1,
    60,
)
REVIEW_DAYS = Parameter(
    "review_days",
    say("承诺的审核天数"),
    say("写在申请人的进度页上；超过这个天数的申请在审核列表里标红。"),
    Unit.DAYS,
    2,
    1,
    30,
)
OPEN_APPLICATIONS = Parameter(
    "open_applications",
    say("一个人同时进行的申请数"),
    say("草稿、审核中和待补充的申请合计不超过这个数。"),
    Unit.PIECES,
    5,
    1,
    50,
)
PRICE_CHANGE_PERCENT = Parameter(
    "price_change_percent",
    say("供货价不用审批的涨跌幅"),
    say("与上次审过的供货价相比，涨跌超过这个百分比的调价要平台审批，批准前按旧价结算。"),
    Unit.PERCENT,
    10,
    0,
    100,
)
UNPAID_MINUTES = Parameter(
    "unpaid_minutes",
    say("下单后的付款时间"),
    say("过了这段时间没有付款，订单自动关闭，占用的库存退回。"),
    Unit.MINUTES,
    30,
    5,
    1440,
)
RECEIVE_DAYS = Parameter(
    "receive_days",
    say("自动确认收货的天数"),
    say("全部发货后，顾客在这些天内没有确认收货，系统自动确认。"),
    Unit.DAYS,
    10,
    1,
    60,
)
CLAIM_DAYS = Parameter(
    "claim_days",
    say("确认收货后的售后天数"),
    say("在这些天内可以申请售后；过后订单完成，货款结算给供应商。"),
    Unit.DAYS,
    7,
    1,
    90,
    money=True,
)
STATEMENT_DAYS = Parameter(
    "statement_days",
    say("核对对账单的天数"),
    say("对账单出账后，商家在这些天内没有提出异议，视为确认；平台答复异议后重新计算。"),
    Unit.DAYS,
    7,
    1,
    60,
)
WITHDRAWAL_LEAST = Parameter(
    "withdrawal_least_fen",
    say("最少提现金额"),
    say("低于这个金额不能提现。"),
    *(Unit.FEN, 100_00, 1_00, 10_000_00),
    money=True,
)
WITHDRAWAL_FEE_FIXED = Parameter(
    "withdrawal_fee_fixed_fen",
    say("提现手续费：每笔固定"),
    say("每笔提现都收，与金额无关；和按比例的部分相加。"),
    *(Unit.FEN, 0, 0, 100_00),
    money=True,
)
WITHDRAWAL_FEE_RATE = Parameter(
    "withdrawal_fee_basis_points",
    say("提现手续费：按比例"),
    say("万分之几。填 10 时，提现 ¥10000 收 ¥10。"),
    *(Unit.BASIS_POINTS, 10, 0, 500),
    money=True,
)
WITHDRAWAL_FEE_MOST = Parameter(
    "withdrawal_fee_most_fen",
    say("提现手续费：每笔封顶"),
    say("固定加比例超过这个数时，只收这个数。"),
    *(Unit.FEN, 50_00, 0, 1_000_00),
    money=True,
)
WITHDRAWALS_A_DAY = Parameter(
    "withdrawals_a_day",
    say("每天最多提现次数"),
    say("每个商家每天（北京时间）最多申请的次数，撤回和被驳回的不算。"),
    *(Unit.TIMES, 3, 1, 50),
    money=True,
)
NEW_ACCOUNT_HOURS = Parameter(
    "new_account_hours",
    say("新收款账户的等待时间"),
    say("收款账户变更后，过了这段时间才能提现，防止账户被人换掉。"),
    *(Unit.HOURS, 48, 0, 720),
    money=True,
)
SECOND_APPROVER_FROM = Parameter(
    "second_approver_from_fen",
    say("需要两人审批的提现金额"),
    say("达到或超过这个金额的提现，要两位不同的同事先后批准。"),
    *(Unit.FEN, 50_000_00, 0, 100_000_000_00),
    money=True,
)
STORE_FEE_RATE = Parameter(
    "store_fee_basis_points",
    say("门店生意的平台服务费"),
    say("万分之几，顾客付款后按实际到账的服务、次卡和堂食收入收取；退款时按比例退回。填 300 时，¥100 收 ¥3。"),
    *(Unit.BASIS_POINTS, 300, 0, 2000),
    money=True,
)
CASE_UNPRINTED_HOURS = Parameter(
    "case_unprinted_hours",
    say("未打单的退款等多久自动同意"),
    say("顾客申请退还没发货也没打单的商品时，商家不处理就自动同意；0 是立即退款。"),
    *(Unit.HOURS, 0, 0, 72),
)
CASE_UNSHIPPED_HOURS = Parameter(
    "case_unshipped_hours",
    say("打单后未发货的退款等多久自动同意"),
    say("已经打单的商品先锁定不发，商家在这段时间内不处理就自动同意。"),
    *(Unit.HOURS, 24, 1, 168),
)
CASE_ANSWER_HOURS = Parameter(
    "case_answer_hours",
    say("发货后的售后申请，商家多久内处理"),
    say("过了这段时间，退货申请自动同意，仅退款的申请转给平台。"),
    *(Unit.HOURS, 48, 1, 240),
)
CASE_BUYER_DAYS = Parameter(
    "case_buyer_days",
    say("被拒绝或收到方案后，买家多久内回应"),
    say("过了这段时间不回应，售后单自动关闭。"),
    *(Unit.DAYS, 3, 1, 30),
)
CASE_RETURN_DAYS = Parameter(
    "case_return_days",
    say("同意退货后，买家多久内寄回"),
    say("过了这段时间没有填写快递单号，售后单自动关闭。"),
    *(Unit.DAYS, 7, 1, 30),
)
CASE_CHECK_DAYS = Parameter(
    "case_check_days",
    say("退货寄出后，商家多久内验收"),
    say("过了这段时间不处理，自动退款给买家。"),
    *(Unit.DAYS, 10, 1, 30),
)
CASE_JUDGE_DAYS = Parameter(
    "case_judge_days",
    say("平台介入后多久内判定"),
    say("写在售后单上；超过的在平台的列表里标红。"),
    *(Unit.DAYS, 3, 1, 30),
)
PARAMETERS: dict[str, Parameter] = {
    parameter.name: parameter
    for parameter in (
        *(UNDO_MINUTES, CODE_MINUTES, INVITATION_DAYS, REVIEW_DAYS, OPEN_APPLICATIONS, PRICE_CHANGE_PERCENT),
        *(UNPAID_MINUTES, RECEIVE_DAYS, CLAIM_DAYS, STATEMENT_DAYS),
        *(CASE_UNPRINTED_HOURS, CASE_UNSHIPPED_HOURS, CASE_ANSWER_HOURS, CASE_BUYER_DAYS),
        *(CASE_RETURN_DAYS, CASE_CHECK_DAYS, CASE_JUDGE_DAYS),
        *(WITHDRAWAL_LEAST, WITHDRAWAL_FEE_FIXED, WITHDRAWAL_FEE_RATE, WITHDRAWAL_FEE_MOST),
        *(WITHDRAWALS_A_DAY, NEW_ACCOUNT_HOURS, SECOND_APPROVER_FROM, STORE_FEE_RATE),
    )
}


@dataclass(frozen=True)
class ParameterValue:
    """A value that was set: in force from `effective_at` on, unless it was cancelled before.

    One that needs a `second` person is only proposed until somebody else has confirmed it.
    """

    id: UUID
    value: int
    effective_at: datetime
    set_at: datetime
    set_by: UUID
    cancelled_at: datetime | None
    note: str
    second: bool = False
    confirmed_at: datetime | None = None
    confirmed_by: UUID | None = None

    @property
    def waits(self) -> bool:
        """True while it is only proposed."""
        return self.second and self.confirmed_at is None and self.cancelled_at is None

    @property
    def counts(self) -> bool:
        """True when it is or was in force, or will be."""
        return self.cancelled_at is None and not self.waits

    @property
    def at_once(self) -> bool:
        """True when it is to hold from its confirmation on."""
        return self.effective_at == self.set_at


@dataclass(frozen=True)
class ParameterShown:
    """A parameter with what is in force now and what comes next."""

    parameter: Parameter
    value: int
    since: datetime | None
    coming: ParameterValue | None
    proposed: ParameterValue | None = None
