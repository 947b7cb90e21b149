"""Words of what is ordered at a table, which guests and staff read alike."""

from __future__ import annotations

from portal.domain.tabs.values import GuestShown, LineKind, LineShown, LineState
from portal.web.locale import gettext


def called(guest: GuestShown | None) -> str:
    """What a guest is called; without a guest it is the table's."""
    if guest is None:
        return str(gettext("本桌"))
    return guest.name or str(gettext("%(nth)s 号客人", nth=guest.nth))


def stands(line: LineShown, waits: bool) -> tuple[str, str]:
    """A line's state in words with its tone; `waits`: its round is to be paid first."""
    if line.state is LineState.CANCELLED:
        return str(gettext("已退")), "quiet"
    if line.kind is LineKind.COVER:
        return "", ""
    if line.state is LineState.SERVED:
        return str(gettext("已上")), "ok"
    if waits:
        return str(gettext("待付款")), "wait"
    return str(gettext("制作中")), "info"
