"""The list of lists, and one list of codes."""

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.codelists import policy, queries
from guanxi.codelists.models import Code, CodeList
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Text
from guanxi.foundation.tables import Column, Filter, Rows, Table, selectable


def _find_lists(rows: Rows, text: str, _actor: Actor) -> Rows:
    return rows.filter(Q(code__icontains=text) | Q(name_zh__icontains=text) | Q(name_en__icontains=text))


def _find_codes(rows: Rows, text: str, _actor: Actor) -> Rows:
    return rows.filter(Q(code__icontains=text) | Q(says_zh__icontains=text) | Q(says_en__icontains=text))


def _sources(actor: Actor) -> Sequence[tuple[str, Text]]:
    rows = queries.visible_to(actor).exclude(source="").order_by("source").values_list("source", flat=True)
    return [(source, source) for source in rows.distinct()]


def _list_url(row: CodeList) -> str:
    return reverse("codelists:list", args=[row.code])


def _code_url(row: Code) -> str:
    return reverse("codelists:code", args=[row.list.code, row.pk])


def _says(row: Code) -> str:
    return queries.in_language(getattr(row, "says_zh", ""), getattr(row, "says_en", ""))


def _standing(row: Code) -> Text:
    return policy.standing(row.valid_from, row.valid_to, getattr(row, "as_of", row.valid_from)).label


def _attributes(row: Code) -> str:
    return " · ".join(f"{key}: {value}" for key, value in row.attributes.items())


LISTS = Table(
    key="codelists.lists",
    title=_("Code lists"),
    columns=(
        Column("name", _("Code list"), lambda row: row.name, sort=("name_zh",)),
        Column("code", _("List code"), lambda row: row.code, sort=("code",), cell="code"),
        Column("central", _("Valid codes"), lambda row: row.central, sort=("central",), cell="number"),
        Column("local", _("Outlets' own codes"), lambda row: row.local, sort=("local",), cell="number"),
        Column(
            "extensible",
            _("Outlets may extend it"),
            lambda row: row.is_extensible,
            ("is_extensible",),
            "check",
        ),
        Column("levels", _("Has levels"), lambda row: row.is_hierarchical, ("is_hierarchical",), "check"),
        Column("source", _("From preset"), lambda row: row.source, sort=("source",)),
    ),
    filters=(
        Filter("source", _("From preset"), lambda rows, value: rows.filter(source=value), _sources),
        Filter(
            "kind",
            _("Kind"),
            lambda rows, value: rows.filter(**{value: True}),
            selectable((("is_extensible", _("Outlets may extend it")), ("is_hierarchical", _("Has levels")))),
        ),
    ),
    search=_find_lists,
    search_hint=_("Name or list code"),
    default_sort="name",
    row_url=_list_url,
)

CODES = Table(
    key="codelists.codes",
    title=_("Codes"),
    columns=(
        Column("name", _("Wording"), _says, sort=("says_zh",)),
        Column("code", _("Code"), lambda row: row.code, sort=("code",), cell="code"),
        Column("zh", _("Chinese name"), lambda row: row.says_zh, sort=("says_zh",), hidden=True),
        Column("en", _("English name"), lambda row: row.says_en, sort=("says_en",), hidden=True),
        Column("parent", _("Under"), lambda row: row.parent.code if row.parent else "", hidden=True),
        Column("level", _("Level"), lambda row: row.level, sort=("level",), hidden=True),
        Column("place", _("Extension of"), lambda row: row.node.name if row.node else ""),
        Column("standing", _("Standing"), _standing, cell="tag"),
        Column("from", _("Valid from"), lambda row: row.valid_from, sort=("valid_from",), cell="date"),
        Column("to", _("No longer valid from"), lambda row: row.valid_to, sort=("valid_to",), cell="date"),
        Column("attributes", _("Attributes"), _attributes),
        Column("position", _("Position"), lambda row: row.position, sort=("position",), hidden=True),
        Column("source", _("From preset"), lambda row: row.source, sort=("source",), hidden=True),
    ),
    filters=(
        Filter("on", _("As of"), lambda rows, _value: rows, kind="date"),
        Filter(
            "show",
            _("Codes"),
            lambda rows, _value: rows,
            selectable((("all", _("Also those not valid")),)),
        ),
    ),
    search=_find_codes,
    search_hint=_("Name or code"),
    default_sort="position",
    row_url=_code_url,
)
