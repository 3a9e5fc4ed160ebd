"""The list of all tasks that one may see."""

from dataclasses import dataclass

from django.http import HttpResponseBase

from guanxi.foundation import pages
from guanxi.foundation.actor import check
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, listing
from guanxi.records import services as records
from guanxi.worklist.permissions import Verb
from guanxi.worklist.queries import tasks as queries
from guanxi.worklist.tables import TASKS


@dataclass(frozen=True)
class TasksPage:
    listing: Listing
    can_export: bool
    can_add: bool
    can_assign: bool


def tasks(request: Request) -> HttpResponseBase:
    """The own tasks, those of the own roles, and those of the team, by deadline."""
    actor = request.actor
    check(actor, Verb.VIEW)
    rows = queries.visible_to(actor)
    if request.GET.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=TASKS, rows=rows, asked=request.GET)
        return pages.download(file)
    page = TasksPage(
        listing(TASKS, rows, request.GET, actor),
        can_export=actor.can(Verb.EXPORT),
        can_add=actor.can(Verb.ADD_TASK),
        can_assign=actor.can(Verb.ASSIGN),
    )
    return pages.render(request, "worklist/tasks.html", page, block="list")
