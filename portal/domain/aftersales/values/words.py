"""What kinds, states, reasons and steps of cases are called."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from portal.domain.aftersales.values.kinds import CaseKind, CaseState, CaseStep, Reason
from portal.kernel.words import Text, say

K, S, R, C = CaseKind, CaseState, Reason, CaseStep
KIND_NAMES: Final[Mapping[CaseKind, Text]] = MappingProxyType(
    {K.UNSHIPPED: say("仅退款（未发货）"), K.MONEY: say("仅退款"), K.RETURN: say("退货退款")}
)
STATE_NAMES: Final[Mapping[CaseState, Text]] = MappingProxyType(
    {
        S.ASKED: say("待商家处理"),
        S.OFFERED: say("待买家确认"),
        S.REFUSED: say("商家已拒绝"),
        S.DISPUTED: say("平台介入中"),
        S.RETURNING: say("待买家寄回"),
        S.SENT: say("退货在途"),
        S.REFUNDING: say("退款中"),
        S.REFUNDED: say("已退款"),
        S.WITHDRAWN: say("已撤销"),
        S.CLOSED: say("已关闭"),
    }
)
REASON_NAMES: Final[Mapping[Reason, Text]] = MappingProxyType(
    {
        R.NOT_WANTED: say("不想要了"),
        R.WRONG_ORDER: say("拍错或多拍"),
        R.WRONG_ADDRESS: say("收货信息填错"),
        R.LATE: say("未按时发货"),
        R.NO_STOCK: say("商家缺货"),
        R.NO_REASON: say("七天无理由"),
        R.QUALITY: say("质量问题"),
        R.WRONG_GOODS: say("发错货"),
        R.MISMATCH: say("与描述不符"),
        R.DAMAGED: say("运输破损"),
        R.MISSING: say("少件"),
        R.NOT_RECEIVED: say("没收到货"),
        R.AGREED: say("与商家协商一致"),
        R.GOODWILL: say("商家补偿"),
    }
)
STEP_NAMES: Final[Mapping[CaseStep, Text]] = MappingProxyType(
    {
        C.ASKED: say("提交申请"),
        C.ASKED_AGAIN: say("补充说明，再次申请"),
        C.AGREED: say("同意"),
        C.AGREED_BY_ITSELF: say("超时未处理，自动同意"),
        C.OFFERED: say("提出少退的方案"),
        C.ACCEPTED: say("接受商家的方案"),
        C.REFUSED: say("拒绝申请"),
        C.DISPUTED: say("申请平台介入"),
        C.DISPUTED_BY_ITSELF: say("超时未处理，转给平台"),
        C.FOR_BUYER: say("平台判定：支持买家"),
        C.FOR_MERCHANT: say("平台判定：支持商家"),
        C.SENT: say("寄回商品"),
        C.RECEIVED: say("收到退货，同意退款"),
        C.RECEIVED_BY_ITSELF: say("超时未验收，自动退款"),
        C.GOODS_REFUSED: say("收到退货，拒绝退款"),
        C.GRANTED: say("主动退款"),
        C.REFUNDED: say("退款完成"),
        C.STUCK: say("支付渠道暂时退不出去，平台已在处理"),
        C.WITHDRAWN: say("撤销申请"),
        C.CLOSED: say("超时关闭"),
    }
)
