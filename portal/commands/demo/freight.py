"""The suppliers' freight: fresh fruit does not go to the far west or across the sea, dry goods go almost everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from portal.commands.demo.casting import Cast
from portal.commands.demo.founding import Founded
from portal.domain.catalogue import queries as catalogue
from portal.domain.catalogue.queries import Asked
from portal.domain.freight import actions, queries
from portal.domain.freight.rules.places import GROUPS
from portal.domain.freight.values import Tariff, TemplateDraft, Unit, Zone
from portal.kernel.permissions import Role
from portal.kernel.work import Work

WRITTEN = timedelta(days=93)
BEYOND, FAR = GROUPS["港澳台"], ("65", "54")
NEAR = ("44",)

FRUIT = TemplateDraft(
    "鲜果 冷链",
    Unit.WEIGHT,
    Tariff(3000, 18_00, 1000, 4_00),
    (
        Zone(NEAR, Tariff(3000, 8_00, 1000, 2_00, 128_00)),
        Zone(("45", "46", "43", "36", "35"), Tariff(3000, 12_00, 1000, 3_00)),
    ),
    (*FAR, *BEYOND),
)
DRIED = TemplateDraft(
    "果干 轻件",
    Unit.PIECE,
    Tariff(2, 8_00, 1, 1_00),
    (Zone(NEAR, Tariff(2, 6_00, 1, 1_00)),),
    (*FAR, *BEYOND),
    99_00,
)
FINE = TemplateDraft(
    "标准快递",
    Unit.WEIGHT,
    Tariff(1000, 8_00, 1000, 3_00),
    (Zone(NEAR, Tariff(1000, 5_00, 1000, 2_00)), Zone(FAR, Tariff(1000, 18_00, 1000, 12_00, 299_00))),
    BEYOND,
    99_00,
)
HEAVY = TemplateDraft(
    "米面油 重货",
    Unit.WEIGHT,
    Tariff(5000, 16_00, 1000, 3_00),
    (Zone(NEAR, Tariff(5000, 8_00, 1000, 1_00, 168_00)),),
    (*FAR, *BEYOND),
)
DAILY = TemplateDraft(
    "日用 按件",
    Unit.PIECE,
    Tariff(1, 6_00, 1, 1_00),
    (Zone(NEAR, Tariff(1, 0, 1, 0)), Zone((*FAR, "15", "63"), Tariff(1, 15_00, 1, 6_00, 199_00))),
    BEYOND,
    59_00,
)
BULKY = TemplateDraft(
    "大件 按重量",
    Unit.WEIGHT,
    Tariff(2000, 12_00, 1000, 4_00),
    (Zone(NEAR, Tariff(2000, 6_00, 1000, 2_00)),),
    (*FAR, *BEYOND),
)
TEMPLATES: dict[str, tuple[TemplateDraft, dict[TemplateDraft, tuple[str, ...]]]] = {
    "岭南果源": (FRUIT, {DRIED: ("荔枝干", "龙眼干", "芒果干", "菠萝蜜干", "柠檬片")}),
    "松湖优选": (FINE, {HEAVY: ("丝苗米", "压榨花生油")}),
    "莞邑日用": (DAILY, {BULKY: ("收纳箱", "不粘炒锅", "洗衣液")}),
}


def price_the_way(cast: Cast, founded: Founded) -> None:
    """Give each supplier his templates, once."""
    for supplier, (default, others) in TEMPLATES.items():
        owner, merchant_id = founded.owners[supplier], founded.merchants[supplier]
        with cast.staff(owner, merchant_id, Role.OWNER, ago=WRITTEN) as work:
            if queries.templates(work):
                return
            actions.create(work, draft=default, default=True)
            for draft, names in others.items():
                actions.assign(work, _called(work, names), template_id=actions.create(work, draft=draft))


def _called(work: Work, names: Iterable[str]) -> list[UUID]:
    """The products whose names begin so."""
    found = [one for name in names for one in catalogue.products(work, Asked(words=name))[0]]
    return [one.id for one in found if one.name.startswith(tuple(names))]
