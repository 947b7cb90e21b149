"""Words that many pages need in the reader's language: moments and roles. Filters `moment` and `role_name`."""

from __future__ import annotations

from datetime import datetime

from flask import Flask, current_app

from portal.kernel.figures import SHANGHAI, say_yuan
from portal.kernel.permissions import Role
from portal.kernel.spoken import Moment
from portal.web import locale
from portal.web.locale import gettext


def init_app(app: Flask) -> None:
    """Give templates the filters."""
    app.jinja_env.filters["moment"] = moment
    app.jinja_env.filters["hour"] = hour
    app.jinja_env.filters["signed"] = signed
    app.jinja_env.filters["yuan"] = yuan
    app.jinja_env.filters["role_name"] = role_name


def moment(at: datetime) -> str:
    """7 月 5 日 14:30 in Shanghai; with the year when it is another one."""
    return locale.said(Moment(at, current_app.extensions["portal"].clock.now()))


def hour(at: datetime) -> str:
    """14:30 in Shanghai."""
    return f"{at.astimezone(SHANGHAI):%H:%M}"


def yuan(fen: int) -> str:
    """An amount inside a sentence: ¥5, ¥12.50."""
    return say_yuan(fen).removesuffix(".00")


def signed(count: int) -> str:
    """A difference: +3, −2, 0."""
    return f"+{count}" if count > 0 else str(count).replace("-", "−")


def role_name(role: Role) -> str:
    """What a role is called."""
    names = {
        Role.CONSUMER: gettext("顾客"),
        Role.OWNER: gettext("店主"),
        Role.MANAGER: gettext("店长"),
        Role.FINANCE: gettext("财务"),
        Role.CLERK: gettext("店员"),
        Role.KITCHEN: gettext("后厨"),
        Role.TECHNICIAN: gettext("技师"),
        Role.SHIPPER: gettext("发货"),
        Role.PLATFORM_OWNER: gettext("平台负责人"),
        Role.PLATFORM_REVIEWER: gettext("平台审核"),
        Role.PLATFORM_SUPPORT: gettext("平台客服"),
        Role.PLATFORM_FINANCE: gettext("平台财务"),
    }
    return str(names[role])
