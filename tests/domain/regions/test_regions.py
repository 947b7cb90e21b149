"""Divisions are loaded once, told as people write them, and found step by step."""

from __future__ import annotations

import pytest

from portal.commands.regions import LIST, read_regions
from portal.domain.regions import actions, queries
from portal.domain.regions.rules import area_of, codes_of, spoken
from portal.domain.regions.values import Level, RegionName
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.scope import Face
from tests.factories.world import World

GUANGDONG = (
    RegionName("44", "广东省", Level.PROVINCE, None),
    RegionName("4403", "深圳市", Level.CITY, "44"),
    RegionName("440305", "南山区", Level.AREA, "4403"),
    RegionName("440305007", "粤海街道", Level.STREET, "440305"),
    RegionName("4419", "东莞市", Level.CITY, "44"),
    RegionName("441900", "东莞市", Level.AREA, "4419"),
    RegionName("441900104", "石排镇", Level.STREET, "441900", 23.087, 113.92),
)
BEIJING = (
    RegionName("11", "北京市", Level.PROVINCE, None),
    RegionName("1101", "市辖区", Level.CITY, "11"),
    RegionName("110105", "朝阳区", Level.AREA, "1101"),
)


def test_loading_twice_changes_nothing(world: World) -> None:
    with world.work(Face.JOB) as work:
        assert actions.load(work, GUANGDONG) == actions.Loaded(7, 0, 0)
        assert actions.load(work, GUANGDONG) == actions.Loaded(0, 0, 7)
        renamed = RegionName("441900104", "石排", Level.STREET, "441900")
        assert actions.load(work, [renamed]) == actions.Loaded(0, 1, 0)
        (*_, town) = queries.path(work, "441900104")
        assert (town.name, town.lat) == ("石排", 23.087), "a centre that is not given stays"


def test_children_paths_and_refusals(world: World) -> None:
    with world.work(Face.JOB) as work:
        actions.load(work, (*GUANGDONG, *BEIJING))
    with world.work(Face.SHOP) as work:
        assert [region.name for region in queries.children(work, None)] == ["北京市", "广东省"]
        assert [region.name for region in queries.children(work, "44")] == ["深圳市", "东莞市"]
        assert [region.code for region in queries.path(work, "440305007")] == ["44", "4403", "440305", "440305007"]
        assert queries.path(work, None) == ()
        with pytest.raises(NotFound):
            queries.path(work, "99")
        with pytest.raises(Refusal):
            queries.check(work, "4499")


def test_paths_are_told_as_people_write_them() -> None:
    town = (GUANGDONG[0], *GUANGDONG[4:])
    assert spoken(town) == "广东省东莞市石排镇"
    assert area_of(town) == "东莞市石排镇"
    assert area_of(GUANGDONG[:4]) == "深圳市南山区"
    assert spoken(BEIJING) == area_of(BEIJING) == "北京市朝阳区"
    assert area_of(BEIJING[:1]) == "北京市"
    assert area_of(()) == ""
    assert codes_of("441900104") == ("44", "4419", "441900", "441900104")


@pytest.mark.skipif(not LIST.exists(), reason="run `make assets` first")
def test_the_whole_list_fits(world: World) -> None:
    with world.work(Face.JOB) as work:
        done = actions.load(work, read_regions(LIST))
    assert done.made > 44_000
    with world.work(Face.SHOP) as work:
        assert {region.name for region in queries.children(work, "441900")} >= {"石排镇", "松山湖", "虎门镇"}
        assert queries.children(work, "81")[0].name
