"""The page on which a call for help is taken."""

from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.customers import queries as customers
from guanxi.customers.states import Channel
from guanxi.foundation import clock
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import NotFound, Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.network import queries as network
from guanxi.rescue.forms import TakeForm
from guanxi.rescue.permissions import Verb
from guanxi.rescue.queries import rescues
from guanxi.rescue.services import taking
from guanxi.vehicles.queries import cars

LONGEST_KEY, MOST = 18, 300
SAID = (
    "help", "caller", "phone", "where", "words", "is_hurt", "is_safe", "on_expressway", "can_move", "people", "plate",
    "position", "token",
)  # fmt: skip


def take(request: Request) -> HttpResponseBase:
    """Take a call for help, perhaps of a known customer (``?customer=``): safety first."""
    actor = request.actor
    check(actor, Verb.TAKE)
    customer_id = _asked(request)
    start = {"place": actor.home_id} | (_known(actor, customer_id) if customer_id else {})
    form = TakeForm(request.POST or None, choices={"place": _places(actor), "help": rescues.helps()}, initial=start)

    def act() -> str:
        values = form.cleaned_data
        new = taking.NewRescue(
            int(values["place"]), customer_id=customer_id, **{name: values[name] for name in SAID}
        )  # fmt: skip
        made = taking.take(actor=actor, new=new, at=clock.now())
        return reverse("rescue:rescue", args=[made.pk])

    back = reverse("customers:customer", args=[customer_id]) if customer_id else reverse("rescue:rescues")
    note = _("Safety first. With a position the nearest who can help is found; without one you choose.")
    crumbs: list[tuple[Text, str]] = [(_("Rescues"), reverse("rescue:rescues"))]
    page = FormPage(form, _("Take a rescue"), _("Take it and send help"), back, note, crumbs)
    return answer(request, page, act, message=_("Taken. Send somebody now."))


def _asked(request: Request) -> int | None:
    text = request.GET.get("customer", "")
    if not text:
        return None
    if not text.isdecimal() or len(text) > LONGEST_KEY:
        raise NotFound
    return int(text)


def _known(actor: Actor, customer_id: int) -> dict[str, Any]:
    """Return what is on file of a visible customer: name, number, the plate of his newest car."""
    row = customers.customer(actor, customer_id)
    points = [point for point in customers.points([row.pk]).get(row.pk, []) if point.channel == Channel.MOBILE]
    held = [one for one in cars.of_customer(actor, row.pk) if one.until is None]
    return {
        "caller": row.name, "phone": points[0].value if points else "", "plate": held[0].vehicle.plate if held else "",
    }  # fmt: skip


def _places(actor: Actor) -> list[tuple[str, Text]]:
    """Return where the actor may take rescues: his own place first."""
    where = actor.where(Verb.TAKE)
    rows = network.open_on(network.visible_to(actor), clock.today()).order_by("code")
    rows = rows.filter(kind__in=["CALL_CENTRE", "OUTLET", "BRANCH"])
    if where is not None:
        rows = rows.filter(pk__in=list(where))
    return sorted(((str(row.pk), row.name) for row in rows[:MOST]), key=lambda pair: pair[0] != str(actor.home_id))
