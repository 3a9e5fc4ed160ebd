"""Files on their whole way in, as people and jobs bring them: received, checked, written, undone."""

import datetime
import io

from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.intake.services import checking, merging, receiving, undoing
from guanxi.intake.services.staging import restoring
from guanxi.intake.services.staging.mergers import mergers

DAY = datetime.date(2026, 11, 24)
OWNER_HEADINGS = (
    "客户编号",
    "客户姓名",
    "移动电话",
    "VIN码",
    "车牌号",
    "购车日期",
    "发票价",
    "性别",
    "出生日期",
    "详细地址",
    "颜色",
    "证件号码",
)
VISIT_HEADINGS = ("工单号", "VIN", "车牌号", "送修人", "送修人电话", "维修类别", "进厂日期", "行驶里程(KM)", "合计")


def csv_of(headings, *rows):
    """Return a file of rows as UTF-8; a row may leave out its last cells."""
    lines = [headings, *rows]
    return "".join(",".join("" if cell is None else str(cell) for cell in line) + "\n" for line in lines).encode()


def owners(*rows):
    return csv_of(OWNER_HEADINGS, *rows)


def visits(*rows):
    return csv_of(VISIT_HEADINGS, *rows)


def vin(number):
    """Return a well-formed VIN; its check digit does not matter."""
    return f"LVB{number:014d}"


def received(actor, place_id, content, *, name="file.csv", source="DMS"):
    db.set_scope(actor)
    stream = io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")
    with stream:
        return receiving.add_run(
            actor=actor, place_id=place_id, source=source, name=name, content=stream, at=clock.now(), day=clock.today()
        )


def checked(actor, place_id, content, **more):
    """Bring a file as far as the check, with the columns that are proposed; return its run."""
    run = received(actor, place_id, content, **more)
    receiving.choose_columns(
        actor=actor, run_id=run.pk, sheet=run.sheet, header_row=run.header_row, kind=run.kind, mapping=run.mapping,
        at=clock.now(),
    )  # fmt: skip
    return as_system(checking.check_run, run)


def written(actor, place_id, content, **more):
    """Bring a file all the way; return its run."""
    run = checked(actor, place_id, content, **more)
    assert run.state == "CHECKED", run.problem
    db.set_scope(actor)
    merging.start_merge(actor=actor, run_id=run.pk)
    run = as_system(merging.merge_run, run)
    assert run.state == "DONE", run.problem
    return run


def undone(actor, run):
    """Let a run be undone; return it, undone or not."""
    db.set_scope(actor)
    undoing.start_undo(actor=actor, run_id=run.pk)
    return as_system(undoing.undo_run, run)


def as_system(step, run):
    """Do what a job does."""
    db.set_scope(SYSTEM)
    return step(actor=SYSTEM, run_id=run.pk, at=clock.now(), day=clock.today())


TABLES = tuple(dict.fromkeys(restoring._table(model) for merger in mergers() for model in merger.models))
DERIVED = ("customers_token", "customers_quality")


def checksums(rows_of=None):
    """Return number and checksum of the rows of every table that imports write or derive, as the owner sees them."""
    if rows_of is None:
        from django.db import connection

        def rows_of(query):
            with connection.cursor() as cursor:
                cursor.execute(query)
                return cursor.fetchall()

        db.set_scope(SYSTEM)
    sums = "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM {} t"
    return {table: rows_of(sums.format(table))[0] for table in (*TABLES, *DERIVED)}
