"""Refusals about persons, in the sentences they read. None of them says whether a phone has an account."""

from __future__ import annotations

from portal.kernel.refusals import Conflict, Denied, Refusal, TooMany
from portal.kernel.words import say


class CodeTooSoon(TooMany):
    """The next code has to wait; the one already sent stays good."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            say("刚发过一条，%(seconds)s 秒后才能再发。已收到的验证码仍然有效。", seconds=seconds),
            retry_after=seconds,
            field="phone",
        )


class CodesUsedUp(TooMany):
    """The phone got as many codes as it may get for now."""

    def __init__(self, seconds: int) -> None:
        minutes = max(1, -(-seconds // 60))
        super().__init__(
            say("这个手机号收到的验证码太多了，请 %(minutes)s 分钟后再试，或改用密码登录。", minutes=minutes),
            retry_after=seconds,
            field="phone",
        )


class CodeWrong(Refusal):
    """Not these digits; there are tries left."""

    def __init__(self, left: int, field: str) -> None:
        super().__init__(say("验证码不对，还可以试 %(left)s 次。", left=left), field=field)


class CodeSpent(Refusal):
    """Used, too old, or tried too often."""

    def __init__(self, field: str = "code") -> None:
        super().__init__(say("这个验证码已经失效，请重新获取。"), field=field)


class WrongPassword(Refusal):
    """Phone and password do not belong together; which of them is wrong is not said."""

    def __init__(self) -> None:
        super().__init__(say("手机号或密码不对。忘了密码可以用验证码登录。"))


class WeakPassword(Refusal):
    """The new password would not hold."""

    def __init__(self, reason: str) -> None:
        super().__init__(_WEAK[reason], field="new_password")


_WEAK = {
    "short": say("密码至少要 8 个字符。"),
    "long": say("密码最多 128 个字符。"),
    "common": say("这个密码太常见，很容易被猜到，请换一个。"),
    "phone": say("密码里不要用手机号。"),
}


class ProofNeeded(Refusal):
    """A sensitive change asks again who is there."""

    def __init__(self) -> None:
        super().__init__(say("请先填写当前密码，或获取并填写短信验证码。"))


class NotCurrentPassword(Refusal):
    """The present password is another one."""

    def __init__(self) -> None:
        super().__init__(say("当前密码不对。"), field="current_password")


class Blocked(Denied):
    """The platform has closed this person's account."""

    def __init__(self) -> None:
        super().__init__(say("这个账号已被停用。如有疑问请联系平台。"))


class PhoneTaken(Conflict):
    """The new phone has an account of its own; only its holder gets to read this."""

    def __init__(self) -> None:
        super().__init__(say("这个手机号已经有自己的账号，不能换到这里。"), field="new_code")


class WrongFactor(Refusal):
    """Neither the authenticator's digits nor a recovery code."""

    def __init__(self, field: str = "factor") -> None:
        super().__init__(say("动态码不对或已经用过，请等验证器显示下一个再输入。"), field=field)


class FactorAlreadySet(Conflict):
    """The second factor is set up; its secret is not shown again."""

    def __init__(self) -> None:
        super().__init__(say("二次验证已经开启。换手机请先用恢复码登录，或联系平台重置。"))


class TooManyAddresses(Refusal):
    """The address book is full."""

    def __init__(self, most: int) -> None:
        super().__init__(say("地址簿最多 %(most)s 条，请先删除不用的。", most=most))
