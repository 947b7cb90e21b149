"""The categories an installation begins with: what a Chinese street sells, in two trees. Codes never change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

STORES = (
    ("food", "美食", "Food", (
        ("tea", "茶饮咖啡", "Tea and coffee"),
        ("noodles", "小吃快餐", "Snacks and fast food"),
        ("hotpot", "火锅", "Hot pot"),
        ("cantonese", "粤菜", "Cantonese"),
        ("restaurants", "中餐", "Chinese restaurants"),
        ("western", "西餐日料", "Western and Japanese"),
        ("grill", "烧烤夜宵", "Grill and late night"),
        ("bakery", "面包甜点", "Bakery and desserts"),
    )),
    ("beauty", "丽人", "Beauty", (
        ("hair", "美发", "Hairdressers"),
        ("skin", "美容护肤", "Skin care"),
        ("nails", "美甲美睫", "Nails and lashes"),
    )),
    ("shops", "购物", "Shops", (
        ("market", "超市便利店", "Supermarkets and corner shops"),
        ("greengrocer", "水果生鲜", "Fruit and fresh food"),
        ("chemist", "药店", "Chemists"),
        ("fashion", "服饰鞋包", "Clothes, shoes, bags"),
        ("flowers", "鲜花绿植", "Flowers and plants"),
    )),
    ("leisure", "休闲娱乐", "Leisure", (
        ("massage", "足疗按摩", "Massage"),
        ("fitness", "运动健身", "Sports and fitness"),
        ("karaoke", "唱歌桌游", "Karaoke and board games"),
        ("children", "亲子乐园", "For children"),
    )),
    ("services", "生活服务", "Services", (
        ("laundry", "洗衣家政", "Laundry and cleaning"),
        ("repair", "维修开锁", "Repairs and locks"),
        ("car", "汽车服务", "Car services"),
        ("pets", "宠物", "Pets"),
        ("stay", "酒店民宿", "Hotels and guest houses"),
    )),
)  # fmt: skip
GOODS = (
    ("grocery", "食品粮油", "Groceries", (
        ("goods-preserved", "腊味干货", "Cured and dried food"),
        ("goods-snacks", "零食糕点", "Snacks and pastries"),
        ("goods-drinks", "酒水饮料", "Drinks"),
        ("goods-oil", "米面粮油", "Rice, flour, oil"),
    )),
    ("fresh", "生鲜水果", "Fresh food and fruit", (
        ("goods-fruit", "水果", "Fruit"),
        ("goods-meat", "肉禽水产", "Meat and fish"),
        ("goods-vegetables", "蔬菜蛋品", "Vegetables and eggs"),
    )),
    ("household", "日用百货", "Household", (
        ("goods-paper", "纸品清洁", "Paper and cleaning"),
        ("goods-kitchen", "厨房餐具", "Kitchen and table"),
        ("goods-care", "个人护理", "Personal care"),
    )),
    ("goods-home", "家居家电", "Home and appliances", ()),
    ("goods-fashion", "服饰鞋包", "Clothes, shoes, bags", ()),
    ("goods-beauty", "美妆护肤", "Cosmetics", ()),
    ("goods-children", "母婴玩具", "Mother, baby, toys", ()),
    ("goods-digital", "数码文具", "Digital and stationery", ()),
)  # fmt: skip


def rows() -> list[dict[str, object]]:
    """Every category as a row; ids follow from the codes, so that every installation has the same."""
    return [*_tree("stores", STORES), *_tree("goods", GOODS)]


def _tree(purpose: str, roots: tuple) -> Iterator[dict[str, object]]:
    for place, (code, name, name_en, children) in enumerate(roots, start=1):
        root = _row(purpose, None, place, code, name, name_en)
        yield root
        for below, child in enumerate(children, start=1):
            yield _row(purpose, root["id"], below, *child)


def _row(purpose: str, parent: object, place: int, code: str, name: str, name_en: str) -> dict[str, object]:
    made = uuid5(NAMESPACE_URL, f"jieshi/categories/{code}")
    words = {"code": code, "purpose": purpose, "name": name, "name_en": name_en}
    return {"id": made, "parent_id": parent, "position": place, "created_at": datetime(2026, 1, 1, tzinfo=UTC), **words}
