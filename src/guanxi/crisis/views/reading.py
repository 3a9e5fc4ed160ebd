"""Pages that show crises: the list, the room of one, the panel of a complaint."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.complaints.models import Complaint
from guanxi.complaints.states import LEVEL_TONES
from guanxi.complaints.states import TONES as COMPLAINT_TONES
from guanxi.crisis import panels, policy, tables
from guanxi.crisis.models import Crisis, Report, Statement
from guanxi.crisis.permissions import Verb, may_add
from guanxi.crisis.queries import choosing, concerned, effect, media, rooms
from guanxi.crisis.queries.effect import Week
from guanxi.crisis.states import REPORT_TONES, RISK_TONES, RUNNING, STAGE_TONES, TONES, Reached, Stage, State
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Text
from guanxi.foundation.pages import Request
from guanxi.foundation.slots import Moment
from guanxi.foundation.tables import Listing, listing
from guanxi.records import queries as attached
from guanxi.records import services as records
from guanxi.records.queries import Evidence
from guanxi.worklist.models import Task


@dataclass(frozen=True)
class CrisesPage:
    listing: Listing
    tones: dict[str, str]
    risks: dict[str, str]
    can_open: bool
    can_export: bool


@dataclass(frozen=True)
class Shown:
    """A version of the statement, and what the reader may do with it."""

    row: Statement
    tone: str
    may_approve: bool
    may_say: bool


@dataclass(frozen=True)
class RoomPage:
    """The room of a crisis: how it stands, its complaints, what is said outside, who owes what, the log."""

    row: Crisis
    tone: str
    risk_tone: str
    types: list[str]
    complaints: list[Complaint]
    complaint_tones: dict[str, str]
    level_tones: dict[str, str]
    statements: list[Shown]
    owed: list[Task]
    reached: list[tuple[Text, int]]
    weeks: Sequence[Week]
    reports: list[Report]
    report_tones: dict[str, str]
    log: list[Moment]
    legal: Evidence
    admitted: list[str]
    acts: frozenset[str]
    at: datetime.datetime


@dataclass(frozen=True)
class ComplaintPanel:
    rows: list[Crisis]
    tones: dict[str, str]
    open_url: str


def crises(request: Request) -> HttpResponseBase:
    """The crises, the newest first."""
    actor = request.actor
    check(actor, Verb.VIEW)
    rows = rooms.visible_to(actor).select_related("place")
    if request.GET.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=tables.CRISES, rows=rows, asked=request.GET)
        return pages.download(file)
    found = listing(tables.CRISES, rows, request.GET, actor)
    page = CrisesPage(found, TONES, RISK_TONES, actor.can(Verb.OPEN), actor.can(Verb.EXPORT))
    return pages.render(request, "crisis/crises.html", page, block="list")


def acts(actor: Actor, row: Crisis) -> frozenset[str]:
    """Return what an actor may do in the room of a crisis as it stands."""
    leads, runs = actor.can(Verb.HANDLE, row.place_id), row.state in RUNNING
    in_room = ("note", "assess", "put-in-charge", "give-work", "link", "unlink", "draft", "allow-contact")
    known = dict.fromkeys(in_room, leads and runs)
    known |= {
        "restrict": leads,
        "lift": leads and row.is_shut,
        "calm": leads and policy.may_move(row.state, State.CALMED),
        "close": leads and policy.may_move(row.state, State.CLOSED),
        "reopen": actor.can(Verb.OPEN, row.place_id) and policy.may_move(row.state, State.OPEN),
    }
    return frozenset(name for name, may in known.items() if may)


def _shown(actor: Actor, row: Crisis) -> list[Shown]:
    runs, approves = row.state in RUNNING, actor.can(Verb.APPROVE, row.place_id)
    leads = actor.can(Verb.HANDLE, row.place_id)
    return [
        Shown(
            held, STAGE_TONES[held.stage],
            runs and approves and held.stage == Stage.DRAFT and policy.may_approve(held.written_by_id, actor.user_id),
            runs and leads and held.stage == Stage.APPROVED,
        )
        for held in rooms.statements(row)
    ]  # fmt: skip


def _legal(actor: Actor, row: Crisis) -> Evidence:
    return attached.evidence(
        rooms.LEGAL, row.pk, may_add=may_add(actor, row), title=_("Legal documents"),
        hint=_("Letters of lawyers and offices, expert opinions, agreements; as PDF or picture."),
    )  # fmt: skip


def _admitted(row: Crisis) -> list[str]:
    """Return the names of those to whom a room is closed; no query while it is open."""
    if row.admitted is None:
        return []
    names = choosing.readers(row.place_id, clock.today())
    return [names.get(pk, str(pk)) for pk in row.admitted]


def room(request: Request, pk: int) -> HttpResponseBase:
    """The room of one crisis."""
    actor = request.actor
    check(actor, Verb.VIEW)
    row = rooms.crisis(actor, pk)
    names = choosing.names_of_types()
    page = RoomPage(
        row, TONES[row.state], RISK_TONES[row.risk], [names.get(code, code) for code in row.types],
        rooms.complaints(actor, row), COMPLAINT_TONES, LEVEL_TONES, _shown(actor, row), rooms.owed(row),
        [(Reached(state).label, many) for state, many in concerned.counts(row).items()],
        effect.weeks(row, clock.today()), media.of_crisis(actor, row), REPORT_TONES,
        panels.history(rooms.entries(row)), _legal(actor, row),
        _admitted(row), acts(actor, row), clock.now(),
    )  # fmt: skip
    return pages.render(request, "crisis/room.html", page)


def complaint_panel(request: Request, subject_id: int) -> HttpResponseBase:
    """The crises to which a complaint belongs, and the way to open one."""
    actor = request.actor
    check(actor, Verb.VIEW)
    rows = rooms.of_complaint(actor, subject_id)
    is_free = actor.can(Verb.OPEN) and not any(row.state in RUNNING for row in rows)
    open_url = f"{reverse('crisis:open')}?complaint={subject_id}" if is_free else ""
    return pages.render(request, "crisis/panel.html", ComplaintPanel(rows, TONES, open_url))
