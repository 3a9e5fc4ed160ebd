"""Every finding has a sentence, and the words of other systems lead somewhere."""

from guanxi.foundation.values.flaws import Flaw
from guanxi.intake.policy import encodings, headings
from guanxi.intake.services import findings, kinds
from guanxi.intake.services.columns.distinct import spelling
from guanxi.intake.services.findings import RowFlaw, StoreFlaw
from guanxi.intake.services.kinds import Shape


def test_every_word_has_its_own_sentence():
    words = {word.value for word in (*Flaw, *RowFlaw, *StoreFlaw)} - {""}
    assert set(findings.MESSAGES) == words
    assert len({str(text) for text in findings.MESSAGES.values()}) == len(words)
    assert str(findings.message("vin_length")) == "A VIN has 17 characters."


def test_an_unknown_word_is_shown_as_it_is():
    assert findings.message("of_a_newer_version") == "of_a_newer_version"


def test_no_word_of_a_code_list_means_two_things():
    for kind in kinds.kinds():
        for field in kind.fields:
            meanings = {}
            for word, code in field.codes.items():
                assert meanings.setdefault(spelling(word), code) == code, word


def test_the_categories_are_those_of_the_sources():
    codes = set(kinds.kind("visits").field("category").codes.values())
    valid = {"first_maintenance", "second_maintenance", "periodic_maintenance", "minor_repair", "overhaul", "body_paint", "accident",
             "warranty_claim", "annual_inspection", "decoration"}  # fmt: skip
    assert codes == valid | {"internal", "parts_pickup", "pdi", "rework", "free_check", "emergency_repair"}


def test_no_heading_of_a_kind_means_two_fields():
    for kind in kinds.kinds():
        seen = {}
        for field in kind.fields:
            for synonym in field.synonyms:
                assert seen.setdefault(headings.normal(synonym), field.key) == field.key, synonym


def test_headings_are_compared_without_signs_and_units():
    same = ["发票价", "发票价(元)", "发票价（万元）", " *发票价： ", "发 票 价", "【必填】发票价"]
    assert {headings.normal(text) for text in same} == {"发票价"}
    assert headings.normal("(元)") == "元"
    assert headings.likeness("车牌号", "车牌号") == 1
    assert headings.likeness("车牌号码信息", "车牌号码") > 0.7
    assert headings.likeness("备注", "车牌号") == 0


def test_the_heading_row_is_the_one_with_known_words():
    known = frozenset({"姓名", "手机"})
    assert headings.header_row([["报表", ""], ["姓名", "手机"], ["张三", "138"]], known) == 2
    assert headings.header_row([["张三", "13812345678"], ["李四", "13812345679"]], known) == 0
    assert headings.header_row([["甲", "乙"], ["1", "2"]], known) == 1
    assert headings.header_row([], known) == 0


def test_encodings_are_told_by_their_bytes():
    assert encodings.of("中文".encode()) == "utf-8"
    assert encodings.of("中文".encode("gbk")) == "gb18030"
    assert encodings.by_mark("a,b\n中,1\n".encode("utf-16-be")) == "utf-16-be"
    assert encodings.by_mark(b"a,b\n") == ""


def test_every_field_has_headings():
    assert all(field.synonyms for kind in kinds.kinds() for field in kind.fields)
    assert {field.shape for kind in kinds.kinds() for field in kind.fields} == set(Shape) - {Shape.NUMBER}
