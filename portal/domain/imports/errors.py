"""Why an import is refused as a whole."""

from __future__ import annotations

from portal.kernel.refusals import Conflict
from portal.kernel.words import Text, say


class BatchMoved(Conflict):
    """The batch is not where this step begins."""

    def __init__(self, state: Text) -> None:
        super().__init__(say("这次导入现在是“%(state)s”，不能这样操作。请刷新页面看看。", state=state))


class Forgotten(Conflict):
    """Its rows are not kept any more."""

    def __init__(self) -> None:
        super().__init__(say("这次导入已经过了一个月，内容已清理，不能再继续或撤销。请重新上传。"))


class NotLast(Conflict):
    """Only the last one can be taken back."""

    def __init__(self) -> None:
        super().__init__(say("之后又导入过一次，只能撤销最近的一次。"))
