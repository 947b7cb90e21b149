"""Administrative divisions to choose from without script: provinces, their cities, the areas of the city chosen."""

from __future__ import annotations

from wtforms import SelectChoice

from portal.domain.regions import queries
from portal.domain.regions.values import Level
from portal.kernel.work import Work
from portal.web.locale import gettext

CITY = 4  # the length of a city's code


def region_choices(work: Work, chosen: str = "") -> list[SelectChoice]:
    """Each province with itself and its cities; first the areas of the city that was chosen before."""
    provinces: dict[str, str] = {}
    rows: list[SelectChoice] = []
    for one in queries.every(work, levels=(Level.PROVINCE, Level.CITY)):
        if one.level is Level.PROVINCE:
            provinces[one.code] = one.name
            rows.append(SelectChoice(one.code, gettext("%(name)s（全省级）", name=one.name), optgroup=one.name))
        else:
            rows.append(SelectChoice(one.code, one.name, optgroup=provinces[one.parent or ""]))
    rows.sort(key=lambda row: row.value)
    return [SelectChoice("", gettext("请选择")), *_areas(work, chosen[:CITY], rows), *rows]


def _areas(work: Work, city: str, rows: list[SelectChoice]) -> list[SelectChoice]:
    areas = queries.children(work, city) if len(city) == CITY else []
    within = next((str(row.label) for row in rows if row.value == city), "")
    title = gettext("%(city)s 的区县", city=within)
    return [SelectChoice(area.code, f"{within} {area.name}", optgroup=title) for area in areas]
