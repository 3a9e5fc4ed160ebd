"""Pages that write on a customer: one form, one verb."""

from dataclasses import dataclass, field

from django import forms
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.access import queries as access
from guanxi.codelists import queries as codelists
from guanxi.customers import queries
from guanxi.customers.forms.parts import AddressForm, NoteForm, PointForm, PointStateForm, VerifyForm
from guanxi.customers.forms.people import Choices, CustomerForm, NewCustomerForm, read_phone
from guanxi.customers.models import Address, Customer
from guanxi.customers.permissions import Verb
from guanxi.customers.services import attaching, noting, reaching, recording
from guanxi.customers.states import HABITS, INDUSTRIES, Channel
from guanxi.foundation import clock, divisions, pages
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Invalid, NotFound
from guanxi.foundation.forms import FormPage, answer, refuse, show
from guanxi.foundation.pages import Request
from guanxi.network.models import Node

FIELDS = ("name", "gender", "born_on", "industry", "occupation", "hobbies", "habits", "preferred_channel")


@dataclass(frozen=True)
class AddPage(FormPage):
    """The form of a new customer, with those who may be the same."""

    alike: list[Customer] = field(default_factory=list)


@dataclass(frozen=True)
class AlikePart:
    alike: list[Customer]


def address_of(pk: int) -> str:
    return reverse("customers:customer", args=[pk])


def outlet_choices(actor: Actor, verb: str) -> Choices:
    """Return the outlets at which the actor holds a verb, the actor's own first; at most 300."""
    places = queries.outlets(actor, verb)
    rows = Node.objects.filter(kind="OUTLET", valid_to__isnull=True)
    rows = (rows if places is None else rows.filter(pk__in=places)).order_by("code")[:300]
    return [(str(row.pk), row.name) for row in rows]


def source_choices() -> Choices:
    return [(code, label.name) for code, label in codelists.labels("lead_sources", clock.today()).items()]


def channel_choices() -> Choices:
    return [(code, label.name) for code, label in codelists.labels("contact_channels", clock.today()).items()]


def habit_choices() -> Choices:
    return [(code, label.name) for code, label in codelists.labels(HABITS, clock.today()).items()]


def industry_choices(held: str = "") -> Choices:
    """Return the industries to choose from, and what a record says in other words; one query."""
    found = [(code, label.name) for code, label in codelists.labels(INDUSTRIES, clock.today()).items()]
    return found if held in {"", *dict(found)} else [(held, held), *found]


def consultant_choices(actor: Actor, outlet_ids: list[int]) -> Choices:
    """Return the people of one outlet who may be a customer's consultant; none for several outlets."""
    if len(outlet_ids) != 1:
        return []
    staff = access.staff_of(actor, outlet_ids, clock.today())
    return list(dict.fromkeys((str(item.user_id), item.user.name) for item in staff))


def add(request: Request) -> HttpResponseBase:
    actor = request.actor
    check(actor, Verb.ADD)
    outlets = outlet_choices(actor, Verb.ADD)
    choices = {
        "outlet": outlets, "source": source_choices(), "preferred_channel": channel_choices(),
        "industry": industry_choices(), "habits": habit_choices(),
        "consultant": consultant_choices(actor, [int(pk) for pk, _name in outlets]),
    }  # fmt: skip
    start = {"outlet": str(actor.home_id), "consultant": str(actor.user_id)}
    form = NewCustomerForm(request.POST or None, initial=start, asks=queries.asks(clock.today()), choices=choices)
    alike: list[Customer] = []
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        if not values["confirmed"]:
            alike = queries.alike(actor, name=values["name"], mobile=values["mobile"])
        if not alike:
            try:
                return _added(request, form)
            except Invalid as error:
                refuse(form, error)
        else:
            form.ask_again()
    note = _("Who is known to the network already keeps his one record; he becomes a customer of this outlet too.")
    page = AddPage(form, _("Add a customer"), _("Add"), reverse("customers:customers"), note, alike=alike)
    return show(request, "customers/add.html", page)


def _added(request: Request, form: NewCustomerForm) -> HttpResponseBase:
    values = form.cleaned_data
    newcomer = recording.Newcomer(
        fields={name: values[name] for name in FIELDS},
        mobile=values["mobile"], landline=values["landline"], email=values["email"].lower(), wechat=values["wechat"],
        identity_number=values["identity_number"], address=values["place"], category=values["category"],
        source=values["source"], consultant_id=int(values["consultant"]) if values["consultant"] else None,
    )  # fmt: skip
    try:
        made = recording.add_customer(
            actor=request.actor, outlet_id=int(values["outlet"]), newcomer=newcomer, at=clock.now(), day=clock.today()
        )
    except recording.Known as known:
        return pages.done(request, address_of(known.customer_id), known.message)
    return pages.done(request, address_of(made.pk), _("The customer is added."))


def alike(request: Request) -> HttpResponseBase:
    """The fragment that warns, while one types, of customers who may be the same."""
    check(request.actor, Verb.ADD)
    typed = request.GET.get("mobile", "")
    try:
        mobile = read_phone(typed, Channel.MOBILE) if typed else ""
    except forms.ValidationError:
        mobile = ""
    found = queries.alike(request.actor, name=request.GET.get("name", "").strip()[:80], mobile=mobile)
    return pages.render(request, "customers/alike.html", AlikePart(found))


