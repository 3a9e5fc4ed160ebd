"""What is wide on a desk stays readable on a phone."""

import pytest

from tests.journeys.looking import PHONE
from tests.journeys.steps import sign_in

pytestmark = pytest.mark.journey
BOXES = """() => {
  const box = (e) => { const r = e.getBoundingClientRect(); return {left: r.left, right: r.right, top: r.top, bottom: r.bottom}; };
  const wrap = document.querySelector(".matrix-wrap");
  wrap.scrollTo(700, 500);
  const seen = [...wrap.querySelectorAll("thead tr + tr th")].map(box)
    .filter((b) => b.left > 130 && b.right <= innerWidth).length;
  return {wrap: box(wrap), head: box(wrap.querySelector("thead")), role: box(wrap.querySelector("tbody th")), seen};
}"""


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_matrix_of_rights_keeps_roles_and_rights_in_sight(visit, language):
    page = sign_in(visit(viewport=PHONE), "hq", language=language)
    page.goto("/access/roles/")
    found = page.evaluate(BOXES)
    head, wrap = found["head"], found["wrap"]
    assert abs(head["top"] - wrap["top"]) < 2  # it stays when the roles are scrolled
    assert head["bottom"] - head["top"] < (wrap["bottom"] - wrap["top"]) / 5
    assert abs(found["role"]["left"] - wrap["left"]) < 2  # and the roles stay when the rights are scrolled
    assert found["role"]["right"] - found["role"]["left"] < 130
    assert found["seen"] >= 3
