"""Why something in a queue is refused."""

from __future__ import annotations

from portal.kernel.refusals import Conflict, Refusal
from portal.kernel.words import say


class NotTaking(Refusal):
    """The store gives no numbers now."""

    def __init__(self) -> None:
        super().__init__(say("这家店现在不用排队，或暂停取号了。请直接问店员。"))


class NoClass(Refusal):
    """No queue for that many."""

    def __init__(self, people: int) -> None:
        super().__init__(say("没有适合 %(people)s 人的队列，请问店员。", people=people), field="people")


class InLine(Conflict):
    """One person, one number at a store."""

    def __init__(self) -> None:
        super().__init__(say("您在这家店已经有一个号了。"))


class AnewInLine(Conflict):
    """He did not wait for the old one and took another."""

    def __init__(self, number: str) -> None:
        super().__init__(say("这位顾客已经重新取了 %(number)s，请按新号叫。", number=number))


class Moved(Conflict):
    """Somebody was faster."""

    def __init__(self, number: str) -> None:
        super().__init__(say("%(number)s 的状态刚刚变了，可能别的店员已经处理。", number=number))


class NoWayBack(Conflict):
    """The store's rule: a new number."""

    def __init__(self) -> None:
        super().__init__(say("本店过号作废，请重新取号。"))


class WrongPeople(Refusal):
    """From more than to, or it overlaps."""

    def __init__(self) -> None:
        super().__init__(say("人数范围不能重叠，起始人数也不能大于最多人数。"), field="people_from")


class WrongLetter(Refusal):
    """Numbers begin with one capital of the Latin alphabet: it is read aloud and shown large."""

    def __init__(self) -> None:
        super().__init__(say("字母请填 A 到 Z 中的一个。"), field="letter")


class LetterThere(Refusal):
    """Two queues of one letter."""

    def __init__(self) -> None:
        super().__init__(say("这个字母已经有队列在用。"), field="letter")


class EnoughClasses(Refusal):
    """As many as a screen shows."""

    def __init__(self, most: int) -> None:
        super().__init__(say("一家店最多 %(most)s 个队列。", most=most))


class StillWaiting(Conflict):
    """Parties wait in it."""

    def __init__(self) -> None:
        super().__init__(say("这个队列还有人在等，请先叫完或关闭排队。"))
