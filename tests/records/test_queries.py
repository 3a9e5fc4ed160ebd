"""Who reads which lines: both directions, in code and under row security."""

import pytest

from guanxi.foundation.actor import NOBODY, SYSTEM
from guanxi.foundation.errors import NotAllowed
from guanxi.records import queries, services
from guanxi.records.models import AuditEntry

pytestmark = pytest.mark.django_db
PLACES = {"here": "outlet_id", "there": "other_outlet_id", "office": "office_id", "nowhere": None}


@pytest.fixture
def lines(acting, cast):
    """A line at each place, written by the system, and one by the advisor of the other outlet's place."""
    acting(SYSTEM)
    for label, place in PLACES.items():
        node = getattr(cast, place) if place else None
        services.audit(actor=SYSTEM, verb="t.seen", subject_type="t", subject_id=label, node_id=node)
    services.audit(actor=cast.advisor, verb="t.seen", subject_type="t", subject_id="own", node_id=cast.other_outlet_id)


def seen(actor):
    return set(queries.visible_to(actor).filter(verb="t.seen").values_list("subject_id", flat=True))


EXPECTED = {
    "hq": {"here", "there", "office", "nowhere", "own"},
    "auditor": {"here", "there", "office", "nowhere", "own"},
    "branch": {"here", "office"},
    "gm": {"here"},
    "outlet_admin": {"here"},
    "stranger": {"there", "own"},
    "advisor": {"own"},
    "agent": set(),
    "rescue": set(),
}


@pytest.mark.covers("ORG-35", "NFR-06")
@pytest.mark.parametrize(("name", "expected"), EXPECTED.items())
def test_each_reads_the_lines_of_the_own_places(lines, acting, cast, name, expected):
    actor = getattr(cast, name)
    assert seen(actor) == expected
    assert seen(acting(actor)) == expected


@pytest.mark.covers("NFR-06")
def test_the_database_alone_holds_the_same_line(lines, acting, cast):
    acting(cast.gm)
    found = set(AuditEntry.objects.filter(verb="t.seen").values_list("subject_id", flat=True))
    assert found == {"here"}


def test_nobody_reads_nothing_not_even_what_the_system_did(lines, acting):
    acting(SYSTEM)
    assert seen(NOBODY) == set()


def test_one_line_needs_the_verb_and_the_place(lines, acting, cast):
    there = AuditEntry.objects.get(verb="t.seen", subject_id="there")
    assert queries.entry(cast.hq, there.pk) == there
    assert queries.entry(cast.gm, there.pk) is None
    with pytest.raises(NotAllowed):
        queries.entry(cast.advisor, there.pk)


def test_history_is_newest_first_and_limited(lines, acting, cast):
    for number in range(3):
        services.audit(actor=SYSTEM, verb=f"t.{number}", subject_type="thing", subject_id=5, node_id=cast.outlet_id)
    assert [row.verb for row in queries.history(cast.gm, "thing", 5)] == ["t.2", "t.1", "t.0"]
    assert [row.verb for row in queries.history(cast.gm, "thing", "5", limit=1)] == ["t.2"]
    assert queries.history(cast.stranger, "thing", 5) == []


def test_the_filter_offers_verbs_of_visible_lines_alone(lines, acting, cast):
    assert "t.seen" in queries.verbs_used(cast.gm)
    assert queries.verbs_used(acting(cast.rescue)) == []
