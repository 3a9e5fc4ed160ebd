"""Jobs of imports: each may be taken up again after a crash, and then does all of its work anew."""

from typing import Any

from guanxi.foundation import clock, jobs
from guanxi.foundation.actor import SYSTEM
from guanxi.intake.services import checking, deriving, forgetting, merging, undoing


@jobs.task("intake.check")
def check(*, run_id: int, **_: Any) -> None:
    """Check the file of a run."""
    checking.check_run(actor=SYSTEM, run_id=run_id, at=clock.now(), day=clock.today())


@jobs.task("intake.merge")
def merge(*, run_id: int, **_: Any) -> None:
    """Write the rows of a run."""
    merging.merge_run(actor=SYSTEM, run_id=run_id, at=clock.now(), day=clock.today())


@jobs.task("intake.undo")
def undo(*, run_id: int, **_: Any) -> None:
    """Undo a run."""
    undoing.undo_run(actor=SYSTEM, run_id=run_id, at=clock.now(), day=clock.today())


@jobs.task("intake.derive")
def derive(*, run_id: int, first: int, last: int, **_: Any) -> None:
    """Derive words and quality of a part of a large run."""
    deriving.derive_part(actor=SYSTEM, run_id=run_id, first=first, last=last, at=clock.now())


@jobs.task("intake.forget")
def forget(**_: Any) -> None:
    """Delete the files and findings of runs that ended long ago."""
    forgetting.forget_runs(actor=SYSTEM, at=clock.now())
