"""What a typed word may mean, and what a merge keeps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.customers import policy


def starts(text):
    return [way.start for way in policy.ways(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("13812345678", ["t87654321831", "v87654321831"]),
        ("5678", ["t8765", "p8765", "v8765"]),
        ("粤A7566V", ["n粤A7566V", "pV6657A粤"]),
        ("7566v", ["pV6657", "vV6657"]),
        ("王", ["n王"]),
        ("wang", ["pGNAW", "vGNAW", "rwang", "iwang", "nWANG"]),
        ("LVA4DR9G5FL497183", ["v381794LF5G9RD4AVL", "p"]),
        ("12", []),
        ("x", []),
    ],
)
def test_ways_of_a_text(text, expected):
    found = starts(text)
    assert [start for start in expected if start != "p" and start not in found] == []
    assert (found == []) == (expected == [])


@given(st.text(max_size=40))
def test_any_text_can_be_typed(text):
    for way in policy.ways(text):
        assert way.start < way.end
        assert way.start[0] in "nritpv"


FACTS = {name: f"{name} own" for name in policy.FIELDS}
OTHER = {name: f"{name} other" for name in policy.FIELDS}


def test_a_merge_keeps_its_own_unless_empty_or_chosen():
    assert policy.chosen(FACTS, OTHER, {}) == FACTS
    assert policy.chosen(dict.fromkeys(FACTS, ""), OTHER, {}) == OTHER
    mixed = policy.chosen(FACTS, OTHER, {"name": "gone", "gender": "kept"})
    assert (mixed["name"], mixed["gender"]) == ("name other", "gender own")


def test_an_identity_number_is_chosen_as_a_whole():
    mixed = policy.chosen(FACTS, OTHER, {"identity_tail": "gone"})
    assert {name: mixed[name] for name in policy.IDENTITY} == {name: OTHER[name] for name in policy.IDENTITY}
    empty = policy.chosen(FACTS | {"identity_tail": ""}, OTHER, {"identity_tail": "kept"})
    assert empty["identity_sealed"] == FACTS["identity_sealed"]


@pytest.mark.covers("NFR-01")
@pytest.mark.parametrize(
    ("channel", "value", "shown"),
    [("MOBILE", "13812345678", "138 **** 5678"), ("LANDLINE", "1234567", "****"), ("EMAIL", "wang@x.cn", "w***@x.cn"),
     ("WECHAT", "abc", "****")],
)  # fmt: skip
def test_masks_hide_the_middle(channel, value, shown):
    assert policy.mask_contact(channel, value) == shown


def test_only_the_end_of_an_identity_number_is_shown():
    assert policy.mask_identity("002X") == "**************002X"
    assert policy.mask_identity("") == ""
