"""Pages that change code lists: one form, one verb."""

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.codelists import queries, services
from guanxi.codelists.forms import AddForm, ExtendForm, MoveForm, RenameForm, RetireForm
from guanxi.codelists.models import Code, CodeList
from guanxi.codelists.permissions import Verb, check_change
from guanxi.foundation import clock, pages
from guanxi.foundation.actor import check, check_everywhere
from guanxi.foundation.errors import NotFound, Text
from guanxi.foundation.forms import FormPage, answer
from guanxi.foundation.pages import Request


def _answer(request: Request, page: FormPage, act: Callable[[], object], *, message: Text) -> HttpResponseBase:
    return answer(request, page, act, message=message, template="codelists/form.html", block="form")


def _list_url(found: CodeList) -> str:
    return reverse("codelists:list", args=[found.code])


def _code_url(row: Code) -> str:
    return reverse("codelists:code", args=[row.list.code, row.pk])


def _crumbs(found: CodeList, row: Code | None = None) -> list[tuple[Text, str]]:
    steps: list[tuple[Text, str]] = [
        (_("Code lists"), reverse("codelists:lists")),
        (found.name, _list_url(found)),
    ]
    return [*steps, (row.code, _code_url(row))] if row else steps


def _above(request: Request, found: CodeList) -> list[queries.Entry] | None:
    return queries.codes(request.actor, found.code, clock.today()) if found.is_hierarchical else None


def add(request: Request, list_code: str) -> HttpResponseBase:
    check_everywhere(request.actor, Verb.CHANGE)
    found = queries.one_list(request.actor, list_code)
    start = {"valid_from": clock.today(), "position": 1000, "parent": request.GET.get("parent", "")}
    form = AddForm(request.POST or None, initial=start, above=_above(request, found))
    page = FormPage(form, _("Add a code"), _("Add"), _list_url(found), "", _crumbs(found))

    def act() -> None:
        values = {**form.cleaned_data, "parent": form.parent_code}
        services.add_code(actor=request.actor, list_code=list_code, **values)

    return _answer(request, page, act, message=_("The code is added."))


def extend(request: Request, list_code: str) -> HttpResponseBase:
    check(request.actor, Verb.EXTEND)
    found = queries.one_list(request.actor, list_code)
    today = clock.today()
    places = [(node.pk, f"{node.name} ({node.code})") for node in queries.places_to_extend(request.actor, today)]
    start = {"valid_from": today, "position": 1000, "node_id": request.actor.home_id}
    form = ExtendForm(request.POST or None, initial=start, above=_above(request, found), places=places)
    note = _("Only this place and those below it can choose the code; headquarters sees it too.")
    page = FormPage(form, _("Extend the list"), _("Add"), _list_url(found), note, _crumbs(found))

    def act() -> None:
        values = {**form.cleaned_data, "parent": form.parent_code}
        services.extend_list(actor=request.actor, list_code=list_code, **values)

    return _answer(request, page, act, message=_("The code is added."))


def _row(request: Request, list_code: str, pk: int) -> Code:
    row = queries.one_code(request.actor, pk)
    if row.list.code != list_code:
        raise NotFound
    check_change(request.actor, row.node_id)
    return row


def rename(request: Request, list_code: str, pk: int) -> HttpResponseBase:
    row, today = _row(request, list_code, pk), clock.today()
    says = queries.said(row, today)
    start = {"name_zh": says.zh, "name_en": says.en, "on": today}
    form = RenameForm(request.POST or None, initial=start)
    note = _("Records of earlier days keep the words they had.")
    page = FormPage(form, _("Rename"), _("Rename"), _code_url(row), note, _crumbs(row.list, row))

    def act() -> None:
        services.rename_code(actor=request.actor, code_id=pk, at=today, **form.cleaned_data)

    return _answer(request, page, act, message=_("Renamed."))


def retire(request: Request, list_code: str, pk: int) -> HttpResponseBase:
    row, today = _row(request, list_code, pk), clock.today()
    form = RetireForm(request.POST or None, initial={"on": today})
    note = _("Nothing is deleted: records that use the code keep it, and it can be reinstated.")
    page = FormPage(form, _("Retire"), _("Retire"), _code_url(row), note, _crumbs(row.list, row))

    def act() -> None:
        services.retire_code(actor=request.actor, code_id=pk, on=form.cleaned_data["on"], at=today)

    return _answer(request, page, act, message=_("Retired."))


def move(request: Request, list_code: str, pk: int) -> HttpResponseBase:
    row = _row(request, list_code, pk)
    above = _above(request, row.list)
    if above is not None:
        above = [entry for entry in above if entry.id != pk]
    start = {"parent": row.parent.code if row.parent else "", "position": row.position}
    form = MoveForm(request.POST or None, initial=start, above=above)
    note = _("Everything beneath it goes along.") if row.list.is_hierarchical else ""
    page = FormPage(form, _("Move"), _("Move"), _code_url(row), note, _crumbs(row.list, row))

    def act() -> None:
        position = form.cleaned_data["position"]
        services.move_code(actor=request.actor, code_id=pk, parent=form.parent_code, position=position)

    return _answer(request, page, act, message=_("Moved."))


def reinstate(request: Request, list_code: str, pk: int) -> HttpResponseBase:
    """POST only: let a retired code hold again."""
    if request.method != "POST":
        raise NotFound
    row = _row(request, list_code, pk)
    services.reinstate_code(actor=request.actor, code_id=pk)
    return pages.done(request, _code_url(row), _("Reinstated."))
