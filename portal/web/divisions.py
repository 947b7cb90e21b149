"""Administrative divisions to choose from without script: provinces, their cities, the areas of the city chosen."""

from __future__ import annotations

from flask_babel import gettext

from portal.domain.regions import queries
from portal.domain.regions.values import Level
from portal.kernel.work import Work

Choices = list[tuple[str, str]] | dict[str, list[tuple[str, str]]]


def region_choices(work: Work, chosen: str = "") -> dict[str, list[tuple[str, str]]]:
    """Groups for a select: each province with itself and its cities; first the areas of the city chosen before."""
    provinces: dict[str, list[tuple[str, str]]] = {}
    names: dict[str, str] = {}
    for one in queries.every(work, levels=(Level.PROVINCE, Level.CITY)):
        if one.level is Level.PROVINCE:
            names[one.code] = one.name
            provinces[one.name] = [(one.code, gettext("%(name)s（全省级）", name=one.name))]
        else:
            provinces[names[one.parent or ""]].append((one.code, one.name))
    groups = {gettext("还没有选"): [("", gettext("请选择"))]}
    city = chosen[:4]
    areas = queries.children(work, city) if len(city) == len("4419") else []
    if areas:
        within = next((name for rows in provinces.values() for code, name in rows if code == city), "")
        title = gettext("%(city)s 的区县", city=within)
        groups[title] = [(area.code, f"{within} {area.name}") for area in areas]
    return groups | provinces
