"""Pages that show rescues: the list, one with who could be sent, the sheet, the measures, the panel of a customer."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse

from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.pages import Request
from guanxi.foundation.slots import Moment
from guanxi.foundation.tables import Listing, listing
from guanxi.knowledge.permissions import Verb as Knowledge
from guanxi.network import queries as network
from guanxi.records import services as records
from guanxi.rescue import panels, policy, tables
from guanxi.rescue.models import Dispatch, Rescue
from guanxi.rescue.permissions import Verb
from guanxi.rescue.queries import providers, rescues
from guanxi.rescue.queries.following import secret_of
from guanxi.rescue.queries.providers import Candidate, Measures
from guanxi.rescue.states import RUNNING, SENDING_TONES, TONES, Sending, State

FEW, MOST, SPAN, SIZE = 8, 12, datetime.timedelta(days=90), 260


@dataclass(frozen=True)
class RescuesPage:
    listing: Listing
    tones: dict[str, str]
    can_take: bool
    can_export: bool


@dataclass(frozen=True)
class Mark:
    """A provider on the sketch."""

    dot: policy.Dot
    name: str
    is_able: bool


@dataclass(frozen=True)
class RescuePage:
    """A rescue: whom it is about, who was sent, who could be, what happened, and what this reader may do now."""

    row: Rescue
    tone: str
    place: str
    named: rescues.Named
    less: str
    sendings: Sequence[Dispatch]
    sending_tones: dict[str, str]
    candidates: Sequence[Candidate]
    marks: Sequence[Mark]
    reach_km: int
    moments: Sequence[Moment]
    follow_url: str
    is_late: bool
    is_complaint: bool
    acts: frozenset[str]
    may_know: bool


@dataclass(frozen=True)
class SheetPage:
    row: Rescue
    named: rescues.Named
    less: str
    sendings: Sequence[Dispatch]
    printed_by: str
    printed_at: datetime.datetime


@dataclass(frozen=True)
class FiguresPage:
    rows: Sequence[Measures]
    first: datetime.date
    last: datetime.date


@dataclass(frozen=True)
class CustomerPanel:
    rows: Sequence[Rescue]
    tones: dict[str, str]
    take: str


def listed(request: Request) -> HttpResponseBase:
    """The rescues as a file."""
    rows = rescues.visible_to(request.actor).select_related("help", "provider")
    file = records.export(actor=request.actor, verb=Verb.EXPORT, table=tables.RESCUES, rows=rows, asked=request.GET)
    return pages.download(file)


def rescues_list(request: Request) -> HttpResponseBase:
    """The rescues, newest first."""
    actor = request.actor
    check(actor, Verb.VIEW)
    if request.GET.get("export"):
        return listed(request)
    rows = rescues.visible_to(actor).select_related("help", "provider")
    page = RescuesPage(
        listing(tables.RESCUES, rows, request.GET, actor), TONES, actor.can(Verb.TAKE), actor.can(Verb.EXPORT)
    )
    return pages.render(request, "rescue/rescues.html", page, block="list")


def rescue(request: Request, pk: int) -> HttpResponseBase:
    """One rescue."""
    actor, at = request.actor, clock.now()
    check(actor, Verb.VIEW)
    row = rescues.rescue(actor, pk)
    sent = rescues.dispatches(row)
    found = acts(actor, row, sent)
    offered: Sequence[Candidate] = ()
    if "send" in found:
        offered = providers.candidates(row, rescues.terms_on(clock.day_of(at)), at)[:MOST]
    reach = max([1, *(round(one.straight_km) for one in offered if one.straight_km and not one.inability)])
    page = RescuePage(
        row, TONES[row.state], network.names(actor, [row.place_id]).get(row.place_id, ""), rescues.named(actor, row),
        panels.less_of(row), sent, SENDING_TONES, offered, _marks(row, offered, reach), reach,
        panels.history(row, sent), _follow(request, row) if row.state in RUNNING else "", row.is_late(at),
        row.score is not None and policy.is_complaint(row.score), found, actor.can(Knowledge.VIEW),
    )  # fmt: skip
    return pages.render(request, "rescue/rescue.html", page)


def _follow(request: Request, row: Rescue) -> str:
    return request.build_absolute_uri(reverse("rescue:follow", args=[secret_of(row.pk)]))


def _marks(row: Rescue, offered: Sequence[Candidate], reach: int) -> list[Mark]:
    """Return where those who could be sent lie around a rescue, as far as both positions are known."""
    if row.latitude is None or row.longitude is None:
        return []
    found = []
    for one in offered:
        if one.row.latitude is not None and one.row.longitude is not None:
            to = (float(one.row.latitude), float(one.row.longitude))
            dot = policy.sketch(float(row.latitude), float(row.longitude), to, reach_km=reach * 1.1, size=SIZE)
            found.append(Mark(dot, one.row.node.name, one.inability is None))
    return found


def acts(actor: Actor, row: Rescue, sent: Sequence[Dispatch]) -> frozenset[str]:
    """Return what an actor may do with a rescue as it stands."""
    state = sent[0].state if sent else ""
    dispatches, answers = actor.can(Verb.DISPATCH, row.place_id), actor.can(Verb.ANSWER, row.provider_id or 0)
    sides = {
        "send": (dispatches, row.state == State.TAKEN),
        "recall": (dispatches, row.state in {State.SENT, State.ACCEPTED}),
        "cancel": (dispatches, policy.may_move(row.state, State.CANCELLED)),
        "accept": (answers, row.state == State.SENT),
        "refuse": (answers, row.state == State.SENT),
        "arrive": (answers, row.state == State.ACCEPTED),
        "fail": (answers, row.state == State.ARRIVED and state == Sending.ARRIVED),
        "finish": (answers, row.state == State.ARRIVED),
        "call_back": (actor.can(Verb.CALL_BACK, row.place_id), row.state == State.DONE),
    }
    return frozenset(name for name, (may, fits) in sides.items() if may and fits)


def sheet(request: Request, pk: int) -> HttpResponseBase:
    """The rescue order to print (FORM-20)."""
    actor = request.actor
    check(actor, Verb.VIEW)
    row = rescues.rescue(actor, pk)
    page = SheetPage(
        row, rescues.named(actor, row), panels.less_of(row), rescues.dispatches(row)[::-1], actor.name, clock.now()
    )  # fmt: skip
    return pages.render(request, "rescue/sheet.html", page)


def _day(text: str, otherwise: datetime.date) -> datetime.date:
    """Return a day that was asked for; what is none counts as not asked, as in every list."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return otherwise


def figures(request: Request) -> HttpResponseBase:
    """The four measures of each provider."""
    actor = request.actor
    check(actor, Verb.VIEW)
    last = _day(request.GET.get("to", ""), clock.today())
    first = _day(request.GET.get("from", ""), last - SPAN)
    rows = providers.measures(actor, clock.start_of(first), clock.start_of(last + datetime.timedelta(days=1)))
    return pages.render(request, "rescue/figures.html", FiguresPage(rows, first, last))


def customer_panel(request: Request, subject_id: int) -> HttpResponseBase:
    """The rescues of a customer."""
    actor = request.actor
    check(actor, Verb.VIEW)
    take = f"{reverse('rescue:take')}?customer={subject_id}" if actor.can(Verb.TAKE) else ""
    return pages.render(
        request, "rescue/panel.html", CustomerPanel(rescues.of_customer(actor, subject_id, FEW), TONES, take)
    )
