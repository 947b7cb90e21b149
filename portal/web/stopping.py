"""沽清 as a form says it: sold out, or so many left. The same for the store's board and the desk's."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from portal.domain.menus import actions
from portal.kernel.work import Work
from portal.web.forms.menus import StopForm
from portal.web.locale import gettext
from portal.web.menuwords import until_of


def stop_as_told(work: Work, store_id: UUID, ids: Sequence[UUID], form: StopForm) -> str:
    """These dishes are sold out, or counted down from here; the sentence to show. Refuses as the actions do."""
    left, at = form.left(), until_of(form.until.data or "", work.now())
    if left is None:
        actions.stop_many(work, store_id, ids, at)
        return gettext("已沽清 %(count)s 道，桌上和厨房立即生效。", count=len(ids))
    for dish_id in ids:
        actions.leave(work, store_id, dish_id, left, at)
    return gettext("已记下：%(count)s 道菜各剩 %(left)s 份，下单自动扣减。", count=len(ids), left=left)
