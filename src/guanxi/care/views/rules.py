"""Contact rules: the list, one rule with its preview, the editor, and the panel of a customer."""

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from guanxi.care.forms import rules as forms
from guanxi.care.models import Draw, Rule
from guanxi.care.panels.rules import care_of
from guanxi.care.permissions import Verb
from guanxi.care.policy import sampling
from guanxi.care.queries import checks, previews, wording
from guanxi.care.queries import rules as queries
from guanxi.care.services import rules as services
from guanxi.care.states.rules import Result
from guanxi.codelists.queries import in_language
from guanxi.customers import queries as customers
from guanxi.foundation import clock, pages, slots
from guanxi.foundation import presets as foundation_presets
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import DomainError, NotAllowed, Text
from guanxi.foundation.forms import refuse
from guanxi.foundation.pages import Request

FEW, MANY, RESULTS_DAYS = 8, 25, 90


@dataclass(frozen=True)
class Line:
    """One rule of the list: what it says, and how many tasks it made."""

    rule: Rule
    sentence: str
    today: int
    month: int


@dataclass(frozen=True)
class RulesPage:
    groups: Sequence[tuple[str, list[Line]]]
    can_add: bool


@dataclass(frozen=True)
class RulePage:
    """One version with its preview, whom it finds, what came of it, its other versions, and what others add."""

    rule: Rule
    parts: Sequence[tuple[Text, Text]]
    script: list[str]
    preview: previews.Preview
    found: list[previews.Found]
    results: list[tuple[str, int]]
    draws: Sequence[tuple[Draw, str]]
    versions: list[Rule]
    can_change: bool
    panels: Sequence[slots.Panel]


@dataclass(frozen=True)
class WhyPage:
    rule: Rule
    q: str
    hits: Sequence[tuple[int, str]]
    name: str
    steps: list[previews.Step]


@dataclass(frozen=True)
class EditorPage:
    """The editor, and what the rule as it stands in the form would do."""

    form: forms.RuleForm
    title: Text
    back: str
    sentence: str
    preview: previews.Preview | None


def source(name: str, own: Text) -> str:
    """Return what the preset is called that something came with; ``own`` if people wrote it."""
    if not name:
        return str(own)
    if name not in foundation_presets.names():
        return name
    said = foundation_presets.title(name)
    return in_language(said.get("title_zh", name), said.get("title_en", name))


def rules(request: Request) -> HttpResponseBase:
    """All rules by where they came from: on or off, what they say, how many tasks they made."""
    actor, today = request.actor, clock.today()
    check(actor, Verb.VIEW_RULES)
    rows = list(queries.current(actor).select_related("role", "node").order_by("source", "priority", "code"))
    codes = [row.code for row in rows]
    day = queries.decided(codes, today, today, actor)
    month = queries.decided(codes, today.replace(day=1), today, actor)
    groups: dict[str, list[Line]] = defaultdict(list)
    words = wording.words(rows)
    for row in rows:
        line = Line(row, wording.sentence(row, words), day.get(row.code, 0), month.get(row.code, 0))
        groups[row.source].append(line)
    page = RulesPage(
        [(source(name, _("Own rules")), lines) for name, lines in groups.items()], actor.can(Verb.CHANGE_RULES)
    )
    return pages.render(request, "care/rules.html", page)


def _parts(row: Rule) -> list[tuple[Text, Text]]:
    words = wording.words([row])
    conditions = wording.whom(row, words)
    budget = _("%(name)s: at most one in %(days)s days") % {"name": row.cap.name, "days": row.cap.days}
    return [
        (_("Counts from"), wording.start(row, words)), (_("When"), wording.when(row)),
        (_("Whom"), "; ".join(conditions) if conditions else _("everybody")), (_("How"), wording.how(row)),
        (_("Coverage"), wording.coverage(row)), (_("Not reached"), wording.replacing(row)),
        (_("Control group"), f"{row.control} %"),
        (_("Purpose"), _("Safety: needs no consent") if row.is_exempt else row.get_purpose_display()),
        (_("Sends itself with the template"), row.template or "–"),
        (_("Priority"), row.priority_label), (_("Budget"), budget),
        (_("Holds at"), row.node.name if row.node else _("Everywhere")), (_("From"), row.since.isoformat()),
    ]  # fmt: skip


def rule(request: Request, pk: int) -> HttpResponseBase:
    """One version of a rule: its sentence, the coming twelve months, whom it finds, what came of it."""
    actor, today = request.actor, clock.today()
    check(actor, Verb.VIEW_RULES)
    row = queries.rule(actor, pk)
    first = today - datetime.timedelta(days=RESULTS_DAYS)
    page = RulePage(
        rule=row, parts=_parts(row), script=wording.script(row), preview=previews.preview(actor, row, today),
        found=previews.who(actor, row, today, MANY),
        results=[(str(Result(result).label), found) for result, found in queries.results(actor, row, first)],
        draws=[(draw, _weight(draw)) for draw in queries.draws(actor, row, MANY)],
        versions=queries.versions(actor, row.code),
        can_change=row.until is None and queries.may_change(actor, row), panels=slots.panels("rule.page", actor),
    )  # fmt: skip
    return pages.render(request, "care/rule.html", page)


