"""Writing tasks: one, thousands, by hand; one living task of a key."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from tests.counting import queries_of
from tests.worklist.conftest import AT, hours, shanghai

from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Invalid, NotAllowed, NotFound
from guanxi.records.models import AuditEntry
from guanxi.worklist import states
from guanxi.worklist.models import Task
from guanxi.worklist.policy.reckoning import Term
from guanxi.worklist.services import adding, working
from guanxi.worklist.services.working import Ending


def test_a_task_waits_for_its_role_and_is_on_the_trail(cast, add):
    task = add()
    assert (task.state, task.owner_id, task.role_id, task.due_at) == ("OPEN", None, "follow_up_agent", AT + hours(4))
    line = AuditEntry.objects.get(verb="worklist.add_task", subject_id=str(task.pk))
    assert (line.node_id, line.after["kind"]) == (cast.outlet_id, "test.call")


def test_a_key_has_one_living_task(add):
    first = add()
    assert add().pk == first.pk
    working.finish(actor=SYSTEM, task_id=first.pk, ending=Ending("DONE"), at=AT)
    again = add()
    assert again.pk != first.pk
    assert Task.objects.filter(key="test:1").count() == 2


def test_terms_are_reckoned_on_the_calendar_of_the_place(add):
    soon = add(1, due=Term(minutes=180), opens_at=None)
    assert soon.due_at == shanghai("2026-11-24 14:30")  # two hours before lunch, one after
    assert add(2, due=Term(days=2), opens_at=None).due_at == shanghai("2026-11-26 18:00")
    assert not soon.is_assumed
    assert add(3, due=Term(days=60), opens_at=None).is_assumed  # reaches into a year that nobody has announced


def test_the_first_rung_lies_before_the_deadline(add):
    assert add(due=shanghai("2026-11-24 14:00")).next_rung_at == shanghai("2026-11-24 11:30")


def test_thousands_are_written_by_as_many_queries_as_ten(cast, acting, new):
    acting(SYSTEM)

    def write(prefix, count):
        tasks = [
            new(f"{prefix}{number}", owner_id=cast.callback.user_id if number % 2 else None) for number in range(count)
        ]
        return adding.add_tasks(actor=SYSTEM, tasks=tasks, at=AT)

    assert write("x", 3000) == 3000
    assert write("x", 3000) == 0
    few = iter("abcdef")
    many = iter("ghijkl")
    assert queries_of(lambda: write(next(few), 10)) == queries_of(lambda: write(next(many), 1000)) <= 16


def test_many_tasks_of_one_key_are_one(acting, new):
    acting(SYSTEM)
    assert adding.add_tasks(actor=SYSTEM, tasks=[new(1), new(1), new(2)], at=AT) == 2


def test_whoever_gets_work_from_another_is_told_once(cast, acting, new, published):
    acting(SYSTEM)
    owner = cast.callback.user_id
    adding.add_tasks(actor=SYSTEM, tasks=[new(n, owner_id=owner) for n in range(3)], at=AT)
    assert [(event.person_id, event.count) for event in published] == [(owner, 3)]


def test_a_task_by_hand_says_who_asks_and_whom_it_is_about(cast, acting, published):
    states.register_subjects(
        states.Subject("test", "Test", "network:node", lambda _a, pk: "王先生" if pk == 7 else None)
    )
    manager = acting(cast.gm)
    task = adding.add_by_hand(
        actor=manager, node_id=cast.outlet_id, owner_id=cast.callback.user_id, note=" 周五给王先生回电 ",
        due_at=AT + hours(72), subject=("test", 7), at=AT,
    )  # fmt: skip
    assert (task.note, task.subject_label, task.values) == ("周五给王先生回电", "王先生", {"who": manager.name})
    assert published[0].person_id == cast.callback.user_id


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"note": "  "}, Invalid), ({"due_at": AT}, Invalid), ({"subject": ("nothing", 1)}, NotFound),
        ({"owner": "stranger"}, Invalid), ({"actor": "stranger"}, NotAllowed),
    ],
)  # fmt: skip
def test_a_task_by_hand_is_refused(cast, acting, change, error):
    values = {"note": "x", "due_at": AT + hours(1), "subject": None} | {
        key: value for key, value in change.items() if key in {"note", "due_at", "subject"}
    }
    owner = cast.stranger.user_id if change.get("owner") else cast.callback.user_id
    actor = acting(cast.stranger if change.get("actor") else cast.gm)
    with pytest.raises(error):
        adding.add_by_hand(actor=actor, node_id=cast.outlet_id, owner_id=owner, at=AT, **values)


def test_a_task_is_somebodys(acting, new):
    with pytest.raises(Invalid):
        adding.add_task(actor=acting(SYSTEM), task=new(role=None), at=AT)
    with pytest.raises(Invalid):
        adding.add_tasks(actor=SYSTEM, tasks=[new(role=None)], at=AT)


@pytest.mark.parametrize(
    "nonsense",
    [
        {"state": "LOST"}, {"state": "CLAIMED"}, {"state": "DONE"}, {"state": "DONE", "finished_at": AT, "outcome": ""},
        {"state": "SKIPPED", "finished_at": AT}, {"finished_at": AT}, {"role": None}, {"priority": 9}, {"weight": 0},
        {"due_at": F("opens_at") - datetime.timedelta(1)}, {"subject_id": 3}, {"key": ""}, {"parent": F("id")},
        {"expires_at": F("opens_at")}, {"level": -1}, {"outcome": "DONE"},
    ],
    ids=str,
)  # fmt: skip
def test_the_database_refuses_nonsense(add, nonsense):
    task = add()
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(**({"next_rung_at": None} | nonsense))
