"""Care from plan to improvement: a rule with a control group, the tasks of a night, what people did, what followed, and
the next version of the rule, judged apart.
"""

import pytest
from tests.care.conftest import DAY, at, days, results, tasks
from tests.insight.contacts import visit

from guanxi.care.services import rules as writing
from guanxi.foundation import db
from guanxi.foundation.actor import SYSTEM
from guanxi.insight.models import Effect, Night
from guanxi.insight.queries import effects as queries
from guanxi.insight.services import night as passes
from guanxi.worklist.services import working
from guanxi.worklist.services.working import Ending

pytestmark = pytest.mark.django_db
LATER = DAY + days(40)


def evaluate(day):
    db.set_scope(SYSTEM)
    passes.pass_night(actor=SYSTEM, day=day, at=at(day))
    return queries.compared(Effect.objects.all(), ["x_test"], queries.terms())["x_test"]


@pytest.mark.covers("CARE-01", "CARE-33")
def test_plan_carry_out_evaluate_improve(rule, buyer, night, quiet, signed_in):
    Night.objects.all().delete()
    row = rule(control=50)
    owners = [buyer() for _one in range(16)]
    decided = night()
    assert decided["TASK"] + decided["CONTROL"] == 16
    called = [owner for owner in owners if results(owner) == [("x_test", "TASK")]]
    left = [owner for owner in owners if owner not in called]
    assert min(len(called), len(left)) > 2
    for owner, outcome in zip(called[:2], ("REACHED", "NOT_REACHED"), strict=True):
        (task,) = tasks(owner)
        working.finish(actor=SYSTEM, task_id=task.pk, ending=Ending(outcome), at=at(DAY))
    working.record_attempt(actor=SYSTEM, task_id=tasks(called[2])[0].pk, outcome="REACHED", at=at(DAY))
    for owner in (*called[:2], left[0]):
        visit(owner, quiet.outlet_id, DAY + days(20))

    found = evaluate(LATER)
    assert (found.contact.contacted, found.contact.reached, found.contact.came) == (len(called), 2, 2)
    assert (found.control.customers, found.control.contacted, found.control.came) == (len(left), 0, 1)
    assert found.open == 0
    page = signed_in("hq").get("/insight/effects/").content.decode()
    assert "Too few to say" in page
    assert f"2 of {len(called)} to be contacted, 1 of {len(left)} left out." in page

    db.set_scope(SYSTEM)
    after = writing.change_rule(actor=SYSTEM, rule_id=row.pk, values={"control": 0, "due": 5}, at=at(LATER))
    newcomer = buyer(LATER - days(1))
    assert night(LATER) == {"TASK": 1}
    assert results(newcomer) == [("x_test", "TASK")]
    found = evaluate(LATER + days(1))
    assert (found.contact.customers, found.open) == (len(called) + 1, 1)
    assert Effect.objects.get(rule=after).arm == "CONTACT"
    assert Effect.objects.filter(rule=row).count() == 2