def _weight(draw: Draw) -> str:
    found = sampling.weight(draw.population, draw.drawn)
    return "–" if found is None else f"{found:.2f}"


def why(request: Request, pk: int) -> HttpResponseBase:
    """Why a customer is, or is not, among those whom a rule finds: each condition with its value."""
    actor, today = request.actor, clock.today()
    check(actor, Verb.VIEW_RULES)
    row = queries.rule(actor, pk)
    q, chosen = request.GET.get("q", "").strip()[:80], request.GET.get("customer", "")
    hits = [(hit.customer.pk, hit.customer.name) for hit in customers.find(actor, q, FEW)] if q else []
    steps, name = [], ""
    if chosen.isdecimal():
        customer = customers.customer(actor, int(chosen))
        name, steps = customer.name, previews.why(actor, row, customer.pk, today)
    return pages.render(request, "care/why.html", WhyPage(row, q, hits, name, steps))


def _show(request: Request, actor: Actor, page: EditorPage, row: Rule | None) -> HttpResponseBase:
    """Show the editor with a preview of what stands in it, if that can be carried out."""
    found, said = None, ""
    if row is not None:
        wrong = checks.unfit(row)
        if wrong is not None:
            page.form.add_error(wrong.field or None, str(wrong.message))
        else:
            found, said = previews.preview(actor, row, clock.today()), wording.sentence(row)
    shown = EditorPage(page.form, page.title, page.back, said, found)
    return pages.render(request, "care/editor.html", shown, status=422 if page.form.errors else 200)


def add_rule(request: Request) -> HttpResponseBase:
    """Write a new rule, of the whole network or of an own outlet."""
    actor = request.actor
    check(actor, Verb.CHANGE_RULES)
    everywhere = actor.can_everywhere(Verb.CHANGE_RULES)
    form = forms.NewRuleForm(request.POST or None, places=queries.places(actor), everywhere=everywhere)
    page = EditorPage(form, _("New contact rule"), reverse("care:rules"), "", None)
    if request.method != "POST" or not form.is_valid():
        return _show(request, actor, page, None)
    values, node, code = form.values(), form.cleaned_data["node"], form.cleaned_data["code"]
    if "preview" in request.POST:
        return _show(request, actor, page, Rule(code=code, node=node, since=clock.today(), **values))
    try:
        made = services.add_rule(
            actor=actor, code=code, node_id=node.pk if node else None, values=values, at=clock.now()
        )
    except DomainError as error:
        refuse(form, error)
        return _show(request, actor, page, None)
    return pages.done(request, reverse("care:rule", args=[made.pk]), _("The rule holds from today on."))


def change_rule(request: Request, pk: int) -> HttpResponseBase:
    """Change a rule: what it decided stays with its earlier version."""
    actor = request.actor
    check(actor, Verb.CHANGE_RULES)
    row = queries.rule(actor, pk)
    if not queries.may_change(actor, row):
        raise NotAllowed(Verb.CHANGE_RULES)
    form = forms.RuleForm(request.POST or None, rows=len(row.audience), initial=forms.initial(row))
    page = EditorPage(form, row.name, reverse("care:rule", args=[pk]), "", None)
    if request.method != "POST":
        return _show(request, actor, page, row)
    if not form.is_valid():
        return _show(request, actor, page, None)
    values = form.values()
    if "preview" in request.POST:
        return _show(request, actor, page, _as_if(row, values))
    try:
        made = services.change_rule(actor=actor, rule_id=pk, values=values, at=clock.now())
    except DomainError as error:
        refuse(form, error)
        return _show(request, actor, page, None)
    return pages.done(request, reverse("care:rule", args=[made.pk]), _("Changed; earlier decisions stay."))


def _as_if(row: Rule, values: Mapping[str, object]) -> Rule:
    kept = queries.said(row) | {"code": row.code, "node_id": row.node_id, "since": row.since}
    return Rule(**(kept | dict(values)))


@require_POST
def switch_rule(request: Request, pk: int) -> HttpResponseBase:
    """Switch a rule on or off."""
    is_on = request.POST.get("is_on") == "yes"
    made = services.switch_rule(actor=request.actor, rule_id=pk, is_on=is_on, at=clock.now())
    return pages.done(request, reverse("care:rule", args=[made.pk]), _("Switched on.") if is_on else _("Switched off."))


def planned(request: Request, subject_id: int) -> HttpResponseBase:
    """The panel of a customer: what is planned, what was skipped and why (LIFE-19)."""
    check(request.actor, Verb.VIEW_RULES)
    return pages.render(request, "care/panel.html", care_of(request.actor, subject_id, clock.today()))
