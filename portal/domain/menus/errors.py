"""Why something about a menu is refused: what happened and what to do."""

from __future__ import annotations

from portal.kernel.refusals import Conflict, Refusal
from portal.kernel.words import Text, say


class GroupsWrong(Refusal):
    """Option groups nobody could choose from."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(sentence, field="groups")


class UntilWrong(Refusal):
    """Sold out until a moment that is no use."""

    def __init__(self) -> None:
        super().__init__(say("恢复时间要在现在之后、30 天之内。"), field="until")


class PiecesWrong(Refusal):
    """A number of pieces nobody could have left."""

    def __init__(self, most: int) -> None:
        super().__init__(say("还剩的份数请填 1 到 %(most)s；一份都没有就直接沽清。", most=most), field="pieces")


class DishStale(Conflict):
    """Somebody else has saved in the meantime."""

    def __init__(self) -> None:
        super().__init__(say("别人刚刚改过这道菜。请打开最新的内容再改。"))


class ChangeOver(Conflict):
    """Prices that were taken back already, or too late."""

    def __init__(self) -> None:
        super().__init__(say("这次调价已经撤销过，或超过一天了。请直接改价。"))


class ImportEnded(Conflict):
    """It was applied or given up."""

    def __init__(self) -> None:
        super().__init__(say("这份菜单已经导入或放弃，不能再改。"))


class NotAMenu(Refusal):
    """The file is something else."""

    def __init__(self, sentence: Text | None = None) -> None:
        super().__init__(sentence or say("这个文件里没有找到菜单。请看下面的格式说明。"), field="file")


class BeyondReach(Refusal):
    """Other stores serve it too, and who acts is not in charge of them."""

    def __init__(self, field: str | None = None) -> None:
        sentence = say("别的门店也在用，您只负责部分门店，不能这样改。本店的价格和供应请在“门店供应与沽清”里改。")
        super().__init__(sentence, field=field)


class StillWrong(Refusal):
    """Rows are left that nobody has mended."""

    def __init__(self, count: int) -> None:
        super().__init__(say("还有 %(count)s 行没处理好，先修好或跳过它们。", count=count))


class NameMissing(Refusal):
    """A menu or section without a name, or with a novel for one."""

    def __init__(self, most: int, field: str = "name") -> None:
        super().__init__(say("请填写名称，最多 %(most)s 个字。", most=most), field=field)


class NotEmpty(Conflict):
    """Dishes stand in it."""

    def __init__(self, count: int) -> None:
        super().__init__(say("里面还有 %(count)s 道菜，先把它们移走再删除。", count=count))


class DishWrong(Refusal):
    """A fact of a dish that cannot be."""

    def __init__(self, sentence: Text, field: str) -> None:
        super().__init__(sentence, field=field)


class NothingChosen(Refusal):
    """A bulk change without dishes, or with too many."""

    def __init__(self, most: int) -> None:
        super().__init__(say("请先勾选菜品，一次最多 %(most)s 道。", most=most))
