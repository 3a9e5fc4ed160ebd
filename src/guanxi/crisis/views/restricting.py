"""Pages by which a room is closed to named people and opened to all again."""

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from guanxi.crisis.forms import RestrictForm, WhyForm
from guanxi.crisis.permissions import Verb
from guanxi.crisis.queries import choosing
from guanxi.crisis.services import restricting
from guanxi.crisis.views.acting import Said, about, step
from guanxi.foundation import clock
from guanxi.foundation.errors import Text
from guanxi.foundation.pages import Request


def restrict(request: Request, pk: int) -> HttpResponseBase:
    """To whom the room is closed."""
    row = about(request, pk, Verb.HANDLE)
    names = choosing.readers(row.place_id, clock.today())
    people: list[tuple[str, Text]] = [(str(key), name) for key, name in names.items()]
    first = row.admitted or [request.actor.person_id]
    form = RestrictForm(request.POST or None, people=people, initial={"people": [str(key) for key in first]})
    said = Said(_("Close the room to named people"), _("Close the room"), _("Only they find the room from now on."))

    def act(*, people: list[str], **values: Any) -> None:
        restricting.restrict(crisis_id=pk, person_ids=[int(key) for key in people], **values)

    return step(request, row, form, said, act)


def lift(request: Request, pk: int) -> HttpResponseBase:
    """Open the room to all again."""
    row = about(request, pk, Verb.HANDLE)
    title = _("Open the room to all again")

    def act(**values: Any) -> None:
        restricting.lift(crisis_id=pk, **values)

    return step(request, row, WhyForm(request.POST or None), Said(title, title, _("The room is open to all.")), act)
