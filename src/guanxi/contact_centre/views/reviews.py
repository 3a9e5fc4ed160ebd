"""Pages of listening samples: the list, the draw, one call with its points."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from guanxi.codelists.queries import in_language
from guanxi.contact_centre.forms.reviews import DrawForm, ReviewForm
from guanxi.contact_centre.models import Review
from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.policy.reviews import Item, last_week
from guanxi.contact_centre.queries import calls, supervision
from guanxi.contact_centre.queries import reviews as queries
from guanxi.contact_centre.services import reviewing
from guanxi.contact_centre.tables import REVIEWS
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict, DomainError, Text
from guanxi.foundation.forms import FormPage, answer, refuse, show
from guanxi.foundation.pages import Request
from guanxi.foundation.tables import Listing, listing
from guanxi.records import services as records


@dataclass(frozen=True)
class ReviewsPage:
    listing: Listing
    can_draw: bool
    can_export: bool


@dataclass(frozen=True)
class ReviewPage(FormPage):
    """A call that was drawn: its points, or the form for them; ``sheet`` is the call as far as the reader sees it."""

    row: Review | None = None
    sheet: calls.Sheet | None = None
    given: Sequence[tuple[str, int, int]] = ()
    may_review: bool = False


def listed(request: Request) -> HttpResponseBase:
    """The calls that were drawn: those of the team, or one's own once they are judged."""
    actor = request.actor
    check(actor, Verb.VIEW)
    rows = queries.visible_to(actor).select_related("call__script")
    if request.GET.get("export"):
        file = records.export(actor=actor, verb=Verb.EXPORT, table=REVIEWS, rows=rows, asked=request.GET)
        return pages.download(file)
    page = ReviewsPage(listing(REVIEWS, rows, request.GET, actor), actor.can(Verb.REVIEW_CALLS), actor.can(Verb.EXPORT))
    return pages.render(request, "contact_centre/reviews.html", page, block="list")


def draw(request: Request) -> HttpResponseBase:
    """Draw the calls of a week."""
    actor, today = request.actor, clock.today()
    check(actor, Verb.REVIEW_CALLS)
    places = [
        (str(row.pk), row.name) for row in supervision.places(actor, today) if actor.can(Verb.REVIEW_CALLS, row.pk)
    ]
    form = DrawForm(request.POST or None, places=places, initial={"week": last_week(today), "place": actor.home_id})
    address = reverse("contact_centre:reviews")
    page = FormPage(
        form, _("Draw calls to be judged"), _("Draw"), address,
        _("Of each agent some of the calls that reached the customer, as many as the score sheet says."),
        [(_("Listening samples"), address)],
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            drawn = reviewing.draw(actor=actor, node_id=values["place"], week=values["week"], at=clock.now())
        except DomainError as error:
            refuse(form, error)
        else:
            told = ngettext("%(count)d call was drawn.", "%(count)d calls were drawn.", drawn) % {"count": drawn}
            return pages.done(request, address, told)
    return show(request, "ui/form.html", page)


def review(request: Request, pk: int) -> HttpResponseBase:
    """One call that was drawn, and its points."""
    actor = request.actor
    check(actor, Verb.VIEW)
    row = queries.review(actor, pk)
    page = _page(request, row)
    if request.method == "POST":
        check(actor, Verb.REVIEW_CALLS, row.node_id)

    def act() -> None:
        form = page.form
        assert isinstance(form, ReviewForm)
        reviewing.review(actor=actor, review_id=pk, scores=form.scores, note=form.cleaned_data["note"], at=clock.now())

    return answer(request, page, act, message=_("The points are saved."), template="contact_centre/review.html")


def _page(request: Request, row: Review) -> ReviewPage:
    actor = request.actor
    items = row.sheet.lines if row.sheet else _items()
    form = ReviewForm(request.POST or None, items=items)
    address, back = reverse("contact_centre:review", args=[row.pk]), reverse("contact_centre:reviews")
    is_open = row.reviewed_at is None
    crumbs: list[tuple[Text, str]] = [(_("Listening samples"), back)]
    return ReviewPage(
        form, row.agent_name, _("Save the points"), address, "", crumbs, row=row, sheet=calls.sheet(actor, row.call_id),
        given=[] if is_open else [(in_language(one.zh, one.en), row.scores[one.code], one.points) for one in items],
        may_review=is_open and _may_review(actor, row),
    )  # fmt: skip


def _may_review(actor: Actor, row: Review) -> bool:
    return actor.can(Verb.REVIEW_CALLS, row.node_id) and row.agent_id != actor.user_id


def _items() -> tuple[Item, ...]:
    """Return what a call would be judged by today; nothing without a sheet."""
    try:
        return queries.sheet_on(clock.today()).lines
    except Conflict:
        return ()
