"""Why something about freight is refused: what happened and what to do."""

from __future__ import annotations

from portal.kernel.refusals import Conflict, Refusal
from portal.kernel.words import say


class TemplateStale(Conflict):
    """Somebody else has saved in the meantime."""

    def __init__(self) -> None:
        super().__init__(say("别人刚刚改过这个模板。请打开最新的内容再改。"))


class TemplateUsed(Refusal):
    """Goods would be left without a template they name."""

    def __init__(self, goods: int) -> None:
        sentence = say("有 %(count)s 件商品在用这个模板。请选择它们改用哪一个。", count=goods)
        super().__init__(sentence, field="instead")


class DefaultNeeded(Refusal):
    """The default is taken away while other templates stay."""

    def __init__(self) -> None:
        super().__init__(say("这是默认模板，没有单独指定的商品都在用它。请选择由哪一个接替。"), field="instead")


class TooManyTemplates(Refusal):
    """The desk is full."""

    def __init__(self, most: int) -> None:
        super().__init__(say("最多 %(most)s 个运费模板。请先删掉不用的。", most=most))
