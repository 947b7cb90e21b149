"""Menus of the town: hotpot, weighed or at the day's price, tea with sugar and ice, rice noodles, a night stall.

What the hotpot house has run out of tonight, what one of its branches does not serve, how each house keeps its tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from portal.commands.demo.casting import Cast
from portal.commands.demo.founding import Founded
from portal.domain.menus import actions, queries
from portal.domain.menus.values import DishFacts, DishKind, Group, MenuFacts, Option, Pricing, TableRules
from portal.kernel.database import new_id
from portal.kernel.hours import parse_week
from portal.kernel.permissions import Role
from portal.kernel.work import Work

HOTPOT, TEA, NOODLES, NIGHT = "炉前潮汕牛肉", "茶小满", "老梁米粉", "阿婆夜宵"
Choice = tuple[str, bool, int, int, tuple[tuple[str, int], ...]]
Line = tuple[str, int, str, tuple[Choice, ...]]
POT: Choice = ("锅底大小", True, 1, 1, (("小锅", 38_00), ("大锅", 58_00)))
HEAT: Choice = ("辣度", False, 1, 1, (("不辣", 0), ("微辣", 0), ("中辣", 0), ("特辣", 0)))
CUP: Choice = ("杯型", True, 1, 1, (("中杯", 16_00), ("大杯", 19_00)))
SUGAR: Choice = ("甜度", False, 1, 1, (("全糖", 0), ("七分糖", 0), ("三分糖", 0), ("不另加糖", 0)))
ICE: Choice = ("冰量", False, 1, 1, (("正常冰", 0), ("少冰", 0), ("去冰", 0), ("热", 0)))
TOPPING: Choice = ("加料", False, 0, 3, (("珍珠", 2_00), ("椰果", 2_00), ("芋泥", 4_00), ("奶盖", 4_00)))
BOWL: Choice = ("份量", True, 1, 1, (("小碗", 12_00), ("大碗", 15_00)))
EXTRA: Choice = ("加点", False, 0, 4, (("加粉", 2_00), ("卤蛋", 2_50), ("牛腩", 8_00), ("不要葱", 0)))

MENUS: dict[str, tuple[tuple[str, str | None, str, dict[str, tuple[Line, ...]]], ...]] = {
    HOTPOT: (
        (
            "正餐",
            None,
            "热菜",
            {
                "锅底": (("清汤牛骨锅", 38_00, "汤锅", (POT,)), ("沙茶锅", 46_00, "汤锅", (HEAT,))),
                "鲜切牛肉": (
                    ("吊龙", 48_00, "切配", ()),
                    ("匙仁", 52_00, "切配", ()),
                    ("五花趾", 56_00, "切配", ()),
                    ("嫩肉", 38_00, "切配", ()),
                    ("牛百叶", 36_00, "切配", ()),
                ),
                "丸滑": (("手打牛肉丸", 32_00, "切配", ()), ("牛筋丸", 34_00, "切配", ())),
                "蔬菜主食": (
                    ("生菜", 12_00, "凉菜", ()),
                    ("炸腐皮", 16_00, "凉菜", ()),
                    ("粿条", 10_00, "热菜", (("做法", False, 1, 1, (("下锅", 0), ("干炒", 6_00))),)),
                ),
                "蘸料茶水": (("沙茶酱", 5_00, "凉菜", ()), ("纸巾", 2_00, "", ()), ("凤凰单丛", 28_00, "水吧", ())),
            },
        ),
        (
            "夜宵小吃",
            "21:00-02:00",
            "热菜",
            {"小吃": (("蚝烙", 38_00, "热菜", ()), ("炒薄壳", 42_00, "热菜", (HEAT,)))},
        ),
    ),
    TEA: (
        (
            "饮品",
            None,
            "水吧",
            {
                "招牌": (
                    ("鸭屎香柠檬茶", 16_00, "水吧", (CUP, SUGAR, ICE, TOPPING)),
                    ("杨枝甘露", 19_00, "水吧", (SUGAR, ICE)),
                ),
                "奶茶": (
                    ("大红袍奶茶", 16_00, "水吧", (CUP, SUGAR, ICE, TOPPING)),
                    ("芋泥波波", 18_00, "水吧", (SUGAR,)),
                ),
                "小点": (("海盐蛋挞", 6_00, "烘焙", ()), ("香芋酥", 8_00, "烘焙", ())),
            },
        ),
    ),
    NOODLES: (
        (
            "全天",
            None,
            "粉档",
            {
                "米粉": (("牛腩米粉", 12_00, "粉档", (BOWL, HEAT, EXTRA)), ("三鲜米粉", 14_00, "粉档", (HEAT, EXTRA))),
                "小吃": (("炸豆腐", 6_00, "粉档", ()), ("酸豆角", 3_00, "", ()), ("豆浆", 4_00, "", ())),
            },
        ),
    ),
    NIGHT: (
        (
            "夜宵",
            "18:00-03:00",
            "烤档",
            {
                "烧烤": (
                    ("羊肉串", 5_00, "烤档", (HEAT,)),
                    ("烤生蚝", 8_00, "烤档", (("口味", False, 1, 1, (("蒜蓉", 0), ("原味", 0))),)),
                    ("烤茄子", 15_00, "烤档", (HEAT,)),
                ),
                "砂锅粥": (("虾蟹粥", 88_00, "粥档", ()), ("皮蛋瘦肉粥", 38_00, "粥档", ())),
            },
        ),
    ),
}
SPECIAL = (
    (HOTPOT, "鲜切牛肉", DishFacts("雪花牛肉", 98_00, "斤", pricing=Pricing.WEIGHT, station="切配", note="现切现称")),
    (
        HOTPOT,
        "鲜切牛肉",
        DishFacts("胸口朥", pricing=Pricing.MARKET, station="切配", note="一头牛只有一小块，按当天价"),
    ),
    (NIGHT, "砂锅粥", DishFacts("花蟹", pricing=Pricing.MARKET, unit="只", station="粥档")),
)


def cook(cast: Cast, founded: Founded) -> None:
    """Write every menu, once."""
    for name, books in MENUS.items():
        if name not in founded.merchants:
            continue
        with cast.staff(founded.owners[name], founded.merchants[name], Role.OWNER, ago=timedelta(days=30)) as work:
            if queries.menus(work):
                return
            dishes: dict[str, UUID] = {}
            for book in books:
                dishes |= _book(work, name, *book)
        with cast.staff(founded.owners[name], founded.merchants[name], Role.OWNER) as work:
            _house(work, founded, name, dishes)


def _book(
    work: Work, house: str, name: str, hours: str | None, station: str, sections: dict[str, tuple[Line, ...]]
) -> dict[str, UUID]:
    menu = actions.create_menu(work, MenuFacts(name, hours=parse_week(hours) if hours else None))
    found: dict[str, UUID] = {}
    for title, lines in sections.items():
        section = actions.add_section(work, menu, title)
        for dish, fen, place, choices in lines:
            facts = DishFacts(dish, fen, station=place or station, sections=(section,))
            found[dish] = actions.create(work, facts, [_group(one) for one in choices])
        for owner, where, facts in SPECIAL:
            if (owner, where) == (house, title):
                found[facts.name] = actions.create(work, _in(facts, section))
    return found


def _in(facts: DishFacts, section: UUID) -> DishFacts:
    return DishFacts(**{**facts.__dict__, "sections": (section,)})


def _group(choice: Choice, parts: Sequence[UUID | None] = ()) -> Group:
    name, full, least, most, options = choice
    found = [Option(new_id(), word, fen, parts[at] if parts else None) for at, (word, fen) in enumerate(options)]
    return Group(new_id(), name, full, least, most, tuple(found))


def _house(work: Work, founded: Founded, name: str, dishes: dict[str, UUID]) -> None:
    """How each house keeps its tables tonight."""
    mine = [store for title, store in founded.stores.items() if title.startswith(name)]
    if name == HOTPOT:
        _combo(work, dishes)
        rules = TableRules(3_00, "茶位费", (dishes["纸巾"],), "after", "staff", shared=True, joins="asked")
        actions.stop(work, mine[0], dishes["牛百叶"], until=work.now() + timedelta(hours=5))
        actions.set_choice(work, mine[-1], dishes["五花趾"], offered=False, price_fen=None)
        actions.set_choice(work, mine[-1], dishes["吊龙"], offered=True, price_fen=52_00)
    else:
        rules = TableRules(0, "茶位费", (), "before" if name == TEA else "after", "guest", shared=True, joins="open")
    for store in mine:
        actions.set_table_rules(work, store, rules)


def _combo(work: Work, dishes: dict[str, UUID]) -> None:
    section = queries.menus(work)[0].sections[1].id
    beef = ("任选两份牛肉", False, 2, 2, (("吊龙", 0), ("匙仁", 4_00), ("嫩肉", 0)))
    balls = ("丸子", False, 1, 1, (("手打牛肉丸", 0), ("牛筋丸", 2_00)))
    parts = [[dishes[word] for word, _fen in choice[4]] for choice in (beef, balls)]
    combo = DishFacts("双人牛肉套餐", 138_00, kind=DishKind.COMBO, station="切配", note="两份牛肉一份丸，配生菜粿条")
    dish_id = actions.create(work, _in(combo, section))
    groups = [_group(beef, parts[0]), _group(balls, parts[1])]
    actions.set_groups(work, dish_id, groups, version=1)
