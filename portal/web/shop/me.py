"""我的: who I am here, my hats, and the ways to everything that is mine."""

from __future__ import annotations

from uuid import UUID

from flask import g, request, session

from portal.domain.identity import queries
from portal.domain.identity.actions import profile as profiles
from portal.domain.stores import queries as stores
from portal.domain.tenants.values import KINDS_WITH_STORES, Hat, MerchantState
from portal.kernel import phones
from portal.kernel.permissions import ANYONE, Permission, Role
from portal.kernel.work import Work
from portal.web import locale, ways
from portal.web.forms.people import ProfileForm
from portal.web.hats import hat_url
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, SeeOther, page, see_other
from portal.web.shop import shop

MINE = Permission.PROFILE_EDIT
AT_A_STORE = frozenset({Role.CLERK, Role.TECHNICIAN})


@shop.get("/me", may=MINE)
def me(_work: Work) -> Page:
    """Name, hats, and a row for each thing of mine."""
    masked = phones.mask(g.signed_in.phone)
    return page("shop/me/home.html", groups=_groups(), hats=hat_rows(), platform=_platform(), phone=masked)


def _platform() -> str:
    """The way to the platform's office, for its own people."""
    return ways.address_of("platform.home") if g.signed_in.platform_role else ""


def _groups() -> list[tuple[str, list[tuple[str, str, str, int]]]]:
    """Titles with rows: sign, words, address, how many are new. What is not built yet is not shown."""
    to = ways.address_of
    groups = [
        (
            gettext("我的东西"),
            [
                ("receipt", gettext("我的订单"), to("shop.orders_list"), 0),
                ("calendar", gettext("我的预约"), to("shop.bookings_list"), 0),
                ("people", gettext("我的订座"), to("shop.tables_list"), 0),
                ("undo", gettext("我的售后"), to("shop.cases_list"), 0),
                ("cart", gettext("购物车"), to("shop.cart_show"), session.get("cart", 0)),
                ("ticket", gettext("券包"), to("shop.wallet"), 0),
                ("wallet", gettext("我的次卡"), to("shop.passes_list"), 0),
                ("bell", gettext("消息"), to("shop.notifications_list"), g.signed_in.unread),
                ("pin", gettext("收货地址"), to("shop.addresses_list"), 0),
                ("share", gettext("推荐"), to("shop.referrals"), 0),
            ],
        ),
        (
            gettext("账号"),
            [
                ("person", gettext("资料和语言"), to("shop.profile"), 0),
                ("shield", gettext("密码和二次验证"), to("shop.security"), 0),
                ("phone", gettext("更换手机号"), to("shop.phone"), 0),
                ("lock", gettext("登录的设备"), to("shop.sessions_list"), 0),
                ("document", gettext("同意记录"), to("shop.consents"), 0),
            ],
        ),
        (
            gettext("开店和工作"),
            [
                ("store", gettext("申请成为商家"), to("shop.applications_list"), 0),
                ("people", gettext("工作邀请"), to("shop.invitations_list"), 0),
                ("flag", gettext("平台公告"), to("shop.announcements_list"), 0),
            ],
        ),
    ]
    shown = [(title, [row for row in rows if row[2]]) for title, rows in groups]
    return [(title, rows) for title, rows in shown if rows]


def hat_rows() -> list[tuple[Hat, str]]:
    """Every merchant he may act for, and where that leads; nothing for a suspended one."""
    return [(hat, hat_url(hat) if hat.merchant_state is MerchantState.ACTIVE else "") for hat in g.signed_in.hats]


@shop.get("/hats", may=MINE)
def hats(work: Work) -> Page:
    """For whom do you want to work now?"""
    standing = [hat for hat in g.signed_in.hats if _stands(hat)]
    known = stores.counters(work, [hat.merchant_id for hat in standing])
    rows = [
        (hat, "" if hat.role in AT_A_STORE else url, _counters(hat, known.get(hat.merchant_id, [])))
        for hat, url in hat_rows()
    ]
    return page("shop/me/hats.html", hats=rows, platform=_platform())


def _stands(hat: Hat) -> bool:
    """Whether this hat may stand at a counter, or works in a store."""
    open_shops = hat.kind in KINDS_WITH_STORES and hat.merchant_state is MerchantState.ACTIVE
    return open_shops and (hat.role is Role.TECHNICIAN or Permission.VOUCHER_REDEEM in hat.permissions)


def _counters(hat: Hat, known: list[tuple[UUID, str]]) -> list[tuple[str, str]]:
    """Names and addresses of the counters this hat covers; for a technician of his own pages."""
    door = "store.mine" if hat.role is Role.TECHNICIAN else "store.counter"
    mine = [(store_id, name) for store_id, name in known if hat.store_ids is None or store_id in hat.store_ids]
    return [(name, ways.address_of(door, store=store_id)) for store_id, name in mine]


@shop.get("/me/profile", may=MINE)
def profile(work: Work) -> Page:
    """Name and language."""
    mine = queries.profile(work)
    return page("shop/me/profile.html", form=ProfileForm(name=mine.name, locale=mine.locale), mine=mine)


@shop.post("/me/profile", may=MINE)
def profile_edit(work: Work) -> Answer:
    """Save name and language."""
    form = ProfileForm()
    if form.validate():
        with form.tries(work):
            profiles.edit(work, name=form.name.data, locale=form.locale.data)
            session["locale"] = form.locale.data
            return see_other("shop.me", flash=gettext("已保存。"))
    return page("shop/me/profile.html", form=form, mine=queries.profile(work), status=422)


@shop.get("/language", may=ANYONE)
def language(_work: Work) -> SeeOther:
    """Read this site in the other language, in this browser; the profile keeps its own."""
    wanted = request.args.get("to", "")
    if wanted in locale.LOCALES:
        session["locale"] = wanted
    return SeeOther(ways.asked_for() or "/")
