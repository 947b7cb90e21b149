"""Positions, datums and the ring that says where maps are shifted."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.geo import Datum, Position, distance_metres, from_datum, is_mainland
from portal.kernel.refusals import Refusal
from tests.kernel.real import rows

MAINLAND = {
    "深圳福田口岸": (22.5178, 114.0662),
    "深圳皇岗口岸": (22.5205, 114.0690),
    "深圳罗湖口岸": (22.5325, 114.1130),
    "深圳文锦渡": (22.5400, 114.1300),
    "深圳莲塘": (22.5640, 114.1640),
    "深圳沙头角": (22.5560, 114.2290),
    "深圳盐田港": (22.5720, 114.2700),
    "深圳湾口岸": (22.5030, 113.9440),
    "深圳蛇口": (22.4830, 113.9130),
    "深圳南澳": (22.5370, 114.4830),
    "深圳内伶仃岛": (22.4150, 113.8020),
    "珠海拱北": (22.2200, 113.5480),
    "珠海湾仔": (22.1950, 113.5240),
    "珠海横琴": (22.1300, 113.5250),
    "珠海外伶仃岛": (22.1050, 114.0320),
    "厦门会展中心": (24.4670, 118.1820),
    "厦门鼓浪屿": (24.4470, 118.0660),
    "厦门大嶝岛": (24.5600, 118.3250),
    "晋江围头": (24.5180, 118.5600),
    "连江黄岐": (26.3310, 119.8760),
    "福州平潭": (25.5000, 119.7900),
    "丹东站": (40.1240, 124.3870),
    "丹东新区": (39.9920, 124.3440),
    "集安": (41.1250, 126.1850),
    "图们": (42.9680, 129.8430),
    "珲春": (42.8620, 130.3660),
    "绥芬河": (44.3980, 131.1470),
    "抚远": (48.3650, 134.2950),
    "黑河": (50.2440, 127.4990),
    "漠河北极村": (53.4800, 122.3600),
    "满洲里": (49.5980, 117.4300),
    "二连浩特": (43.6500, 111.9770),
    "策克": (42.2800, 101.2800),
    "阿拉山口": (45.1720, 82.5700),
    "霍尔果斯": (44.2050, 80.4180),
    "塔城": (46.7460, 82.9830),
    "喀什": (39.4700, 75.9900),
    "塔什库尔干": (37.7720, 75.2280),
    "樟木": (27.9900, 85.9830),
    "普兰": (30.2940, 81.1760),
    "亚东": (27.4850, 88.9070),
    "瑞丽": (24.0130, 97.8520),
    "瑞丽姐告": (23.9830, 97.8830),
    "畹町": (24.0880, 98.0680),
    "磨憨": (21.1950, 101.6900),
    "河口": (22.5060, 103.9560),
    "凭祥": (22.0950, 106.7650),
    "东兴": (21.5430, 107.9720),
    "北海涠洲岛": (21.0400, 109.1150),
    "三亚": (18.2530, 109.5120),
    "东莞石排": (23.0870, 113.9200),
}
ELSEWHERE = {
    "香港落马洲": (22.5130, 114.0655),
    "香港罗湖站": (22.5280, 114.1135),
    "香港上水": (22.5020, 114.1280),
    "香港元朗": (22.4450, 114.0220),
    "香港天水围": (22.4600, 114.0050),
    "香港沙头角墟": (22.5420, 114.2120),
    "香港东平洲": (22.5420, 114.4330),
    "香港机场": (22.3080, 113.9190),
    "香港大澳": (22.2540, 113.8640),
    "香港蒲台": (22.1680, 114.2500),
    "澳门关闸": (22.2130, 113.5490),
    "澳门大三巴": (22.1975, 113.5408),
    "澳门妈阁庙": (22.1860, 113.5315),
    "澳门氹仔": (22.1560, 113.5560),
    "澳门路环": (22.1170, 113.5530),
    "金门金城": (24.4340, 118.3180),
    "小金门": (24.4270, 118.2400),
    "马祖南竿": (26.1600, 119.9500),
    "台北": (25.0330, 121.5650),
    "高雄": (22.6270, 120.3010),
    "新义州": (40.0950, 124.4000),
    "满浦": (41.1570, 126.2900),
    "惠山": (41.3970, 128.1780),
    "南阳": (42.9500, 129.8680),
    "哈桑": (42.4300, 130.6450),
    "海参崴": (43.1150, 131.8850),
    "格罗杰科沃": (44.4050, 131.3800),
    "伯力": (48.4800, 135.0700),
    "布拉戈维申斯克": (50.2700, 127.5400),
    "后贝加尔斯克": (49.6510, 117.3200),
    "扎门乌德": (43.7300, 111.9000),
    "乌兰巴托": (47.9200, 106.9200),
    "多斯特克": (45.2530, 82.4850),
    "扎尔肯特": (44.1670, 80.0030),
    "阿拉木图": (43.2380, 76.9450),
    "加德满都": (27.7170, 85.3240),
    "木姐": (23.9900, 97.9150),
    "磨丁": (21.1750, 101.6800),
    "老街": (22.4800, 103.9750),
    "同登": (21.9450, 106.7000),
    "芒街": (21.5250, 107.9680),
    "河内": (21.0280, 105.8540),
    "新加坡": (1.2900, 103.8500),
    "首尔": (37.5660, 126.9780),
    "东京": (35.6810, 139.7670),
}
BESIDE_THE_BORDER = {
    "香港落马洲",
    "香港罗湖站",
    "澳门关闸",
    "澳门大三巴",
    "澳门妈阁庙",
    "澳门路环",
    "哈桑",
    "磨丁",
}


@pytest.mark.parametrize("name", MAINLAND)
def test_a_mainland_place_is_shifted(name):
    here = Position(*MAINLAND[name])
    assert is_mainland(here.lat, here.lng)
    assert 100 < distance_metres(here, Position(*here.to(Datum.GCJ02))) < 1000


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_place_elsewhere_is_the_same_on_every_map(name):
    here = Position(*ELSEWHERE[name])
    for datum in Datum:
        assert here.to(datum) == (here.lat, here.lng)
        read = from_datum(here.lat, here.lng, datum)
        assert read == here or (name in BESIDE_THE_BORDER and is_mainland(read.lat, read.lng))


def test_the_published_figures_are_met():
    assert Position(39.908722, 116.397499).to(Datum.GCJ02) == pytest.approx((39.91012550007891, 116.4037425752605))
    back = from_datum(39.908722, 116.397499, Datum.GCJ02)
    assert (back.lat, back.lng) == pytest.approx((39.90732075313109, 116.39125786491222), abs=1e-9)


@given(st.floats(20, 50), st.floats(75, 130), st.sampled_from([Datum.GCJ02, Datum.BD09]))
def test_there_and_back_loses_less_than_a_metre(lat, lng, datum):
    here = Position(lat, lng)
    lat_there, lng_there = here.to(datum)
    back = from_datum(lat_there, lng_there, datum)
    if is_mainland(lat, lng):
        assert distance_metres(here, back) < 1
    else:  # beside the border the place in the mainland wins
        assert distance_metres(here, back) < 1 or is_mainland(back.lat, back.lng)


@pytest.mark.parametrize(
    ("lat", "lng", "says"),
    [
        (114.05, 22.54, "写反"),
        (200, 22.54, "超出范围"),
        (0, 181, "超出范围"),
        (math.nan, 1, "不是数字"),
        (math.inf, 1, "不是数字"),
    ],
)
def test_what_is_not_on_earth_is_refused(lat, lng, says):
    with pytest.raises(Refusal, match=says) as refused:
        from_datum(lat, lng, Datum.GCJ02)
    assert refused.value.field == "position"


def test_distance_is_that_of_earthdistance():
    assert distance_metres(Position(0, 0), Position(0, 180)) == pytest.approx(math.pi * 6378168)
    assert distance_metres(Position(0, 0), Position(1, 0)) == pytest.approx(6378168 * math.radians(1))
    here = Position(22.5, 114)
    assert distance_metres(here, here) == 0
    assert distance_metres(here, Position(23, 113)) == distance_metres(Position(23, 113), here)


@pytest.mark.real_data
def test_three_libraries_agree_with_us_inside_the_ring():
    compared = shifted_abroad = 0
    for row in rows("geo_vectors.csv.gz"):
        value = {key: float(text) for key, text in row.items() if key not in {"label", "three_libraries_agree"}}
        here = Position(value["lat"], value["lng"])
        if not is_mainland(here.lat, here.lng):
            shifted_abroad += 1
            assert here.to(Datum.GCJ02) == (here.lat, here.lng), row["label"]
            continue
        compared += 1
        for found, name, metres in (
            (Position(*here.to(Datum.GCJ02)), "wgs_to_gcj", 0.5),
            (Position(*here.to(Datum.BD09)), "wgs_to_bd", 0.5),
            (from_datum(here.lat, here.lng, Datum.GCJ02), "gcj_to_wgs", 4),
        ):
            expected = Position(value[f"{name}_lat"], value[f"{name}_lng"])
            assert distance_metres(found, expected) < metres, (row["label"], name)
    print(f"{compared} positions within 4 m of three libraries, {shifted_abroad} abroad left alone")
    assert compared > 300


@pytest.mark.real_data
def test_every_county_of_the_mainland_is_inside():
    """The file is in GCJ-02. What is outside is what is not a county of the mainland."""
    abroad = {
        "澳门特别行政区",
        "香港特别行政区",
        "台北市",
        "金门县",
        "南沙群岛",
        "西沙群岛",
        "中沙群岛的岛礁及其海域",
    }
    outside = {
        row["name"]
        for row in rows("cn_city_coords.csv.gz")
        if not is_mainland(*_pair(from_datum(float(row["latitude"]), float(row["longitude"]), Datum.GCJ02)))
    }
    assert outside <= abroad


@pytest.mark.real_data
def test_sixteen_thousand_named_places_are_on_the_right_side():
    """Left out: parishes of Macau filed under CN, and Hekou, whose point lies across the river."""
    wrong, count = [], 0
    for row in rows("geonames_cn_places.csv.gz"):
        misfiled = row["admin1"] == "30" and float(row["lat"]) < 22.2155 and float(row["lng"]) < 113.56
        if row["country"] not in {"CN", "HK", "MO"} or row["geonameid"] == "1808588" or misfiled:
            continue
        count += 1
        if is_mainland(float(row["lat"]), float(row["lng"])) is not (row["country"] == "CN"):
            wrong.append((row["geonameid"], row["name"]))
    print(f"{count} places, {len(wrong)} on the wrong side: {wrong}")
    assert not wrong


@pytest.mark.real_data
def test_six_stores_abroad_stand_where_the_file_says():
    moved = stayed = 0
    for row in rows("stores_cn.csv.gz"):
        position = from_datum(float(row["lat"]), float(row["lng"]), Datum.GCJ02)
        if _pair(position) == (float(row["lat"]), float(row["lng"])):
            stayed += 1
            assert row["city"] in {"新加坡", "香港特别行政區"}
        else:
            moved += 1
    assert (moved, stayed) == (837, 6)


def _pair(position: Position) -> tuple[float, float]:
    return position.lat, position.lng
