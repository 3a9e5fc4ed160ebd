"""From one state of an import to the next, by the table of moves; and word of its end."""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from guanxi.foundation import db, events
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict
from guanxi.intake import queries
from guanxi.intake.events import ImportEnded
from guanxi.intake.models import Run
from guanxi.intake.states import MOVES, State

MERGE = "intake.merge"  # one at a time: two that touch the same people never wait for each other half done


def move(actor: Actor, run_id: int, state: State, verb: str) -> Run:
    """Lock a visible run and let it go on to a state; the caller saves and audits.

    :raises Conflict: from where it is, it cannot.
    """
    run = db.lock(queries.visible_to(actor), run_id)
    check(actor, verb, run.place_id)
    if state not in MOVES[run.state]:
        raise Conflict(_("This import is at another step by now: look at it again."))
    run.state = state
    return run


def ended(run: Run) -> None:
    """Tell that an import came to an end, good or not."""
    state = "FAILED" if run.problem else run.state
    events.publish(ImportEnded(run.pk, run.person_id, run.file_name, state, *run.sums))


def beside_merges() -> None:
    """Hold the lock of all merges together with others like this one: none is written or undone meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtext(%s))", [MERGE])
