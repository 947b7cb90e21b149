"""How withdrawals look: marks of their states, steps of their timeline, hints, terms in words, rows of their files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from portal.domain.payouts.values import (
    AttemptState,
    Hint,
    Step,
    StepKind,
    Tab,
    Terms,
    Withdrawal,
    WithdrawalLine,
    WithdrawalState,
)
from portal.domain.sandbox.values import TransferPlan, TransferWord
from portal.kernel.figures import SHANGHAI, say_yuan
from portal.web import sheets
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.wording import moment

S, K, A = WithdrawalState, StepKind, AttemptState
MARKS: dict[WithdrawalState, tuple[Any, str]] = {
    S.ASKED: (_l("待审批"), "wait"),
    S.HALF: (_l("待复核"), "wait"),
    S.APPROVED: (_l("已批准，待打款"), "info"),
    S.ORDERED: (_l("打款中"), "info"),
    S.PAID: (_l("已打款"), "ok"),
    S.RETURNED: (_l("银行退回"), "stop"),
    S.REFUSED: (_l("已驳回"), "stop"),
    S.WITHDRAWN: (_l("商家已撤回"), "quiet"),
}
STEPS: dict[StepKind, Any] = {
    K.ASKED: _l("申请提现，金额已冻结"),
    K.REPAID: _l("先补还欠款"),
    K.APPROVED: _l("批准"),
    K.REFUSED: _l("驳回，金额已解冻"),
    K.WITHDRAWN: _l("商家撤回，金额已解冻"),
    K.ORDERED: _l("提交银行打款"),
    K.UNKNOWN: _l("银行没有答复，稍后再查"),
    K.PAID: _l("银行已付款"),
    K.RETURNED: _l("银行退回，金额和手续费已退到余额"),
}
ATTEMPTS: dict[AttemptState, tuple[Any, str]] = {
    A.NEW: (_l("待提交"), "info"),
    A.WAITING: (_l("银行处理中"), "wait"),
    A.UNKNOWN: (_l("结果未知，正在查询"), "hot"),
    A.PAID: (_l("已付款"), "ok"),
    A.RETURNED: (_l("已退回"), "stop"),
    A.REFUSED: (_l("银行拒绝"), "stop"),
}
HINTS: dict[Hint, Any] = {
    Hint.NEW_ACCOUNT: _l("新账户"),
    Hint.FIRST: _l("首次提现"),
    Hint.ABOVE_AVERAGE: _l("超过平均 3 倍"),
    Hint.SUSPENDED: _l("商家已暂停"),
    Hint.RETURNED_BEFORE: _l("曾被银行退回"),
}
TABS: dict[Tab, Any] = {
    Tab.ASKED: _l("待审批"),
    Tab.HALF: _l("待复核"),
    Tab.UNDERWAY: _l("打款中"),
    Tab.PAID: _l("已打款"),
    Tab.BACK: _l("退回和驳回"),
    Tab.ALL: _l("全部"),
}
PLANS: dict[TransferPlan, Any] = {
    TransferPlan.PAID: _l("马上付款"),
    TransferPlan.LATE: _l("十分钟后付款"),
    TransferPlan.PENDING: _l("一直处理中"),
    TransferPlan.RETURNED: _l("马上退回"),
    TransferPlan.RETURNED_LATE: _l("付款后两天退回"),
    TransferPlan.SILENT: _l("收下指令但没有答复"),
    TransferPlan.REFUSED: _l("拒绝指令"),
}
WORDS: dict[TransferWord, tuple[Any, str]] = {
    TransferWord.WAITING: (_l("处理中"), "wait"),
    TransferWord.PAID: (_l("已付款"), "ok"),
    TransferWord.RETURNED: (_l("已退回"), "stop"),
}


def mark(state: WithdrawalState) -> tuple[str, str]:
    """The word and the tone of a state."""
    word, tone = MARKS[state]
    return str(word), tone


def fee_words(terms: Terms) -> str:
    """How the fee is made: what is nought is not spoken of."""
    parts = []
    if terms.fixed_fen:
        parts.append(gettext("每笔 %(fixed)s", fixed=say_yuan(terms.fixed_fen)))
    if terms.basis_points:
        parts.append(gettext("金额的万分之 %(points)s", points=terms.basis_points))
    if not parts or not terms.most_fee_fen:
        return gettext("免手续费")
    made = gettext(" 加 ").join(parts)
    return gettext("%(made)s，最多 %(most)s", made=made, most=say_yuan(terms.most_fee_fen))


def timeline(shown: Withdrawal, names: Mapping[UUID, str] | None = None) -> list[tuple[str, str, str, str]]:
    """Steps for `ui.timeline`; with `names` people of the platform are named, without they are the platform."""
    last = len(shown.steps) - 1
    return [_step(one, names, shown.line, is_last=at == last) for at, one in enumerate(shown.steps)]


def _step(
    step: Step, names: Mapping[UUID, str] | None, line: WithdrawalLine, *, is_last: bool
) -> tuple[str, str, str, str]:
    who = {"platform": gettext("平台"), "job": gettext("系统"), "command": gettext("系统")}.get(
        step.actor_kind, step.who
    )
    if names is not None and step.actor_id is not None:
        who = names.get(step.actor_id) or who
    note = gettext("金额对不上，不采信") if step.kind is K.UNKNOWN and step.note else step.note
    bad = step.kind in (K.REFUSED, K.RETURNED)
    done = "stop" if bad else "now" if is_last and line.ended_at is None else "done"
    return moment(step.at), str(STEPS[step.kind]), " · ".join(part for part in (who, note) if part), done


def rows(lines: Iterable[WithdrawalLine], *, named: bool) -> sheets.Rows:
    """Head and rows for a file; amounts in yuan, times local."""
    head = [gettext("编号"), gettext("申请时间"), gettext("状态"), gettext("提现金额（元）"), gettext("手续费（元）")]
    head += [gettext("到账（元）"), gettext("开户行"), gettext("账号尾号"), gettext("结束时间"), gettext("原因")]
    found: sheets.Rows = [[gettext("商家"), *head] if named else head]
    for one in lines:
        row: list[sheets.Cell] = [str(one.id), _local(one.asked_at), mark(one.state)[0]]
        row += [one.amount_fen / 100, one.fee_fen / 100, one.arrives_fen / 100, one.bank_name, one.bank_last4]
        row += [_local(one.ended_at) if one.ended_at else "", one.reason]
        found.append([one.merchant_name, *row] if named else row)
    return found


def _local(at: Any) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


SHOWN: dict[str, Any] = {
    "mark": mark,
    "fee_words": fee_words,
    "hint_name": lambda hint: str(HINTS[hint]),
    "attempt_mark": lambda state: (str(ATTEMPTS[state][0]), ATTEMPTS[state][1]),
    "tab_name": lambda tab: str(TABS[tab]),
}
"""What templates of withdrawals call."""
