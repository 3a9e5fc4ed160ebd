"""What has to be read and confirmed: one's own, the list of it, who has confirmed, and the buttons (INFO-16)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check
from guanxi.foundation.errors import NotFound, Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, listing
from guanxi.knowledge import tables
from guanxi.knowledge.forms import ReadersForm
from guanxi.knowledge.models import Confirmation, Reading, Version
from guanxi.knowledge.permissions import Verb
from guanxi.knowledge.queries import articles, readings
from guanxi.knowledge.services import confirming, reviewing
from guanxi.knowledge.states import STANDING_TONES, Stage
from guanxi.records import services as records

FEW, LATELY, DAYS, DIGITS = 5, 20, 14, 6


@dataclass(frozen=True)
class ToReadPage:
    duties: Sequence[readings.Duty]
    confirmed: Sequence[Confirmation]
    can_follow: bool


@dataclass(frozen=True)
class HomePanel:
    duties: Sequence[readings.Duty]
    more: int


@dataclass(frozen=True)
class ReadingsPage:
    listing: Listing
    can_export: bool


@dataclass(frozen=True)
class ReadersPage:
    reading: Reading
    title: str
    roles: Sequence[str]
    numbers: readings.Numbers
    places: Sequence[readings.Place]
    key: str
    listing: Listing
    tones: dict[str, str]
    can_export: bool
    keeps: bool


def to_read(request: Request) -> HttpResponseBase:
    """What the reader has to read and confirm, and what he confirmed lately."""
    actor = request.actor
    check(actor, Verb.VIEW)
    page = ToReadPage(
        readings.duties(actor, clock.today()), readings.confirmed_by(actor, LATELY), actor.can(Verb.VIEW_READINGS)
    )
    return pages.render(request, "knowledge/to_read.html", page)


def home_panel(request: Request, subject_id: int) -> HttpResponseBase:  # noqa: ARG001 -- panels share one URL shape
    """The tile of the start page: what has to be read, the most urgent first."""
    check(request.actor, Verb.VIEW)
    rows = readings.duties(request.actor, clock.today())
    return pages.render(request, "knowledge/home_panel.html", HomePanel(rows[:FEW], len(rows[FEW:])))


def show_readings(request: Request) -> HttpResponseBase:
    """What is asked for of readers, and how far they are where one may see it."""
    actor, asked, table = request.actor, request.GET, tables.READINGS
    check(actor, Verb.VIEW_READINGS)
    rows = readings.visible_to(actor)
    if asked.get("export"):
        return pages.download(records.export(actor=actor, verb=Verb.EXPORT, table=table, rows=rows, asked=asked))
    page = ReadingsPage(listing(table, rows, asked, actor), actor.can(Verb.EXPORT))
    return pages.render(request, "knowledge/readings.html", page, block="list")


def readers(request: Request, pk: int) -> HttpResponseBase:
    """Who has confirmed an article and who has not, by branch and outlet."""
    actor, asked, today = request.actor, request.GET, clock.today()
    check(actor, Verb.VIEW_READINGS)
    held = articles.article(actor, pk)
    reading = readings.of_article(pk)
    if reading is None:
        raise NotFound
    rows, table = readings.followed(actor, reading, today), tables.READERS
    if asked.get("export"):
        file = records.export(
            actor=actor, verb=Verb.EXPORT, table=table, rows=rows, asked=asked, of=f"{held.number} "
        )  # fmt: skip
        return pages.download(file)
    shown = listing(table, rows, asked, actor)
    said = readings.titles([pk]).get(pk)
    key, places = _by_place(request, reading, today)
    page = ReadersPage(
        reading, said.title if said else held.number, readings.role_names(reading.roles),
        readings.numbers(actor, [reading.pk], today).get(reading.pk, readings.Numbers()), places, key, shown,
        STANDING_TONES, actor.can(Verb.EXPORT), actor.can(Verb.REVIEW, held.node_id),
    )  # fmt: skip
    return pages.render(request, "knowledge/readers.html", page, block="list")


def _by_place(request: Request, reading: Reading, today: datetime.date) -> tuple[str, list[readings.Place]]:
    """Return the branches, or the places of the one that is chosen or the only one, each with its numbers."""
    actor, branch = request.actor, request.GET.get("branch", "")
    rows = readings.followed(actor, reading, today)
    if branch.isdecimal() and len(branch) <= DIGITS:
        return "place", readings.by_place(actor, rows.filter(branch_id=int(branch)), "node_id")
    found = readings.by_place(actor, rows, "branch_id")
    return ("branch", found) if len(found) > 1 else ("place", readings.by_place(actor, rows, "node_id"))


def ask_readers(request: Request, pk: int) -> HttpResponseBase:
    """Have an article confirmed by its readers; one that is being reviewed is published by that."""
    actor, today = request.actor, clock.today()
    held = articles.article(actor, pk)
    check(actor, Verb.REVIEW, held.node_id)
    last = articles.versions(actor, held)[0]
    before = readings.of_article(pk)
    start = {
        "roles": before.roles if before else (), "due_on": max(before.due_on if before else today, _later(today))
    }  # fmt: skip
    form = ReadersForm(request.POST or None, roles=readings.roles_for(held.node, today), initial=start)
    publishes = last.stage == Stage.IN_REVIEW

    def act() -> str:
        if publishes:
            reviewing.publish(actor=actor, article_id=pk, readers=form.readers(), at=clock.now())
        else:
            confirming.ask_readers(actor=actor, article_id=pk, readers=form.readers(), at=clock.now())
        return reverse(f"knowledge:{'readers' if actor.can(Verb.VIEW_READINGS) else 'article'}", args=[pk])

    page = FormPage(
        form, _("To be confirmed by readers"), _("Publish and tell them") if publishes else _("Ask them"),
        reverse("knowledge:article", args=[pk]), _about(before, last), _crumbs(last.title, pk),
    )  # fmt: skip
    return answer(request, page, act, message=_("Asked: each of them has been told."))


def _later(day: datetime.date) -> datetime.date:
    return day + datetime.timedelta(days=DAYS)


def _about(before: Reading | None, last: Version) -> Text:
    """Return what asking means for those who were asked before."""
    if before is None:
        return _("Each of them finds it under “To read” until he has confirmed; you see who has and who has not.")
    if before.since == last.number:
        return _("Who has confirmed this version is not asked again.")
    return _(
        "Everybody is asked anew, also who has confirmed an earlier version. If the change does not matter, leave it."
    )


def _crumbs(title: str, pk: int) -> list[tuple[Text, str]]:
    return [
        (_("Knowledge"), reverse("knowledge:find")), (_("Articles"), reverse("knowledge:articles")),
        (title, reverse("knowledge:article", args=[pk])),
    ]  # fmt: skip


@require_POST
def remind_readers(request: Request, pk: int) -> HttpResponseBase:
    """Remind those who have not confirmed."""
    count = confirming.remind_readers(actor=request.actor, article_id=pk, at=clock.now())
    told = ngettext("%(num)d person was reminded.", "%(num)d people were reminded.", count) % {"num": count}
    return pages.done(request, reverse("knowledge:readers", args=[pk]), told)


@require_POST
def lift_reading(request: Request, pk: int) -> HttpResponseBase:
    """Ask nobody any more."""
    confirming.lift_reading(actor=request.actor, article_id=pk)
    return pages.done(request, reverse("knowledge:article", args=[pk]), _("Nobody is asked any more."))


@require_POST
def confirm_read(request: Request, pk: int) -> HttpResponseBase:
    """Confirm that one has read the version that was shown."""
    text = request.POST.get("version", "")
    number = int(text) if text.isdecimal() and len(text) <= DIGITS else 0
    confirming.confirm_read(actor=request.actor, article_id=pk, version=number, at=clock.now())
    return pages.done(request, reverse("knowledge:to-read"), _("Confirmed. Thank you."))
