"""Divisions by code and by name: full names, short names, cities under the centre, cities that are counties."""

import pytest

from guanxi.foundation import divisions
from guanxi.foundation.divisions import Level


def _shown(*cells):
    place = divisions.resolve(*cells)
    return tuple(item and divisions.shown(item) for item in place[:3])


def _flaws(*cells):
    return tuple(flaw.value for flaw in divisions.resolve(*cells).flaws)


@pytest.mark.parametrize(
    ("cells", "shown"),
    [
        (("湖南省", "长沙市", "岳麓区"), ("湖南省", "长沙市", "岳麓区")),
        (("湖南", "长沙", "岳麓"), ("湖南省", "长沙市", "岳麓区")),
        (("内蒙古", "呼和浩特", "赛罕区"), ("内蒙古自治区", "呼和浩特市", "赛罕区")),
        (("新疆", "伊犁", ""), ("新疆维吾尔自治区", "伊犁哈萨克自治州", None)),
        (("湖北", "恩施", ""), ("湖北省", "恩施土家族苗族自治州", None)),
        (("北京", "", ""), ("北京市", None, None)),
        (("北京市", "北京市", "昌平区"), ("北京市", "北京市", "昌平区")),
        (("上海", "市辖区", "浦东新区"), ("上海市", "上海市", "浦东新区")),
        (("", "上海市", "浦东"), ("上海市", "上海市", "浦东新区")),
        (("上海", "浦东", ""), ("上海市", "上海市", "浦东新区")),
        (("重庆", "重庆", "忠县"), ("重庆市", "重庆市", "忠县")),
        (("吉林", "吉林", ""), ("吉林省", "吉林市", None)),
        (("", "吉林市", ""), ("吉林省", "吉林市", None)),
        (("", "长沙", ""), ("湖南省", "长沙市", None)),
        (("湖南省长沙市", "", ""), ("湖南省", "长沙市", None)),
        (("湖南", "湖南省长沙市", ""), ("湖南省", "长沙市", None)),
        (("湖南长沙", "长沙市", ""), ("湖南省", "长沙市", None)),
        (("浙江", "义乌", ""), ("浙江省", "金华市", "义乌市")),
        (("河南", "济源", ""), ("河南省", "济源市", None)),
        (("湖南", "", "岳麓区"), ("湖南省", "长沙市", "岳麓区")),
        (("广东", "东莞", ""), ("广东省", "东莞市", None)),
        (("台湾", "", ""), ("台湾省", None, None)),
        (("　湖 南 ", "长沙 市", ""), ("湖南省", "长沙市", None)),
        (("", "", ""), (None, None, None)),
    ],
)
def test_names_are_found(cells, shown):
    assert _shown(*cells) == shown
    assert _flaws(*cells) == ("", "", "")


@pytest.mark.parametrize(
    ("cells", "shown", "flaws"),
    [
        (("火星", "长沙", ""), (None, "长沙市", None), ("division_unknown", "", "")),
        (("广东", "长沙", ""), ("广东省", None, None), ("", "division_mismatch", "")),
        (("湖南", "长沙", "天河区"), ("湖南省", "长沙市", None), ("", "", "division_mismatch")),
        (("湖南", "长沙", "高新区"), ("湖南省", "长沙市", None), ("", "", "division_unknown")),
        (("", "鼓楼区", ""), (None, None, None), ("", "division_mismatch", "")),
    ],
)
def test_what_cannot_be_is_said(cells, shown, flaws):
    assert _shown(*cells) == shown
    assert _flaws(*cells) == flaws


def test_codes_lead_from_a_district_to_its_province():
    district = divisions.get("430104")
    assert (district.name, district.level) == ("岳麓区", Level.DISTRICT)
    assert divisions.get(district.parent).name == "长沙市"
    assert divisions.get("999999") is None


def test_the_provinces_are_complete():
    provinces = divisions.of("")
    assert len(provinces) == 34
    assert {item.level for item in provinces} == {Level.PROVINCE}
    assert len(divisions.of("43")) == 14


def test_every_name_is_found_under_its_own_city():
    """No short name hides a full one, and nothing but the rows that gather is without a way to it."""
    for city in (city for province in divisions.of("") for city in divisions.of(province.code)):
        for district in divisions.of(city.code):
            assert district in divisions.find(district.name, Level.DISTRICT, city.code)
            assert district in divisions.find(divisions.short(district), Level.DISTRICT, city.code)
