"""The business says no, in the sentence people read.

A refusal is an expected answer, never a crash: it rolls the Work back and becomes a page or a form error.
"""

from __future__ import annotations

from portal.kernel.words import Text, say


class Refusal(Exception):
    """No, because …; `field` names the form field it belongs to, None the form as a whole."""

    status = 422

    def __init__(self, sentence: Text, *, field: str | None = None) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence
        self.field = field


class NotFound(Refusal):
    """Not there, or not yours: both read the same."""

    status = 404

    def __init__(self, sentence: Text | None = None) -> None:
        super().__init__(sentence or say("没有找到这个页面，或者它不属于您。"))


class Denied(Refusal):
    """Yours, but your role may not do this."""

    status = 403

    def __init__(self, sentence: Text | None = None) -> None:
        super().__init__(sentence or say("您的身份没有这项权限。请联系店主或管理员。"))


class Conflict(Refusal):
    """The thing has moved on since the page was shown."""

    status = 409


class TooMany(Refusal):
    """A limit is reached; `retry_after` is in seconds."""

    status = 429

    def __init__(self, sentence: Text, *, retry_after: int, field: str | None = None) -> None:
        super().__init__(sentence, field=field)
        self.retry_after = retry_after


class Busy(Refusal):
    """The database or a neighbour does not answer in time; trying again is safe."""

    status = 503

    def __init__(self) -> None:
        super().__init__(say("系统正忙，请稍后再试。刚才的操作没有生效。"))
