"""Knowledge meets enquiries: found while what a caller says is typed, and what solved it (KM-06, KM-08)."""

import pytest
from tests.knowledge.conftest import DAY, published, write  # noqa: F401 -- fixtures of the neighbour

from guanxi.contact_centre import panels
from guanxi.contact_centre.services.enquiry_steps import SUBJECT
from guanxi.foundation import clock
from guanxi.foundation.errors import NotFound
from guanxi.knowledge.models import Use
from guanxi.knowledge.queries import articles as knowledge
from guanxi.knowledge.services.writing import Words

COOLING = Words(
    "空调不凉的检查", "When the air conditioner does not cool", "先查冷媒压力，再查压缩机离合器。", "Check the pressure first.", DAY,
    keywords=("空调", "不凉"),
)  # fmt: skip


@pytest.fixture
def cooling(published):  # noqa: F811 -- the fixture of the neighbour
    return published(words=COOLING)


@pytest.mark.covers("KM-08")
@pytest.mark.parametrize(("language", "button"), [("en", "This solved it"), ("zh-hans", "就是它解决的")])
def test_the_article_that_fits_is_beside_the_enquiry_and_marked_once(signed_in, take, owner, cooling, language, button):
    row = take(customer_id=owner.pk, words="空调一直不凉，是什么原因")
    client = signed_in("callback", language)
    address, page = f"/knowledge/matters/{SUBJECT}/{row.pk}/", f"/contact-centre/enquiries/{row.pk}/"
    assert address in client.get(page).content.decode()
    panel = client.get(address).content.decode()
    assert (COOLING.title_en in panel or COOLING.title_zh in panel, button in panel) == (True, True)
    mark = f"/knowledge/articles/{cooling.article_id}/solved/"
    for _twice in "ab":
        sent = client.post(mark, {"matter": f"{SUBJECT}:{row.pk}", "next": page})
        assert (sent.status_code, sent["Location"]) == (302, page)
    solved = Use.objects.filter(subject_type=SUBJECT, subject_id=row.pk)
    assert [use.article_id for use in solved] == [cooling.article_id]
    assert mark not in client.get(address).content.decode()


@pytest.mark.covers("KM-06")
def test_while_the_caller_speaks_what_fits_is_found(signed_in, cooling):
    client = signed_in("callback")
    form = client.get("/contact-centre/inbound/", {"customer": "0"}).content.decode()
    assert ('hx-get="/knowledge/typed/"' in form, "from:#id_words" in form) == (True, True)
    found = client.get("/knowledge/typed/", {"words": "我的空调一直不凉"}).content.decode()
    assert f"/knowledge/articles/{cooling.article_id}/" in found


def test_an_article_of_another_model_does_not_fit(acting, cast, take, owner, car, published):  # noqa: F811 -- as above
    car.model_text = "云岭 L7"
    car.save()
    mine = published(words=Words("空调不凉", "Cooling", "答", "answer", DAY, models_of=("云岭 L7",)))
    other = published(words=Words("空调不凉", "Cooling", "答", "answer", DAY, models_of=("云岭 X9",)))
    row = take(customer_id=owner.pk, vehicle_id=car.pk, words="空调不凉")
    actor = acting(cast.callback)
    case = panels.case(actor, row.pk)
    assert "云岭 L7" in case.models
    found = {item.article_id for item in knowledge.fitting(actor, case.words, case.models, clock.today(), 9)}
    assert (mine.article_id in found, other.article_id in found) == (True, False)


def test_nobody_learns_of_an_enquiry_that_he_does_not_see(signed_in, acting, cast, take, owner, cooling):
    row = take(customer_id=owner.pk, words="空调不凉")
    with pytest.raises(NotFound):
        panels.case(acting(cast.stranger), row.pk)
    assert signed_in("technician").get(f"/knowledge/matters/{SUBJECT}/{row.pk}/").status_code == 403
    assert signed_in("callback").get(f"/knowledge/matters/{SUBJECT}/{row.pk + 99}/").status_code == 404
