"""Pages for those who lead: the team with its load, sharing out, handing over; and absences."""

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from guanxi.access.models import User
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import NotFound
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.network.models import Node
from guanxi.network.states import Kind
from guanxi.worklist.forms import AbsenceForm, HandOverForm, people_choices
from guanxi.worklist.models import Absence
from guanxi.worklist.permissions import Verb
from guanxi.worklist.queries import calendars, people
from guanxi.worklist.queries.tasks import day_end, place_of
from guanxi.worklist.services import absences as services
from guanxi.worklist.services import sharing


@dataclass(frozen=True)
class TeamPage:
    """The people of a place with their load, what nobody has yet, and the places below."""

    node: Node
    places: list[Node]
    nobody: people.Line
    lines: list[people.Line]
    heaviest: int
    below: list[people.Below]
    outcomes: Sequence[tuple[str, int]]
    done: int
    in_time: int
    can_share: bool


@dataclass(frozen=True)
class ManyPage:
    """Chosen tasks, and the people among whom they can be shared out, each with the open weight."""

    node: Node
    tasks: list[int]
    team: list[tuple[User, int]]
    back: str


@dataclass(frozen=True)
class AbsencesPage:
    rows: list[Absence]
    today: datetime.date
    kept: frozenset[int]


def default_place(actor: Actor, places: Sequence[Node]) -> Node:
    """Return the place to begin with: the own one, else the first outlet, else the first.

    :raises NotFound: there is none.
    """
    if not places:
        raise NotFound
    own = next((place for place in places if place.pk == actor.home_id), None)
    return own or next((place for place in places if place.kind == Kind.OUTLET), places[0])


def team(request: Request) -> HttpResponseBase:
    """Who has how much, what is late, and what came of the last 30 days."""
    actor, at = request.actor, clock.now()
    check(actor, Verb.VIEW_TEAM)
    day = clock.day_of(at)
    places = calendars.places(actor, Verb.VIEW_TEAM, day)
    asked = request.GET.get("place", "")
    is_key = asked.isdecimal() and len(asked) < 10  # noqa: PLR2004 -- an integer
    node = place_of(actor, int(asked), Verb.VIEW_TEAM) if is_key else default_place(actor, places)
    nobody, *lines = people.team(actor, node, at=at, day=day, day_ends=day_end(at))
    page = TeamPage(
        node=node, places=places, nobody=nobody, lines=sorted(lines, key=lambda line: (-line.late, -line.weight)),
        heaviest=max((line.weight for line in lines), default=0) or 1,
        below=people.places_below(actor, node, at=at, day=day),
        outcomes=_outcomes(lines),
        done=sum(line.done for line in lines), in_time=sum(line.in_time for line in lines),
        can_share=actor.can(Verb.ASSIGN, node.pk),
    )  # fmt: skip
    return pages.render(request, "worklist/team.html", page, block="team")


def _outcomes(lines: Sequence[people.Line]) -> list[tuple[str, int]]:
    """Count what came of the work of all, the most frequent first."""
    counts = Counter[str]()
    for line in lines:
        counts.update(line.outcomes)
    return [(people.outcome_label(code), count) for code, count in counts.most_common()]


def _team_url(node_id: int) -> str:
    return f"{reverse('worklist:team')}?{urlencode({'place': node_id})}"


def assign_by_load(request: Request, pk: int) -> HttpResponseBase:
    """POST only: share what nobody has yet out among the people chosen."""
    if request.method != "POST":
        raise NotFound
    chosen = [int(text) for text in request.POST.getlist("person") if text.isdecimal() and len(text) < 19]  # noqa: PLR2004 -- a bigint
    tasks = [int(text) for text in request.POST.getlist("id") if text.isdecimal() and len(text) < 19]  # noqa: PLR2004 -- a bigint
    count = sharing.assign_by_load(actor=request.actor, node_id=pk, task_ids=tasks, person_ids=chosen, at=clock.now())
    message = ngettext("%(num)d task is shared out.", "%(num)d tasks are shared out.", count) % {"num": count}
    return pages.done(request, pages.next_url(request, _team_url(pk)), message)


