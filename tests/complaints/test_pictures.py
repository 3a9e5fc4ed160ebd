"""Photos of a complaint shown small, on its page and on the printed sheet: who sees them, and what the trail keeps."""

import datetime

import pytest
from tests.complaints.conftest import AT, LATER
from tests.complaints.test_evidence import PNG, attach, trail  # noqa: F401 -- a fixture of its neighbour
from tests.complaints.test_pages import page_of
from tests.counting import queries_of

from guanxi.foundation import clock
from guanxi.foundation.errors import NotAllowed, NotFound
from guanxi.records import queries
from guanxi.records.services import attaching

SHOWN = "records.show_pictures"


def small(file):
    return f"/records/attachments/{file.pk}/?small"


@pytest.mark.covers("CMP-06")
@pytest.mark.parametrize(("language", "none"), [("en", "No file yet."), ("zh-hans", "暂无文件。")])
def test_the_sheet_lists_what_is_kept_and_shows_the_pictures(signed_in, cast, acting, take_in, attach, language, none):  # noqa: F811
    row = take_in()
    client = signed_in("gm", language)
    assert none in page_of(client, f"/complaints/{row.pk}/sheet/")
    photo, paper = attach(row), attach(row, name="报告.pdf", content=b"%PDF-1", note="检测")
    gone = attach(row, name="误传.png", content=PNG + b"9", note="")
    attaching.withdraw(actor=acting(cast.service), attachment_id=gone.pk, reason="拍错了", at=LATER)
    client = signed_in("gm", language)
    sheet = page_of(client, f"/complaints/{row.pk}/sheet/")
    for words in ("刹车盘.png", "报告.pdf", "检测", cast.service.name, f"{AT + datetime.timedelta(hours=8):%Y-%m-%d}"):
        assert words in sheet, words
    assert "误传.png" not in sheet
    for page in (sheet, page_of(client, f"/complaints/{row.pk}/")):
        assert (small(photo) in page, small(paper) in page, small(gone) in page) == (True, False, False)


def test_pictures_of_a_page_are_one_line_a_day_and_an_opening_is_a_line_each(signed_in, cast, acting, take_in, attach):  # noqa: F811
    row, other = take_in(), take_in(angle="SALES")
    files = [attach(row, content=PNG + bytes([number])) for number in range(3)]
    elsewhere = attach(other, content=PNG + b"x")
    client = signed_in("gm")
    for file in (*files, *files, elsewhere):
        answer = client.get(small(file))
        assert (answer.status_code, answer["Content-Type"], answer.content[:8]) == (200, "image/png", PNG[:8])
        assert answer["Cache-Control"] == "private, no-store"
    assert [line.subject_id for line in trail(SHOWN)] == [str(row.pk), str(other.pk)]
    assert signed_in("branch").get(small(files[0])).status_code == 200
    assert [line.person_id for line in trail(SHOWN)] == [cast.gm.user_id, cast.gm.user_id, cast.branch.user_id]
    tomorrow = clock.now() + datetime.timedelta(days=1)
    attaching.show_picture(actor=acting(cast.gm), attachment_id=files[1].pk, at=tomorrow)
    assert len(trail(SHOWN)) == 4
    assert trail("records.open_attachment") == []
    for _time in range(2):
        assert signed_in("gm").get(f"/records/attachments/{files[0].pk}/").status_code == 200
    assert len(trail("records.open_attachment")) == 2


def test_nothing_is_shown_small_that_may_not_be_seen(signed_in, cast, acting, take_in, attach):  # noqa: F811
    row = take_in()
    photo, paper = attach(row), attach(row, content=b"%PDF-1")
    for who in ("stranger", "technician"):
        with pytest.raises((NotFound, NotAllowed)):
            attaching.show_picture(actor=acting(getattr(cast, who)), attachment_id=photo.pk, at=LATER)
    gm = acting(cast.gm)
    with pytest.raises(NotFound):
        attaching.show_picture(actor=gm, attachment_id=paper.pk, at=LATER)
    attaching.withdraw(actor=acting(cast.service), attachment_id=photo.pk, reason="x", at=LATER)
    with pytest.raises(NotFound):  # not even to those who read the trail: they open it, with a line
        attaching.show_picture(actor=acting(cast.auditor), attachment_id=photo.pk, at=LATER)
    assert signed_in("gm").get(small(photo)).status_code == 404
    assert trail(SHOWN) == []


def test_a_page_shows_the_first_twelve_and_costs_the_same(signed_in, take_in, attach):  # noqa: F811
    row = take_in()
    attach(row)
    client = signed_in("gm")
    address = f"/complaints/{row.pk}/sheet/"
    one = queries_of(lambda: page_of(client, address))
    for number in range(queries.MOST_SHOWN):
        attach(row, content=PNG + bytes([number]))
    client = signed_in("gm")
    page = page_of(client, address)
    assert (page.count("?small"), page.count("刹车盘.png")) == (12, 13)
    assert queries_of(lambda: page_of(client, address)) == one
