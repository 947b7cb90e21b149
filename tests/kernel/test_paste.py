"""One pasted line fills the address form: what it says, nothing more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.paste import Regions, read_address

ROWS = [
    ("11", "北京市", "province", None),
    ("1101", "市辖区", "city", "11"),
    ("110105", "朝阳区", "area", "1101"),
    ("21", "辽宁省", "province", None),
    ("2113", "朝阳市", "city", "21"),
    ("211302", "双塔区", "area", "2113"),
    ("22", "吉林省", "province", None),
    ("2201", "长春市", "city", "22"),
    ("220104", "朝阳区", "area", "2201"),
    ("2202", "吉林市", "city", "22"),
    ("220204", "船营区", "area", "2202"),
    ("32", "江苏省", "province", None),
    ("3205", "苏州市", "city", "32"),
    ("320583", "昆山市", "area", "3205"),
    ("44", "广东省", "province", None),
    ("4403", "深圳市", "city", "44"),
    ("440305", "南山区", "area", "4403"),
    ("440306", "宝安区", "area", "4403"),
    ("4419", "东莞市", "city", "44"),
    ("441900", "东莞市", "area", "4419"),
    ("4420", "中山市", "city", "44"),
    ("42", "湖北省", "province", None),
    ("4290", "省直辖县级行政区划", "city", "42"),
    ("429004", "仙桃市", "area", "4290"),
    ("45", "广西壮族自治区", "province", None),
    ("4501", "南宁市", "city", "45"),
    ("46", "海南省", "province", None),
    ("4604", "儋州市", "city", "46"),
    ("460400", "儋州市", "area", "4604"),
    ("50", "重庆市", "province", None),
    ("5001", "市辖区", "city", "50"),
    ("500112", "渝北区", "area", "5001"),
    ("5002", "县", "city", "50"),
    ("500229", "城口县", "area", "5002"),
    ("62", "甘肃省", "province", None),
    ("6202", "嘉峪关市", "city", "62"),
    ("620201", "嘉峪关市", "area", "6202"),
]
TOWNS = {
    "110105": ["三里屯街道", "望京街道"],
    "440305": ["粤海街道"],
    "440306": ["西乡街道"],
    "441900": ["石排镇", "南城街道", "松山湖"],
    "4420": ["石岐街道"],  # some tables put the towns of a city without districts straight below it
    "460400": ["那大镇"],
    "500112": ["龙溪街道"],
    "620201": ["雄关街道"],
}
REGIONS = Regions(
    ROWS, lambda code: [(f"{code}{at}", name, "street", code) for at, name in enumerate(TOWNS.get(code, ()))]
)


def read(text):
    """Everything as plain words: name, phone, the divisions joined, the detail."""
    found = read_address(text, REGIONS, demo=True)
    divisions = (found.province, found.city, found.district, found.town)
    return found.name, found.phone, "/".join(region.name if region else "-" for region in divisions), found.detail


SHIPAI = "广东省/东莞市/东莞市/石排镇"


@pytest.mark.parametrize(
    "text",
    [
        "广东省东莞市石排镇石排大道12号 陈静 154 0000 0001",
        "陈静15400000001广东省东莞市石排镇石排大道12号",
        "广东省东莞市石排镇石排大道12号陈静15400000001",
        "陈静广东省东莞市石排镇石排大道12号15400000001",
        "广东东莞石排镇石排大道12号，陈静，15400000001",
        "东莞石排石排大道12号 15400000001 陈静",
        "陈静，86-15400000001，广东省 东莞市 石排镇 石排大道12号 ，523000",
        "广东省东莞市东莞市石排镇石排大道12号 陈静 +8615400000001",
        "收货人: 陈静 电话: 154-0000-0001 地址: 广东省东莞市石排镇石排大道12号",
        "收货人：陈静\n手机号码：15400000001\n所在地区：广东省东莞市石排镇\n详细地址：石排大道12号\n邮编：523330",
        "收货人 陈静 手机 15400000001 收货地址 广东省东莞市石排镇石排大道12号",
        "广东省东莞市石排镇石排大道１２号　陈静　１５４　００００　０００１",
        "广东省|东莞市|石排镇|石排大道12号|陈静|15400000001",
    ],
)
def test_one_address_written_many_ways(text):
    assert read(text) == ("陈静", "15400000001", SHIPAI, "石排大道12号")


@pytest.mark.parametrize(
    ("text", "divisions", "detail"),
    [
        ("北京市朝阳区望京街道阜通东大街6号", "北京市/市辖区/朝阳区/望京街道", "阜通东大街6号"),
        ("北京市北京市朝阳区三里屯街道工体北路8号院", "北京市/市辖区/朝阳区/三里屯街道", "工体北路8号院"),
        ("北京朝阳望京阜通东大街6号", "北京市/市辖区/朝阳区/望京街道", "阜通东大街6号"),
        ("重庆市渝北区龙溪街道红锦大道1号", "重庆市/市辖区/渝北区/龙溪街道", "红锦大道1号"),
        ("重庆市城口县1号", "重庆市/县/城口县/-", "1号"),
        ("海南省儋州市那大镇中兴大道1号", "海南省/儋州市/儋州市/那大镇", "中兴大道1号"),
        ("甘肃嘉峪关雄关街道新华南路1号", "甘肃省/嘉峪关市/嘉峪关市/雄关街道", "新华南路1号"),
        ("中山市石岐街道中山一路1号", "广东省/中山市/-/石岐街道", "中山一路1号"),
        ("湖北省仙桃市1号", "湖北省/省直辖县级行政区划/仙桃市/-", "1号"),
        ("吉林市船营区解放大路1号", "吉林省/吉林市/船营区/-", "解放大路1号"),
        ("昆山市花桥镇绿地大道1号", "江苏省/苏州市/昆山市/-", "花桥镇绿地大道1号"),
        ("广西南宁民族大道1号", "广西壮族自治区/南宁市/-/-", "民族大道1号"),
        ("广东省南山区粤海街道科苑路15号", "广东省/深圳市/南山区/粤海街道", "科苑路15号"),
        ("深圳市西乡街道1号", "广东省/深圳市/宝安区/西乡街道", "1号"),
        ("深圳南山大道8号 3栋 502", "广东省/深圳市/-/-", "南山大道8号 3栋 502"),  # a road, not the district
        ("东莞石排大道12号", "广东省/东莞市/东莞市/-", "石排大道12号"),
        ("朝阳区建国路88号", "-/-/-/-", "朝阳区建国路88号"),  # three places of that name
        ("石排大道12号", "-/-/-/-", "石排大道12号"),
    ],
)
def test_only_what_is_said_is_filled(text, divisions, detail):
    assert read(f"{text} 陈静 15400000001") == ("陈静", "15400000001", divisions, detail)
    assert read(f"陈静 15400000001 {text}") == ("陈静", "15400000001", divisions, detail)


@pytest.mark.parametrize("name", ["赵国栋", "欧阳娜娜", "王女士", "阿明", "Tom Lee", "阿依古丽·买买提", "李老梁"])
def test_names_of_every_shape(name):
    assert read(f"深圳市南山区粤海街道科苑路15号 讯美大厦 2栋 {name} 15400000005") == (
        name,
        "15400000005",
        "广东省/深圳市/南山区/粤海街道",
        "科苑路15号 讯美大厦 2栋",
    )


def test_a_landline_will_do_and_a_demo_number_is_none_in_production():
    assert read("陈静 0769-22810000 东莞市石排镇1号")[1] == "076922810000"
    assert read_address("陈静 15400000001 东莞市石排镇1号", REGIONS).phone is None
    assert read_address("陈静 13800138000 东莞市石排镇1号", REGIONS).phone == "13800138000"


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("东莞市石排镇 石排大道 12 号 15400000001", "石排大道 12 号"),
        ("15400000001 东莞市石排镇 石排大道 12 号", "石排大道 12 号"),
        ("号 15400000001 东莞市石排镇1号", "号 1号"),
        ("东莞市石排镇1号 三 楼 15400000001", "1号 三 楼"),
        ("东莞市石排镇1号 高 层 15400000001", "1号 高 层"),
        ("东莞市石排镇金沙 湾 15400000001", "金沙 湾"),
        ("东莞市石排镇1号 石排医院 15400000001", "1号 石排医院"),
        ("东莞市石排镇1号 石医院 15400000001", "1号 石医院"),
        ("东莞市石排镇1号 东门 15400000001", "1号 东门"),
        ("东莞市石排镇1号 门口 15400000001", "1号 门口"),
        ("东莞市石排镇1号 快递柜 15400000001", "1号 快递柜"),
        ("东莞市石排镇1号 金座 15400000001", "1号 金座"),
        ("东莞市石排镇 白马 1号 15400000001", "白马 1号"),
        ("东莞市石排镇 福隆路15 号 讯美 2 栋 15400000001", "福隆路15 号 讯美 2 栋"),
        ("东莞市石排镇1号,电话15400000001", "1号"),
        ("电话+86 15400000001 地址 东莞市石排镇1号", "1号"),
    ],
)
def test_where_no_name_is_given_none_is_read(text, detail):
    assert read(text) == (None, "15400000001", SHIPAI, detail)


def test_what_is_missing_is_named():
    assert read_address("陈静", REGIONS).missing == ("phone", "province", "city", "district", "town", "detail")
    assert read_address("", REGIONS).missing == ("name", "phone", "province", "city", "district", "town", "detail")
    assert read_address("15400000001", REGIONS, demo=True).missing[0] == "name"
    assert read_address("广东省东莞市石排镇", REGIONS).missing == ("name", "phone", "detail")


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from([row[1] for row in ROWS] + ["陈静", "15400000001", " ", "：", "地址", "12号"])).map(
        "".join
    )
)
def test_any_text_is_taken_apart_without_inventing(text):
    found = read_address(text, REGIONS, demo=True)
    for value in (found.name, found.detail):
        assert value is None or value
    if found.phone:
        assert found.phone in "".join(letter for letter in text if letter.isdigit())


def test_a_novel_is_cut_short():
    assert read_address("长" * 100_000, REGIONS).province is None
