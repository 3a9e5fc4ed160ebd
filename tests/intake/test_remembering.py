"""Columns chosen once come back with the next file; files and findings go after a while."""

import datetime

import pytest
from tests.intake import arriving
from tests.intake.arriving import csv_of, owners, received, vin

from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.intake.models import Finding, Run
from guanxi.intake.services import forgetting, merging, receiving, undoing
from guanxi.intake.services.staging import folders
from guanxi.intake.states import MOVES, OPEN, WORKING, State

pytestmark = pytest.mark.django_db
ODD = csv_of(("甲", "乙", "丙"), ("王小明", vin(1), "13800000001"))


def choose(actor, run, **mapping):
    return receiving.choose_columns(
        actor=actor, run_id=run.pk, sheet=0, header_row=1, kind="owners", mapping=mapping, at=clock.now()
    )


def test_columns_are_remembered_by_place_system_and_headings(cast):
    first = received(cast.admin, cast.outlet_id, csv_of(("甲", "乙", "丙"), ("王小明", vin(1), "月光白")))
    choose(cast.admin, first, name=0, vin=1, colour=2)
    turned = csv_of(("丙", "甲", "乙"), ("火山灰", "李四海", vin(2)))
    again = received(cast.admin, cast.outlet_id, turned)
    assert (again.kind, again.mapping) == ("owners", {"name": 1, "vin": 2, "colour": 0})
    assert "colour" not in received(cast.admin, cast.outlet_id, turned, source="ERP").mapping
    assert "colour" not in received(cast.stranger, cast.other_outlet_id, turned).mapping


def test_what_does_not_fit_is_refused(cast):
    run = received(cast.admin, cast.outlet_id, ODD)
    for wrong in ({"name": 0}, {"name": 0, "vin": 9}, {"name": 0, "vin": 1, "nothing": 2}):
        with pytest.raises(Invalid):
            choose(cast.admin, run, **wrong)
    assert Run.objects.get(pk=run.pk).state == "UPLOADED"


def test_a_step_out_of_turn_is_refused(cast):
    run = received(cast.admin, cast.outlet_id, ODD)
    with pytest.raises(Conflict):
        merging.start_merge(actor=cast.admin, run_id=run.pk)
    with pytest.raises(Conflict):
        undoing.start_undo(actor=cast.admin, run_id=run.pk)
    choose(cast.admin, run, name=0, vin=1)
    with pytest.raises(Conflict):
        receiving.drop_run(actor=cast.admin, run_id=run.pk)


def test_every_state_is_reached_and_left_by_the_table_of_moves():
    assert set(MOVES) == set(State.values)
    reached = {State.UPLOADED.value, *(after for moves in MOVES.values() for after in moves)}
    assert reached == set(State.values)
    assert not OPEN & WORKING


def test_who_may_not_import_here_cannot(cast):
    for actor in (cast.parts, cast.branch):
        with pytest.raises(NotAllowed):
            received(actor, cast.outlet_id, ODD)
    with pytest.raises(NotAllowed):
        received(cast.admin, cast.other_outlet_id, ODD)
    with pytest.raises(NotFound):
        choose(cast.stranger, received(cast.admin, cast.outlet_id, ODD), name=0, vin=1)


def test_the_branch_sees_what_its_outlet_brought_and_cannot_write_it(cast):
    run = arriving.checked(cast.admin, cast.outlet_id, owners(("C1", "王小明", "13800000001", vin(1))))
    from guanxi.intake import queries

    db.set_scope(cast.branch)
    assert queries.run(cast.branch, run.pk).pk == run.pk
    with pytest.raises(NotAllowed):
        merging.start_merge(actor=cast.branch, run_id=run.pk)


def test_row_security_hides_runs_and_findings_of_other_outlets(cast):
    run = arriving.checked(cast.admin, cast.outlet_id, owners(("C1", "王小明", "138", vin(1))))
    db.set_scope(cast.stranger)
    assert not Run.objects.filter(pk=run.pk).exists()
    assert not Finding.objects.filter(run_id=run.pk).exists()
    db.set_scope(cast.admin)
    assert Finding.objects.filter(run_id=run.pk).exists()


def test_files_and_findings_go_after_ninety_days_and_the_counts_stay(cast):
    run = arriving.written(cast.admin, cast.outlet_id, owners(("C1", "王小明", "138", vin(1))))
    db.set_scope(SYSTEM)
    at = clock.now()
    assert forgetting.forget_runs(actor=SYSTEM, at=at + datetime.timedelta(days=89)) == 0
    assert forgetting.forget_runs(actor=SYSTEM, at=at + datetime.timedelta(days=91)) == 1
    run.refresh_from_db()
    assert (run.count("rows"), run.sheets, run.emptied_at is not None) == (1, [], True)
    assert not folders.folder(run.pk).exists()
    assert not Finding.objects.filter(run=run).exists()
    assert arriving.undone(cast.admin, run).state == "UNDONE"
