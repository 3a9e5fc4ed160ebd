"""Scripts that are written by hand: the editor, a draft as the agent would see it, approving and discarding."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from guanxi.contact_centre.forms.calls import Line, PreviewForm, lines
from guanxi.contact_centre.forms.scripts import BLANK, Row, ScriptForm, initial, shown_rows, typed_rows
from guanxi.contact_centre.models import Script, ScriptDraft
from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.policy import scripts as policy
from guanxi.contact_centre.queries import scripting as queries
from guanxi.contact_centre.services import scripting as services
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check_everywhere
from guanxi.foundation.errors import Text
from guanxi.foundation.forms import FormPage, answer, show
from guanxi.foundation.pages import Request
from guanxi.foundation.values.rows import rearranged

TEMPLATE = "contact_centre/script_editor.html"
PLAIN = ("code", "name_zh", "name_en", "fits", "valid_from")
BUTTONS = ("add", "up", "down", "remove")


@dataclass(frozen=True)
class EditorPage(FormPage):
    """The form of a script, and its questions as the agent would see them once Preview was pressed."""

    form: ScriptForm
    lines: Sequence[Line] = ()


@dataclass(frozen=True)
class DraftPage:
    """A draft as the agent would see it, beside the versions that are there."""

    row: ScriptDraft
    lines: Sequence[Line]
    versions: Sequence[Script]
    can_write: bool
    can_approve: bool
    is_own: bool


def write(request: Request) -> HttpResponseBase:
    """Write a script, or its next version: add, move and remove questions, look at it, save it as a draft."""
    check_everywhere(request.actor, Verb.WRITE_SCRIPT)
    pressed, _dot, place = request.POST.get("do", "").partition(".")
    if request.method != "POST":
        return show(request, TEMPLATE, _page(_begun(request.GET.get("code", ""))))
    typed = typed_rows(request.POST)
    if pressed in BUTTONS:
        number = int(place) if place.isdecimal() and len(place) < len("100") else -1
        rows = rearranged(typed, pressed, number, BLANK)[: services.MOST]
        plain = {name: request.POST.get(name, "") for name in PLAIN}
        focus = len(rows) - 1 if pressed == "add" else None
        return show(request, TEMPLATE, _page(ScriptForm(initial=initial(plain, rows), typed=rows, focus=focus)))
    form = ScriptForm(request.POST, typed=typed)
    if pressed == "preview" and form.is_valid():
        return show(request, TEMPLATE, _previewed(form))

    def act() -> str:
        made = services.write_script(
            actor=request.actor, code=form.cleaned_data["code"], wording=form.wording(), at=clock.now()
        )
        return reverse("contact_centre:script-draft", args=[made.pk])

    return answer(request, _page(form), act, message=_("The draft is saved."), template=TEMPLATE)


def _begun(code: str) -> ScriptForm:
    """Return the form as it begins: with the draft of a script, its last version, or one empty question."""
    held = queries.begins(code) if code else None
    rows: Sequence[Row] = shown_rows(held) if held is not None else [BLANK]
    plain: Row = {"valid_from": clock.today()}
    if held is not None:
        day = held.valid_from if isinstance(held, ScriptDraft) else clock.today()
        plain = {
            "code": held.code, "name_zh": held.name_zh, "name_en": held.name_en, "fits": ", ".join(held.fits),
            "valid_from": day,
        }  # fmt: skip
    return ScriptForm(initial=initial(plain, rows), typed=rows)


def _previewed(form: ScriptForm) -> EditorPage:
    stored = form.stored()
    problems = queries.flaws(stored)
    for problem in problems:
        form.add_error(problem.field, str(problem.message))
    return _page(form, [] if problems else _seen(policy.read(stored)))


def _seen(questions: Sequence[policy.Question]) -> list[Line]:
    return list(lines(questions, PreviewForm(questions=questions)))


def _page(form: ScriptForm, seen: Sequence[Line] = ()) -> EditorPage:
    note = _("A draft until somebody else approves it. Of a script that is there already it is the next version.")
    return EditorPage(form, _("Write a call script"), _("Save the draft"), _list(), note, _crumbs(), lines=seen)


def draft(request: Request, pk: int) -> HttpResponseBase:
    """A draft as the agent would see it."""
    actor, row = request.actor, queries.draft(request.actor, pk)
    page = DraftPage(
        row, _seen(row.asked), queries.versions(row.code), queries.may_write(actor),
        actor.can_everywhere(Verb.APPROVE_SCRIPT), row.written_by_id is not None and row.written_by_id == actor.user_id,
    )  # fmt: skip
    return pages.render(request, "contact_centre/script_draft.html", page)


@require_POST
def approve(request: Request, pk: int) -> HttpResponseBase:
    """Approve a draft that somebody else wrote."""
    row = services.approve_script(actor=request.actor, draft_id=pk, at=clock.now())
    told = _("Approved. The script holds from %(day)s on.") % {"day": row.since.isoformat()}
    return pages.done(request, _list(), told)


@require_POST
def discard(request: Request, pk: int) -> HttpResponseBase:
    """Discard a draft."""
    services.discard_script(actor=request.actor, draft_id=pk)
    return pages.done(request, _list(), _("The draft is discarded."))


def _list() -> str:
    return reverse("contact_centre:scripts")


def _crumbs() -> list[tuple[Text, str]]:
    return [(_("Call scripts"), _list())]
