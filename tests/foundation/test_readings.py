"""The pinyin of names."""

import pytest

from guanxi.foundation import readings

NAMES = {
    "王小明": ("wangxiaoming", "wxm"),
    "曾单": ("zengdan", "zd"),  # a surname, then the common reading
    "单雄信": ("shanxiongxin", "sxx"),
    "尉迟恭": ("yuchigong", "ycg"),
    "吕布": ("lvbu", "lb"),
    "长沙伟豪物流": ("changshaweihaowuliu", "cswhwl"),
    "ABC物流": ("abcwuliu", "abcwl"),
    "阿·木": ("amu", "am"),
    "": ("", ""),
}


@pytest.mark.parametrize(("name", "expected"), NAMES.items())
def test_a_name_is_spelt_as_it_is_typed(name, expected):
    assert readings.spell(name) == expected


def test_every_syllable_is_plain_ascii():
    wrong = {mark: word for mark, word in readings.syllables().items() if not word.isascii()}
    assert wrong == {}
    assert len(readings.syllables()) > 20_000
