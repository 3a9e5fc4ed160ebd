"""Pages of merging: two records side by side, field by field, and the way back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.codelists import queries as codelists
from guanxi.customers import policy, queries
from guanxi.customers.forms.parts import MergeForm
from guanxi.customers.models import Customer
from guanxi.customers.permissions import Verb
from guanxi.customers.services import merging
from guanxi.customers.views.reading import Point, habits, places, shown
from guanxi.customers.views.writing import address_of
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import DomainError, Invalid, NotFound, Text
from guanxi.foundation.pages import Request

NAMES = (*policy.PLAIN, "identity_tail")


@dataclass(frozen=True)
class Line:
    """One field of two records, and whose value would stay."""

    name: str
    label: Text
    kept: Any
    gone: Any
    choice: str

    @property
    def differs(self) -> bool:
        return bool(self.kept != self.gone)


@dataclass(frozen=True)
class Side:
    """One of the two records with what hangs on it."""

    customer: Customer
    points: list[Point]
    places: Sequence[str]
    outlets: Sequence[str]


@dataclass(frozen=True)
class MergePage:
    kept: Side
    gone: Side
    lines: list[Line]
    swap: str
    problem: Text = ""


def _two(request: Request) -> tuple[int, int]:
    """Return the two customers asked for: by name in the address, or selected in a list."""
    chosen = request.POST.getlist("id") or [request.GET.get("kept", ""), request.GET.get("gone", "")]
    if len(chosen) != 2 or not all(item.isdecimal() and len(item) < 19 for item in chosen):  # noqa: PLR2004 -- two records, and no key is longer
        raise Invalid(_("Select exactly two customers."))
    return int(chosen[0]), int(chosen[1])


def merge(request: Request) -> HttpResponseBase:
    """Two records side by side; POST with choices makes them one."""
    actor = request.actor
    check(actor, Verb.MERGE)
    if request.method == "POST" and request.POST.get("kept", "").isdecimal():
        return _merge(request)
    kept_id, gone_id = _two(request)
    return _compare(request, kept_id, gone_id)


def _compare(request: Request, kept_id: int, gone_id: int, problem: Text = "") -> HttpResponseBase:
    actor = request.actor
    kept, gone = queries.customer(actor, kept_id), queries.customer(actor, gone_id)
    swap = f"{reverse('customers:merge')}?kept={gone_id}&gone={kept_id}"
    page = MergePage(_side(actor, kept), _side(actor, gone), list(_lines(kept, gone)), swap, problem)
    return pages.render(request, "customers/merge.html", page, status=409 if problem else 200)


def _side(actor: Actor, row: Customer) -> Side:
    outlets = [relation.outlet.name for relation in queries.relations(actor, [row.pk])]
    points = shown(queries.points([row.pk]).get(row.pk, []), {})
    return Side(row, points, [place.text for place in places(row)], outlets)


def _lines(kept: Customer, gone: Customer) -> Sequence[Line]:
    found = []
    channels = {code: label.name for code, label in codelists.labels("contact_channels", clock.today()).items()}
    for name in NAMES:
        field = Customer._meta.get_field(name)  # noqa: SLF001 -- Django's documented reflection
        own, other = (_shown(row, name, channels) for row in (kept, gone))
        found.append(Line(name, field.verbose_name, own, other, "gone" if not own and other else "kept"))  # type: ignore[union-attr]
    return found


def _shown(row: Customer, name: str, channels: Mapping[str, str]) -> Any:
    if name == "preferred_channel":
        return channels.get(row.preferred_channel, row.preferred_channel)
    if name == "habits":
        return habits(row)
    if name == "identity_tail":
        return policy.mask_identity(row.identity_tail)
    display = getattr(row, f"get_{name}_display", None)
    return display() if display else getattr(row, name)


def _merge(request: Request) -> HttpResponseBase:
    form = MergeForm(request.POST, names=NAMES)
    kept_id, gone_id = request.POST["kept"], request.POST.get("gone", "")
    if not form.is_valid() or not gone_id.isdecimal():
        raise NotFound
    choices = {name: value for name, value in form.cleaned_data.items() if value}
    try:
        merging.merge_customers(
            actor=request.actor, kept_id=int(kept_id), gone_id=int(gone_id), choices=choices, at=clock.now()
        )
    except DomainError as error:
        return _compare(request, int(kept_id), int(gone_id), str(error.message))
    return pages.done(request, address_of(int(kept_id)), _("The two are one now. It can be undone on this page."))


def undo(request: Request, pk: int) -> HttpResponseBase:
    """POST only."""
    if request.method != "POST":
        raise NotFound
    made = merging.undo_merge(actor=request.actor, merge_id=pk, at=clock.now())
    return pages.done(request, address_of(made.kept_id), _("Undone: both records are as they were."))
