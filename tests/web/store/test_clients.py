"""Clients' records at a store: opened, kept, found; a photo is for those who may, of the store that took it."""

from __future__ import annotations

import io

from PIL import Image

from portal.domain.clients import actions
from portal.domain.clients.values import VisitState
from portal.kernel.database import new_id
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from tests.client import Browser
from tests.factories.world import World


def a_photo(kind: str = "JPEG") -> tuple[io.BytesIO, str]:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "#d6452b").save(out, kind)
    return io.BytesIO(out.getvalue()), "before.jpg"


def test_a_record_and_who_sees_its_photo(browser: Browser, world: World) -> None:
    merchant = world.merchant(name="云上美肤")
    south, east = world.store(merchant, "南城店"), world.store(merchant, "福田店")
    jia = world.staff(merchant, Role.TECHNICIAN, stores=(south.id,))
    clerk = world.staff(merchant, Role.CLERK, stores=(south.id,))
    far = world.staff(merchant, Role.TECHNICIAN, stores=(east.id,))
    desk = browser.as_(clerk)
    assert "请填写" in desk.post("store.clients_open", {"name": ""}, store=south.id, status=422).text
    opened = desk.post("store.clients_open", {"name": "林女士", "phone": "15400000001"}, store=south.id)
    client = opened.response.headers["Location"].partition("?")[0].rsplit("/", 1)[1]
    one = {"store": south.id, "client": client}
    own = browser.as_(jia)
    own.post("store.clients_keep", {"allergies": "对酒精过敏"}, **one)
    assert "对酒精过敏" in own.get("store.clients_list", store=south.id, q="0001").text + str(
        own.get("store.clients_show", **one).soup
    )
    assert "请选择照片" in own.post("store.clients_photograph", {}, **one, status=422).text
    wrong = {"photos": (io.BytesIO(b"%PDF-1.4 no photo"), "x.jpg")}
    own.post("store.clients_photograph", wrong, **one, status=422)
    own.post("store.clients_photograph", {"photos": a_photo(), "caption": "护理前"}, **one)
    shown = own.get("store.clients_show", **one)
    link = str(shown.one(".shots a")["href"])
    photo = link.rsplit("/", 1)[1]
    answer = own.client.get(link)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"] == "private, no-store"
    # a clerk of the store looks, and changes nothing
    desk = browser.as_(clerk)
    assert desk.client.get(link).status_code == 200
    assert not desk.get("store.clients_show", **one).soup.select("form[action$='/photos']")
    desk.post("store.clients_photograph", {"photos": a_photo()}, **one, status=403)
    desk.post("store.clients_photo_remove", {}, **one, shot=photo, status=403)
    # another store never served him; then it does, and still has no photo of his
    other = browser.as_(far)
    assert other.client.get(link).status_code in (403, 404)
    there = {"store": east.id, "client": client}
    other.get("store.clients_show", **there, status=404)
    with world.work(Face.JOB) as work:
        facts = {"what": "补水", "technician": "林芳", "at": world.clock.now(), "state": VisitState.DONE.value}
        actions.tie(work, merchant.id, client, {"booking_id": new_id(), "store_id": east.id, **facts})
    assert "另有 1 张在别的门店" in other.get("store.clients_show", **there).text
    assert other.client.get(other.url("store.clients_photo", **there, shot=photo)).status_code == 404
    other.post("store.clients_photo_remove", {}, **there, shot=photo, status=404)
    own = browser.as_(jia)
    own.post("store.clients_photo_remove", {}, **one, shot=photo)
    assert own.client.get(link).status_code == 404
    kitchen = browser.as_(world.staff(merchant, Role.KITCHEN, stores=(south.id,)))
    kitchen.get("store.clients_list", store=south.id, status=403)


def test_two_who_write_at_once_lose_nothing(browser: Browser, world: World) -> None:
    merchant = world.merchant(name="云上美肤")
    store = world.store(merchant, "南城店")
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        client = actions.open_record(work, store.id, name="林女士")
    one, own = {"store": store.id, "client": client}, browser.as_(world.staff(merchant, Role.MANAGER))
    mine = own.get("store.clients_show", **one).form(str(client))
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        world.clock.advance(minutes=1)
        actions.keep(work, client, allergies="对酒精过敏", preferences="", note="")
    typed = mine | {"preferences": "轻一点"}
    refused = own.post("store.clients_keep", typed, **one, status=422)
    assert "刚刚改过档案" in refused.text
    again = refused.form(str(client))
    assert (again["preferences"], again["allergies"], "对酒精过敏" in refused.text) == ("轻一点", "", True)
    own.post("store.clients_keep", again | {"allergies": "对酒精过敏"}, **one)
    shown = own.get("store.clients_show", **one)
    assert "对酒精过敏" in shown.text
    assert shown.form(str(client))["preferences"] == "轻一点"
