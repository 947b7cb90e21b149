"""How pages speak of tickets, papers and printers."""

from __future__ import annotations

from typing import Any, Final

from portal.domain.kitchen.values import Health, JobState, Slips, TicketKind, Vendor, Why
from portal.web.locale import lazy_gettext as _l

TONES: Final = {"calm": _l("不急"), "amber": _l("等得久了"), "red": _l("太久了")}
KINDS: Final = {TicketKind.MAKE: _l("制作单"), TicketKind.CHANGE: _l("改单"), TicketKind.CANCEL: _l("退菜")}
VENDORS: Final = {
    Vendor.ESCPOS: _l("店内网络打印机（ESC/POS）"),
    Vendor.FEIE: _l("飞鹅云打印"),
    Vendor.YILIANYUN: _l("易联云打印"),
    Vendor.SANDBOX: _l("演示打印机"),
}
SLIPS: Final = {Slips.ROUND: _l("一轮一张"), Slips.DISH: _l("一菜一单")}
JOBS: Final = {
    JobState.QUEUED: (_l("排队中"), "info"),
    JobState.SENDING: (_l("正在打"), "info"),
    JobState.SUBMITTED: (_l("已交给云打印"), "info"),
    JobState.PRINTED: (_l("已打印"), "ok"),
    JobState.REFUSED: (_l("没打出来"), "stop"),
    JobState.UNCERTAIN: (_l("不确定"), "wait"),
    JobState.DROPPED: (_l("已处理"), "quiet"),
}
WHYS: Final = {
    Why.NONE: "",
    Why.OFFLINE: _l("打印机离线"),
    Why.NO_PAPER: _l("打印机缺纸"),
    Why.SILENT: _l("打印机没有回话"),
    Why.KEY: _l("厂商不认账号或密钥"),
    Why.DEVICE: _l("厂商没有这台机器"),
    Why.CONTENT: _l("内容太长，打印机不收"),
    Why.GONE: _l("这台打印机已经撤掉了"),
    Why.LOST: _l("打印时系统中断了"),
    Why.LATE: _l("云打印收下了，迟迟没有说打好"),
    Why.CLOSED: _l("平台没有开放到这个地址的打印"),
}
HEALTHS: Final = {
    Health.WELL: (_l("正常"), "ok"),
    Health.OFFLINE: (_l("离线"), "stop"),
    Health.NO_PAPER: (_l("缺纸"), "stop"),
    Health.UNKNOWN: (_l("还不清楚"), "quiet"),
}
SHOWN: Final[dict[str, Any]] = {
    "tones": TONES,
    "kinds": KINDS,
    "vendors": VENDORS,
    "slip_names": SLIPS,
    "job_marks": JOBS,
    "whys": WHYS,
    "healths": HEALTHS,
}
