"""What a parameter's number and moment must be like before they are kept; pure."""

from __future__ import annotations

from datetime import datetime

from portal.domain.reference.values import Parameter
from portal.kernel.refusals import Refusal
from portal.kernel.words import say


def check_value(parameter: Parameter, value: int) -> None:
    """Refuse a number outside the parameter's limits."""
    if not parameter.low <= value <= parameter.high:
        sentence = say("请填 %(low)s 到 %(high)s 之间的整数。", low=parameter.low, high=parameter.high)
        raise Refusal(sentence, field="value")


def check_moment(effective_at: datetime | None, now: datetime) -> datetime:
    """When it takes effect: now when nothing is said. Refuses the past: what was in force then stays true."""
    if effective_at is None:
        return now
    if effective_at < now:
        raise Refusal(say("生效时间不能早于现在。留空就是立即生效。"), field="effective_at")
    return effective_at