def change(request: Request, pk: int) -> HttpResponseBase:
    actor = request.actor
    row = queries.customer(actor, pk)
    queries.check_customer(actor, Verb.CHANGE, pk)
    start = {name: getattr(row, name) for name in FIELDS}
    form = CustomerForm(
        request.POST or None,
        initial=start,
        channels=channel_choices(),
        industries=industry_choices(row.industry),
        habits=habit_choices(),
    )

    def act() -> None:
        values = form.cleaned_data
        recording.change_customer(
            actor=actor, customer_id=pk, fields={name: values[name] for name in FIELDS},
            identity_number=values["identity_number"] or None, at=clock.now(),
        )  # fmt: skip

    page = FormPage(form, _("Change the customer"), _("Save"), address_of(pk), crumbs=[(row.name, address_of(pk))])
    return answer(request, page, act, message=_("Saved."))


def add_point(request: Request, pk: int) -> HttpResponseBase:
    actor = request.actor
    row = queries.customer(actor, pk)
    queries.check_customer(actor, Verb.CHANGE, pk)
    form = PointForm(request.POST or None)

    def act() -> None:
        reaching.add_point(actor=actor, customer_id=pk, at=clock.now(), **form.cleaned_data)

    page = FormPage(form, _("Add a number"), _("Add"), address_of(pk), crumbs=[(row.name, address_of(pk))])
    return answer(request, page, act, message=_("Saved."))


def set_point_state(request: Request, pk: int, point_id: int) -> HttpResponseBase:
    """POST only: what a number is good for, or that the customer was just reached by it."""
    form = PointStateForm(request.POST or None)
    if not form.is_valid():
        raise Invalid(_("Choose a state."), field="state")
    state = form.cleaned_data["state"]
    reaching.set_point_state(
        actor=request.actor, customer_id=pk, point_id=point_id, reached=state == "REACHED",
        state="VALID" if state == "REACHED" else state, at=clock.now(),
    )  # fmt: skip
    return pages.done(request, address_of(pk), _("Saved."))


def make_main(request: Request, pk: int, point_id: int) -> HttpResponseBase:
    """POST only."""
    if request.method != "POST":
        raise NotFound
    reaching.make_main(actor=request.actor, customer_id=pk, point_id=point_id, at=clock.now())
    return pages.done(request, address_of(pk), _("Saved."))


def set_address(request: Request, pk: int) -> HttpResponseBase:
    actor = request.actor
    row = queries.customer(actor, pk)
    queries.check_customer(actor, Verb.CHANGE, pk)
    held = Address.objects.filter(customer=row).order_by("pk").first()
    form = AddressForm(request.POST or None, initial=_in_words(held) if held else {})

    def act() -> None:
        values = form.cleaned_data
        reaching.set_address(actor=actor, customer_id=pk, kind=values["kind"], values=values["place"], at=clock.now())

    page = FormPage(form, _("Address"), _("Save"), address_of(pk), crumbs=[(row.name, address_of(pk))])
    return answer(request, page, act, message=_("Saved."))


def _in_words(held: Address) -> dict[str, str]:
    names = {}
    for level in ("province", "city", "district"):
        division = divisions.get(getattr(held, level))
        names[level] = divisions.shown(division) if division else ""
    return {**names, "kind": held.kind, "line": held.line, "postcode": held.postcode}


def write_note(request: Request, pk: int) -> HttpResponseBase:
    """POST only: a note on the customer's page."""
    form = NoteForm(request.POST or None)
    if not form.is_valid():
        raise Invalid(_("Write something first."), field="body")
    noting.write_note(actor=request.actor, customer_id=pk, body=form.cleaned_data["body"], at=clock.now())
    return pages.done(request, address_of(pk), _("Noted."))


def verify(request: Request, pk: int) -> HttpResponseBase:
    """POST only: what a call to the customer found."""
    form = VerifyForm(request.POST or None)
    if not form.is_valid():
        raise Invalid(_("Choose what was found."), field="verification")
    noting.verify(actor=request.actor, customer_id=pk, verification=form.cleaned_data["verification"], at=clock.now())
    return pages.done(request, address_of(pk), _("Saved."))


def attach(request: Request, pk: int) -> HttpResponseBase:
    """POST only: a file for the customer."""
    file = request.FILES.get("file")
    if file is None:
        raise Invalid(_("Choose a file first."), field="file")
    attaching.attach(actor=request.actor, customer_id=pk, name=str(file.name), content=file.read(), at=clock.now())
    return pages.done(request, address_of(pk), _("The file is added."))


def attachment(request: Request, pk: int) -> HttpResponseBase:
    """A file to keep."""
    held = queries.attachment(request.actor, pk)
    return pages.download(pages.File(held.name, held.content_type, bytes(held.content)))


def detach(request: Request, pk: int) -> HttpResponseBase:
    """POST only."""
    if request.method != "POST":
        raise NotFound
    customer_id = attaching.detach(actor=request.actor, attachment_id=pk)
    return pages.done(request, address_of(customer_id), _("Removed."))
