"""Templates: the list, one with what a real customer would read, writing, approving and retiring."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from guanxi.customers import queries as customers
from guanxi.customers.models import Customer
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import Actor, check, check_everywhere
from guanxi.foundation.errors import Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request
from guanxi.messaging import policy
from guanxi.messaging.forms import NewTemplateForm, TemplateForm
from guanxi.messaging.models import Template
from guanxi.messaging.permissions import Verb
from guanxi.messaging.queries import planning
from guanxi.messaging.queries import templates as queries
from guanxi.messaging.services import templates as services
from guanxi.messaging.states import Draft, Language, Reason
from guanxi.privacy.states import Medium

FIELDS = (
    "channel", "purpose", "name_zh", "name_en", "subject_zh", "subject_en", "body_zh", "body_en", "carrier_code",
    "valid_from",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A version in the list, and whether it is the one that holds today."""

    row: Template
    is_in_force: bool


@dataclass(frozen=True)
class TemplatesPage:
    lines: Sequence[Line]
    can_write: bool


@dataclass(frozen=True)
class Side:
    """The words in one language: as written, how long they are, and what a customer would read."""

    label: Text
    language: str
    subject: str
    body: str
    length: policy.Length | None
    read: planning.Planned | None


@dataclass(frozen=True)
class TemplatePage:
    row: Template
    sides: Sequence[Side]
    versions: Sequence[Template]
    is_in_force: bool
    asked: str
    customer_name: str
    reason: Text
    can_write: bool
    can_approve: bool
    is_own: bool


def templates(request: Request) -> HttpResponseBase:
    """All templates: drafts first, then what holds today, then the rest."""
    actor = request.actor
    check(actor, Verb.VIEW)
    held = set(queries.in_force(clock.today()).values_list("pk", flat=True))
    rows = sorted(queries.visible_to(actor), key=lambda row: (row.state != Draft.DRAFT, row.pk not in held, row.code))
    page = TemplatesPage([Line(row, row.pk in held) for row in rows], actor.can_everywhere(Verb.WRITE_TEMPLATE))
    return pages.render(request, "messaging/templates.html", page)


def template(request: Request, pk: int) -> HttpResponseBase:
    """One version in both languages; with a customer, what he would read and what stands in the way."""
    actor = request.actor
    check(actor, Verb.VIEW)
    row = queries.template(actor, pk)
    asked = (request.GET.get("customer") or "").strip()[:80].replace("\x00", "")
    found = _customer(actor, asked)
    sides = [_side(actor, row, language, found) for language in Language]
    read = sides[0].read
    page = TemplatePage(
        row=row, sides=sides, versions=queries.versions(actor, row.code), asked=asked,
        is_in_force=queries.in_force(clock.today()).filter(code=row.code).values_list("pk", flat=True).first() == pk,
        customer_name=found.name if found else "", reason=Reason(read.reason).label if read and read.reason else "",
        can_write=actor.can_everywhere(Verb.WRITE_TEMPLATE), can_approve=actor.can_everywhere(Verb.APPROVE_TEMPLATE),
        is_own=row.written_by_id is not None and row.written_by_id == actor.user_id,
    )  # fmt: skip
    return pages.render(request, "messaging/template.html", page)


def _customer(actor: Actor, text: str) -> Customer | None:
    """Return the visible customer whom a typed text means: by number in the address, or as the search finds him."""
    if not text:
        return None
    if text.isdecimal() and len(text) < 10:  # noqa: PLR2004 -- shorter than a telephone number
        return customers.visible_to(actor).filter(pk=int(text)).first()
    found = customers.find(actor, text, 1)
    return found[0].customer if found else None


def _side(actor: Actor, row: Template, language: Language, customer: Customer | None) -> Side:
    subject, body = row.words(language)
    read = None
    if customer is not None:
        held = customers.relations(actor, [customer.pk])
        if held:
            read = planning.of_template(row, language, held[0].outlet_id, (customer.pk, None), clock.now())
    length = policy.length(read.body if read and read.body else body) if row.channel == Medium.SMS else None
    return Side(language.label, language, subject, body, length, read)


def write(request: Request) -> HttpResponseBase:
    """Write a new template, or the next version of one."""
    actor = request.actor
    check_everywhere(actor, Verb.WRITE_TEMPLATE)
    before = queries.newest([request.GET.get("code", "")]).get(request.GET.get("code", ""))
    start: dict[str, object] = {name: getattr(before, name) for name in FIELDS} if before else {}
    start |= {"valid_from": clock.today(), "code": before.code if before else ""}
    form = NewTemplateForm(request.POST or None, initial=start)

    def act() -> str:
        values = dict(form.cleaned_data)
        code = values.pop("code")
        made = services.write_template(actor=actor, code=code, words=services.Words(**values), at=clock.now())
        return reverse("messaging:template", args=[made.pk])

    note = _("It is a draft until somebody else approves it. Of a code that is there already it is the next version.")
    page = FormPage(form, _("Write a template"), _("Save the draft"), _list(), note, _crumbs())
    return answer(request, page, act, message=_("The draft is saved."))


def change(request: Request, pk: int) -> HttpResponseBase:
    """Change a draft."""
    actor = request.actor
    check_everywhere(actor, Verb.WRITE_TEMPLATE)
    row = queries.template(actor, pk)
    form = TemplateForm(request.POST or None, initial={name: getattr(row, name) for name in FIELDS})

    def act() -> None:
        words = services.Words(**form.cleaned_data)
        services.change_template(actor=actor, template_id=pk, words=words, at=clock.now())

    back = reverse("messaging:template", args=[pk])
    page = FormPage(form, _("Change the draft"), _("Save the draft"), back, "", [*_crumbs(), (row.name, back)])
    return answer(request, page, act, message=_("The draft is saved."))


@require_POST
def approve(request: Request, pk: int) -> HttpResponseBase:
    """Approve a draft that somebody else wrote."""
    services.approve_template(actor=request.actor, template_id=pk, at=clock.now())
    return pages.done(request, reverse("messaging:template", args=[pk]), _("Approved."))


@require_POST
def retire(request: Request, pk: int) -> HttpResponseBase:
    """Retire a version and those before it."""
    services.retire_template(actor=request.actor, template_id=pk)
    return pages.done(request, reverse("messaging:template", args=[pk]), _("Retired."))


def _list() -> str:
    return reverse("messaging:templates")


def _crumbs() -> list[tuple[Text, str]]:
    return [(_("Message templates"), _list())]
