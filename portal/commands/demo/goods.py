"""The suppliers' goods: written, reviewed and priced by the acts of the portal, with some in every state."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from portal.commands.demo import drawings, founding
from portal.commands.demo.casting import Cast
from portal.commands.demo.founding import Founded, Maps
from portal.domain.catalogue import actions, queries
from portal.domain.catalogue.queries import Asked
from portal.domain.catalogue.queries.platform import versions
from portal.domain.catalogue.rules.goods import check_digit
from portal.domain.catalogue.values import Movement, Option, ProductDraft, SaleDraft, SkuDraft
from portal.kernel.permissions import Role

WRITTEN, REVIEWED = timedelta(days=95), timedelta(days=94)
FRESH = {"水果", "蔬菜蛋品"}


def stock_shelves(cast: Cast, founded: Founded) -> None:
    """Fill the three suppliers' shelves once."""
    with (Path(__file__).parent / "goods.toml").open("rb") as file:
        facts = tomllib.load(file)
    first = facts["supplier"][0]["name"]
    with cast.staff(founded.owners[first], founded.merchants[first], Role.OWNER) as work:
        if queries.products(work, Asked())[0]:
            return
    every = [thing for supplier in facts["supplier"] for thing in supplier["goods"]]
    cast.studio.order(drawings.thing, [one["name"] for one in every if one.get("state") != "draft"])
    with cast.platform(founding.REVIEWER, ago=WRITTEN) as work:
        brands = {name: actions.add_brand(work, name=name, name_en=english) for name, english in facts["brands"]}
    maps, made = founding.maps(cast), {}
    for number, supplier in enumerate(facts["supplier"]):
        for at, thing in enumerate(supplier["goods"]):
            draft = _draft(thing, supplier["option"], maps, brands[supplier["brand"]], number * 1000 + at)
            made[thing["name"]] = _write(cast, founded, supplier["name"], draft, thing.get("state", "on_sale"))
    _live(cast, founded, made)


def _draft(thing: dict[str, Any], option: str, maps: Maps, brand: UUID, number: int) -> ProductDraft:
    options = (Option(option, tuple(sku[0] for sku in thing["skus"])),)
    skus = []
    for at, (choice, supply, suggested, grams, stock) in enumerate(thing["skus"]):
        body = f"299{number:05d}{at:04d}"  # 200–299 are for use inside a house, nobody's goods
        code, barcode = f"{number:04d}-{at + 1}", body + check_digit(body)
        skus.append(SkuDraft((choice,), supply, suggested, grams, code, barcode, low_mark=10, opening=stock))
    category, returnable = maps.categories[thing["category"]], thing["category"] not in FRESH
    return ProductDraft(thing["name"], category, brand, thing["detail"], returnable, options, tuple(skus))


def _write(cast: Cast, founded: Founded, supplier: str, draft: ProductDraft, state: str) -> UUID:
    """Write one and bring it into its state; its id."""
    owner, merchant_id = founded.owners[supplier], founded.merchants[supplier]
    recent = state in ("draft", "review", "refused")
    with cast.staff(owner, merchant_id, Role.OWNER, ago=timedelta(hours=20) if recent else WRITTEN) as work:
        product_id = actions.create(work, draft=draft)
        if state != "draft":
            actions.add_photos(work, product_id, pictures=[cast.studio.picture(drawings.thing, draft.name)])
            actions.submit(work, product_id)
    if state == "refused":
        with cast.platform(founding.REVIEWER, ago=timedelta(hours=4)) as work:
            version = versions(work, product_id)[0]
            reason = "介绍里不能写疗效（“治咳嗽”），请删掉后重新提交。"
            actions.refuse(work, product_id, revision_id=version.id, reason=reason)
    if recent:
        return product_id
    with cast.platform(founding.REVIEWER, ago=REVIEWED) as work:
        _approve(work, product_id)
    if state == "off_sale":
        with cast.staff(owner, merchant_id, Role.OWNER, ago=timedelta(days=6)) as work:
            actions.take_off(work, [product_id], reason="过季，明年再上。")
    if state == "forced":
        with cast.platform(founding.REVIEWER, ago=timedelta(days=2)) as work:
            actions.force_off(work, product_id, reason="“林下散养”请补充养殖证明。")
    return product_id


def _approve(work: Any, product_id: UUID) -> None:
    """At the suggested price, with a member price five per cent below where that still earns."""
    version, sales = versions(work, product_id)[0], []
    for sku in version.facts["skus"]:
        member = sku["suggested_fen"] * 95 // 1000 * 10
        sales.append(SaleDraft(UUID(sku["id"]), sku["suggested_fen"], max(member, sku["supply_fen"])))
    actions.approve(work, product_id, revision_id=version.id, sales=sales)


def _live(cast: Cast, founded: Founded, made: dict[str, UUID]) -> None:
    """One price waits, one was small enough, one product runs low, one waits with a new version."""
    paper, sausage, rice = made["抽纸 原木浆 24 包"], made["广式腊肠 自然晾晒"], made["丝苗米 新米"]
    household, fine = "莞邑日用", "松湖优选"
    with cast.staff(
        founded.owners[household], founded.merchants[household], Role.OWNER, ago=timedelta(hours=6)
    ) as work:
        first = queries.product(work, paper).skus[0]
        actions.ask(work, first.id, supply_fen=2380, suggested_fen=3390, note="木浆涨价，附上游调价函。")
        box = queries.product(work, made["竹砧板"]).skus[0]
        actions.adjust(work, box.id, kind=Movement.DAMAGED, quantity=53, note="雨天进水，整板报损。")
    with cast.staff(founded.owners[fine], founded.merchants[fine], Role.OWNER, ago=timedelta(days=3)) as work:
        small = queries.product(work, rice).skus[0]
        actions.ask(work, small.id, supply_fen=3780, suggested_fen=4980, note="新米收购价上调。")
    with cast.staff(founded.owners[fine], founded.merchants[fine], Role.OWNER, ago=timedelta(hours=9)) as work:
        shown = queries.product(work, sausage)
        skus = tuple(
            SkuDraft(one.values, one.supply_fen, one.suggested_fen, one.grams, one.code, one.barcode, one.low_mark)
            for one in shown.skus
        )
        detail = shown.detail + "\n本批生产日期在包装背面，阴凉处可放六个月。"
        name = "广式腊肠 古法日晒"
        draft = ProductDraft(name, shown.category_id, shown.brand_id, detail, True, shown.options, skus)  # noqa: FBT003
        actions.edit(work, sausage, draft=draft, version=shown.version)
        actions.submit(work, sausage)
