"""What the workshop contributes elsewhere: moments of a customer."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.foundation import clock
from guanxi.foundation.actor import Actor
from guanxi.foundation.slots import Moment
from guanxi.vehicles.queries import cars
from guanxi.workshop import queries
from guanxi.workshop.models import Visit
from guanxi.workshop.permissions import Verb

LONGEST = 160
TONES: dict[bool | None, str] = {True: "green", False: "blue", None: "amber"}


def url(visit_id: int) -> str:
    return reverse("workshop:visit", args=[visit_id])


def as_moments(visits: Sequence[Visit], names: Mapping[str, str], *, car: bool = False) -> list[Moment]:
    """Return visits as lines of a timeline; with ``car`` each says which car it was."""
    held = cars.named(visit.vehicle_id for visit in visits) if car else {}
    return [_moment(visit, names, str(held.get(visit.vehicle_id, ""))) for visit in visits]


def _moment(visit: Visit, names: Mapping[str, str], car: str) -> Moment:
    facts = [car]
    if visit.km is not None:
        facts.append(_("%(km)s km") % {"km": f"{visit.km:,}"})
    if visit.total is not None:
        facts.append(f"{visit.total:,.2f} {visit.currency}")
    if visit.words:
        facts.append(f"“{visit.words[:LONGEST]}”")
    who = " · ".join(part for part in (visit.outlet.name, visit.advisor_name) if part)
    title = names.get(visit.category, visit.category) or _("Workshop visit")
    tone = TONES[visit.counts]
    detail = " · ".join(fact for fact in facts if fact)
    return Moment(clock.start_of(visit.entered_on), title, detail, who, "wrench", tone, url(visit.pk))


def moments(actor: Actor, customer_id: int, limit: int) -> Sequence[Moment]:
    """Return the visits of a customer for his timeline; three queries."""
    if not actor.can(Verb.VIEW):
        return []
    visits = queries.of_customer(actor, customer_id, limit)
    return as_moments(visits, queries.category_names(clock.today()), car=True) if visits else []