def assign_many(request: Request) -> HttpResponseBase:
    """POST only: the tasks chosen in the list, and among whom of the team they are shared out."""
    actor, day = request.actor, clock.today()
    check(actor, Verb.ASSIGN)
    if request.method != "POST":
        raise NotFound
    node = default_place(actor, calendars.places(actor, Verb.ASSIGN, day))
    tasks = [int(text) for text in request.POST.getlist("id") if text.isdecimal() and len(text) < 19]  # noqa: PLR2004 -- a bigint
    team = people.at_place(node.pk, day)
    loads = people.loads(person.pk for person in team)
    page = ManyPage(node, tasks, [(person, loads[person.pk]) for person in team], pages.next_url(request, "/"))
    return pages.render(request, "worklist/many.html", page)


def hand_over(request: Request) -> HttpResponseBase:
    """Give all open work of a person, one's own unless the address names somebody, to a colleague."""
    actor, day = request.actor, clock.today()
    check(actor, Verb.WORK)
    asked = request.GET.get("person", "")
    person_id = int(asked) if asked.isdecimal() and len(asked) < 19 else actor.person_id  # noqa: PLR2004 -- a bigint
    known = {person.pk: person for person in people.colleagues(actor, day)}
    if person_id != actor.user_id:
        check(actor, Verb.ASSIGN)
    others = people_choices(person for pk, person in known.items() if pk != person_id)
    start = {"until": request.GET.get("until", ""), "person": request.GET.get("to", "")}
    form = HandOverForm(request.POST or None, people=others, initial=start)
    back = reverse("worklist:my-day") if person_id == actor.user_id else reverse("worklist:team")

    def act() -> None:
        values = form.cleaned_data
        sharing.hand_over(actor=actor, from_id=person_id, to_id=values["person"], until=values["until"], at=clock.now())

    name = known[person_id].name if person_id in known else ""
    note = _("All open work of %(name)s; the colleague is told.") % {"name": name or actor.name}
    page = FormPage(form, _("Hand work over"), _("Hand over"), back, note)
    return answer(request, page, act, message=_("The work is handed over."))


def absences(request: Request) -> HttpResponseBase:
    """Who is away, now and soon, and who stands in."""
    actor, today = request.actor, clock.today()
    check(actor, Verb.WORK)
    rows = people.absences(actor, today)
    page = AbsencesPage(rows, today, people.kept(actor, rows, today))
    return pages.render(request, "worklist/absences.html", page)


def add_absence(request: Request) -> HttpResponseBase:
    """An absence of one's own, or of a colleague whose absences one keeps."""
    actor, today = request.actor, clock.today()
    check(actor, Verb.WORK)
    near = people.colleagues(actor, today)
    persons = near if actor.can(Verb.MANAGE_ABSENCE) else [person for person in near if person.pk == actor.user_id]
    form = AbsenceForm(
        request.POST or None, people=people_choices(persons), deputies=people_choices(near, _("Nobody")),
        initial={"person": actor.user_id, "first_day": today, "last_day": today},
    )  # fmt: skip

    def act() -> None:
        values = form.cleaned_data
        services.add_absence(
            actor=actor, person_id=values["person"], first_day=values["first_day"], last_day=values["last_day"],
            deputy_id=values["deputy"], note=values["note"], at=clock.now(),
        )  # fmt: skip

    note = _("Until the first day everything goes on as before; open work can be handed over on the list of absences.")
    page = FormPage(form, _("Enter an absence"), _("Save"), reverse("worklist:absences"), note)
    return answer(request, page, act, message=_("The absence is saved."))


def end_absence(request: Request, pk: int) -> HttpResponseBase:
    """POST only: an absence ends, before its time or before it began."""
    if request.method != "POST":
        raise NotFound
    services.end_absence(actor=request.actor, absence_id=pk, day=clock.today())
    return pages.done(request, reverse("worklist:absences"), _("The absence is over; waiting work has come back."))
