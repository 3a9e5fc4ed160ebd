"""``guanxi import``: a file of a dealer system, checked and written from the console."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from guanxi.config.commands import database, progress, start
from guanxi.config.commands.speech import CommandError, say, tell

if TYPE_CHECKING:
    from guanxi.foundation.actor import Actor
    from guanxi.intake.models import Run

NAME = "import"
HELP = "import a file of owners or visits: check it, then write it"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="an Excel workbook or a table as text")
    parser.add_argument(
        "--outlet", required=True, help="code of the outlet, or of a place above the outlets of the file"
    )
    parser.add_argument("--source", required=True, help="name of the system that the file comes from")
    parser.add_argument("--kind", default="", help="owners or visits; without it, it is found")
    parser.add_argument("--sheet", type=int, help="number of the sheet, from 1")
    parser.add_argument("--header-row", type=int, help="row of the headings, as a spreadsheet counts")
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        help="a column by its heading, or by its number from 1",
    )
    parser.add_argument("--check-only", action="store_true", help="check the file and write nothing")
    parser.add_argument("--rejects", type=Path, help="write the rejected rows to this .xlsx or .csv")


def run(args: argparse.Namespace) -> int:
    """Receive, check and, unless told otherwise, write a file; 2 when rows were rejected.

    Raises CommandError when the file, the place or the columns are refused.
    """
    database.ensure()
    start.start()
    from guanxi.foundation.errors import DomainError

    try:
        found = _receive(args)
        _show(_work(found.pk, "check", say("Checking", "检查")))
        if not args.check_only:
            _scoped(lambda actor: _start(actor, found.pk))
            _show(_work(found.pk, "merge", say("Writing", "写入")))
        if args.rejects:
            _write_rejects(found.pk, args.rejects)
    except DomainError as error:
        raise CommandError("\n  ".join(str(problem.message) for problem in error.problems)) from error
    return 2 if _state(found.pk).count("rejected") else 0


def _actor() -> Actor:
    from dataclasses import replace

    from guanxi.foundation.actor import SYSTEM, Origin

    return replace(SYSTEM, origin=Origin(channel="console"))


def _scoped(act: Callable[[Actor], Run]) -> Run:
    from guanxi.foundation import db

    actor = _actor()
    with db.scoped(actor):
        return act(actor)


def _receive(args: argparse.Namespace) -> Run:
    """Receive the file and choose its columns: as proposed, unless the arguments say otherwise."""
    from guanxi.foundation import clock
    from guanxi.intake.services import receiving
    from guanxi.network.models import Node

    if not args.file.is_file():
        raise CommandError(say(f"there is no file {args.file}", f"没有文件 {args.file}"))

    def act(actor: Actor) -> Run:
        place = Node.objects.filter(code=args.outlet).first()
        if place is None:
            raise CommandError(say(f"no place has the code {args.outlet}", f"没有编码为 {args.outlet} 的网点"))
        at, day = clock.now(), clock.today()
        with args.file.open("rb") as content:
            made = receiving.add_run(
                actor=actor, place_id=place.pk, source=args.source, name=args.file.name, content=content, at=at, day=day
            )
        sheet, header_row, kind, mapping = _choice(args, made)
        return receiving.choose_columns(
            actor=actor, run_id=made.pk, sheet=sheet, header_row=header_row, kind=kind, mapping=mapping, at=at
        )

    return _scoped(act)


def _choice(args: argparse.Namespace, made: Run) -> tuple[int, int, str, dict[str, int]]:
    from guanxi.intake.services.staging import choices

    sheets = choices.sheets(made)
    number = made.sheet if args.sheet is None else args.sheet - 1
    if not 0 <= number < len(sheets):
        raise CommandError(say("the file has no such sheet", "文件中没有该工作表"))
    same = number == made.sheet
    default = made.header_row if same else sheets[number].header_row
    header_row = default if args.header_row is None else args.header_row
    kept = same and header_row == made.header_row and args.kind in {"", made.kind}
    kind, mapping = made.kind, dict(made.mapping)
    if not kept:
        kind, proposed, _score = choices.propose(made, choices.with_header(sheets[number], header_row), args.kind)
        mapping = dict(proposed)
    headings = choices.headings_at(sheets[number], header_row)
    return number, header_row, kind, mapping | dict(_pair(word, headings) for word in args.map)


def _pair(word: str, headings: Sequence[str]) -> tuple[str, int]:
    key, _sign, column = word.partition("=")
    if column in headings:
        return key, headings.index(column)
    if column.isdecimal() and 0 < int(column) <= len(headings):
        return key, int(column) - 1
    raise CommandError(say(f"no column is called {column}", f"没有名为 {column} 的列"))


def _start(actor: Actor, run_id: int) -> Run:
    from guanxi.intake.services import merging

    return merging.start_merge(actor=actor, run_id=run_id)


def _work(run_id: int, what: str, title: str) -> Run:
    """Do one step here and now; the worker, should it be quicker, finds nothing left to do."""
    from guanxi.foundation import clock
    from guanxi.intake.services import checking, merging

    step = checking.check_run if what == "check" else merging.merge_run
    with progress.watching(title, lambda: _look(run_id)):
        done = _scoped(lambda actor: step(actor=actor, run_id=run_id, at=clock.now(), day=clock.today()))
    if done.problem:
        raise CommandError(done.problem)
    return done


def _look(run_id: int) -> tuple[str, int, int] | None:
    from django.db import connection

    from guanxi.intake.services.staging import progress as steps

    try:
        now = steps.of(run_id)
    finally:
        connection.close()
    return (now.step, now.done, now.total) if now else None


def _state(run_id: int) -> Run:
    from guanxi.intake.models import Run as Runs

    return _scoped(lambda _actor: Runs.objects.get(pk=run_id))


def _show(found: Run) -> None:
    counts = {name: found.count(name) for name in ("rows", "good", "warned", "rejected", "ignored")}
    tell(say(
        "rows {rows}, good {good}, with warnings {warned}, rejected {rejected}, ignored {ignored}",
        "共 {rows} 行：合格 {good}，有警告 {warned}，拒收 {rejected}，忽略 {ignored}",
    ).format(**counts))  # fmt: skip
    for word, text in (("added", say("added", "新增")), ("changed", say("changed", "更改"))):
        for table, count in found.counts.get(word, {}).items():
            tell(f"  {text} {table}: {count}")


def _write_rejects(run_id: int, path: Path) -> None:
    from guanxi.intake.services import rejects

    kind = path.suffix.lstrip(".").lower()

    def act(actor: Actor) -> Run:
        path.write_bytes(rejects.export_rejects(actor=actor, run_id=run_id, kind=kind).content)
        return _run_of(run_id)

    _scoped(act)


def _run_of(run_id: int) -> Run:
    from guanxi.intake.models import Run as Runs

    return Runs.objects.get(pk=run_id)
