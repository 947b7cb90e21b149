"""Why the kitchen or a printer cannot do that, in the sentence people read."""

from __future__ import annotations

from portal.kernel.refusals import Conflict, Refusal
from portal.kernel.words import say


class AlreadyServed(Refusal):
    """What was served cannot be called back."""

    def __init__(self) -> None:
        super().__init__(say("这道菜已经上桌，不能再召回。"))


class PaperMoved(Conflict):
    """The paper stands otherwise by now."""

    def __init__(self) -> None:
        super().__init__(say("这张单的打印情况刚刚有了变化，请刷新后再看。"))


class NameTaken(Refusal):
    """Another one has this name."""

    def __init__(self) -> None:
        super().__init__(say("这家店里已经有同名的了，请换一个名字。"), field="name")


class MadeElsewhere(Refusal):
    """A dish or a tag is made at one station."""

    def __init__(self, what: str, station: str) -> None:
        super().__init__(say("“%(what)s”已经归“%(station)s”做了。", what=what, station=station), field="tags")


class SpareWrong(Refusal):
    """A spare printer that is none."""

    def __init__(self) -> None:
        super().__init__(say("备用打印机要和主打印机不是同一台，并且先选好主打印机。"), field="spare")


class OnlyCatchAll(Refusal):
    """A store with stations needs one that makes the rest."""

    def __init__(self) -> None:
        super().__init__(say("还有别的档口时，要有一个档口接住其余的菜。请先把另一个档口设为“其余的菜”。"))


class PrinterInUse(Refusal):
    """A station prints there."""

    def __init__(self, station: str) -> None:
        super().__init__(say("“%(station)s”还在用这台打印机，请先给它换一台。", station=station))


class NoPrinter(Refusal):
    """Nothing to print with."""

    def __init__(self) -> None:
        super().__init__(say("这家店还没有打小票的打印机。请店长在“档口与打印机”里添加一台。"))


class SecretNeeded(Refusal):
    """A cloud printer needs its key."""

    def __init__(self) -> None:
        super().__init__(say("请填写厂商后台给的密钥。"), field="secret")


class AddressWrong(Refusal):
    """No printer can be there."""

    def __init__(self) -> None:
        super().__init__(
            say("这不像是打印机的地址。局域网打印机写 192.168.1.50:9100，云打印机写机身上的编号。"), field="address"
        )


class OutOfReach(Refusal):
    """A machine that the operator did not open to printers."""

    def __init__(self) -> None:
        super().__init__(
            say("平台没有开放到这个地址的打印。请改用云打印机，或请平台把店里的网段加进来（端口 9100 到 9109）。"),
            field="address",
        )


class AgesWrong(Refusal):
    """Red before amber."""

    def __init__(self) -> None:
        super().__init__(say("变红的分钟数不能小于变黄的，都在 1 到 240 之间。"), field="red_minutes")


class TooManyTags(Refusal):
    """Too many words."""

    def __init__(self, most: int) -> None:
        super().__init__(say("最多 %(most)s 个标签。", most=most), field="tags")
