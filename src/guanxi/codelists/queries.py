"""Reads of code lists: what a list held and what its codes said on any day.

Each function costs the same number of queries whatever the length of the list.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, DateField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from guanxi.codelists import policy
from guanxi.codelists.models import Code, CodeList, CodeWording
from guanxi.codelists.permissions import Verb
from guanxi.codelists.states import Standing
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import NotFound
from guanxi.network.models import Ancestry, Node


def in_language(zh: str, en: str) -> str:
    """Return the text for the reader's language; one stands in for the other."""
    english = (get_language() or "").startswith("en")
    return (en or zh) if english else (zh or en)


@dataclass(frozen=True)
class Label:
    """What a code says, in both languages."""

    zh: str
    en: str

    @property
    def name(self) -> str:
        return in_language(self.zh, self.en)


@dataclass(frozen=True)
class Entry:
    """A code with the words and the standing it had on the day asked for."""

    id: int
    code: str
    name_zh: str
    name_en: str
    parent_id: int | None
    level: int
    position: int
    attributes: Mapping[str, str]
    valid_from: datetime.date
    valid_to: datetime.date | None
    standing: Standing
    node_id: int | None
    node_name: str
    source: str

    @property
    def name(self) -> str:
        return in_language(self.name_zh, self.name_en)


def visible_to(actor: Actor) -> QuerySet[CodeList]:
    """Return the lists the actor may read: all of them, for those who may read any."""
    return CodeList.objects.all() if actor.can(Verb.VIEW) else CodeList.objects.none()


def codes_visible_to(actor: Actor) -> QuerySet[Code]:
    """Return the central codes and the extensions of places in the actor's scope or above it."""
    if not actor.can(Verb.VIEW):
        return Code.objects.none()
    if actor.is_system or actor.scope.everything:
        return Code.objects.all()
    near = actor.scope.nodes | actor.scope.above
    return Code.objects.filter(Q(node__isnull=True) | Q(node__in=near))


def worded(rows: QuerySet[Code], on: datetime.date) -> QuerySet[Any]:
    """Add what each code said on a day, as ``says_zh`` and ``says_en``, and the day itself, as ``as_of``."""
    said = CodeWording.objects.filter(code=OuterRef("pk"), valid_from__lte=on).order_by("-valid_from")
    return rows.annotate(
        as_of=Value(on, output_field=DateField()),
        says_zh=Coalesce(Subquery(said.values("name_zh")[:1]), F("name_zh")),
        says_en=Coalesce(Subquery(said.values("name_en")[:1]), F("name_en")),
    )


def valid_on(on: datetime.date) -> Q:
    """Return the condition that a code holds on a day."""
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def at_place(node_id: int, on: datetime.date) -> Q:
    """Return the condition that a code is central or extends this place or one above it on that day."""
    above = Ancestry.objects.filter(descendant=node_id, during__contains=on).values("ancestor")
    return Q(node__isnull=True) | Q(node=node_id) | Q(node__in=above)


def one_list(actor: Actor, list_code: str) -> CodeList:
    """Return a list by its code.

    :raises NotAllowed: the actor may not read code lists.
    :raises NotFound: there is no such list.
    """
    check(actor, Verb.VIEW)
    found = visible_to(actor).filter(code=list_code).first()
    if found is None:
        raise NotFound
    return found


def one_code(actor: Actor, pk: int) -> Code:
    """Return a code with its list and place.

    :raises NotFound: it does not exist or lies outside the actor's scope.
    """
    found = codes_visible_to(actor).select_related("list", "node").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def listed(
    actor: Actor, list_code: str, on: datetime.date, node_id: int | None = None, *, with_others: bool = False
) -> QuerySet[Any]:
    """Return the codes of a list that hold on a day, worded for it, with list, parent and place.

    With ``node_id`` the extensions are those of that place and of the places above it; ``with_others`` adds
    the codes that do not hold on the day.
    """
    rows = codes_visible_to(actor).filter(list__code=list_code).select_related("list", "parent", "node")
    if node_id is not None:
        rows = rows.filter(at_place(node_id, on))
    if not with_others:
        rows = rows.filter(valid_on(on))
    return worded(rows, on)


def codes(
    actor: Actor, list_code: str, on: datetime.date, node_id: int | None = None, *, with_others: bool = False
) -> list[Entry]:
    """Return the codes of a list that hold on a day, in the order of reading; one query. See ``listed``."""
    found = {row.pk: row for row in listed(actor, list_code, on, node_id, with_others=with_others)}
    order = policy.tree_order(policy.Place(row.pk, row.parent_id, row.position, row.code) for row in found.values())
    return [_entry(found[pk], on) for pk in order]


def _entry(row: Code, on: datetime.date) -> Entry:
    says_zh: str = getattr(row, "says_zh", row.name_zh)
    says_en: str = getattr(row, "says_en", row.name_en)
    return Entry(
        id=row.pk,
        code=row.code,
        name_zh=says_zh,
        name_en=says_en,
        parent_id=row.parent_id,
        level=row.level,
        position=row.position,
        attributes=row.attributes,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        standing=policy.standing(row.valid_from, row.valid_to, on),
        node_id=row.node_id,
        node_name=row.node.name if row.node else "",
        source=row.source,
    )


def said(row: Code, on: datetime.date) -> Label:
    """Return what one code said on a day."""
    wording = row.wordings.filter(valid_from__lte=on).order_by("-valid_from").first()
    return Label(wording.name_zh, wording.name_en) if wording else Label(row.name_zh, row.name_en)


def labels(list_code: str, on: datetime.date) -> dict[str, Label]:
    """Return what every central code of a list said on a day, whether or not it still held; one query."""
    rows = worded(Code.objects.filter(list__code=list_code, node__isnull=True), on)
    return {code: Label(zh, en) for code, zh, en in rows.values_list("code", "says_zh", "says_en")}


def held(list_code: str, on: datetime.date) -> list[tuple[str, Label, Mapping[str, str]]]:
    """Return the central codes of a list that hold on a day, in order, with what they say and their attributes; one
    query.
    """
    rows = Code.objects.filter(valid_on(on), list__code=list_code, node__isnull=True).order_by("position", "code")
    found = worded(rows, on).values_list("code", "says_zh", "says_en", "attributes")
    return [(code, Label(zh, en), attributes) for code, zh, en, attributes in found]


def provinces() -> dict[str, str]:
    """Return the provinces of today in the reader's language, by their two digits, in order."""
    today = clock.today()
    rows = Code.objects.filter(valid_on(today), list__code="provinces", node__isnull=True)
    found = worded(rows, today).order_by("position").values_list("code", "says_zh", "says_en")
    return {code: in_language(zh, en) for code, zh, en in found}


def label(list_code: str, code: str, on: datetime.date, node_id: int | None = None) -> Label | None:
    """Say what a code said on a day; an outlet's own code needs its ``node_id``. None: no such code."""
    rows = worded(Code.objects.filter(list__code=list_code, code=code, node=node_id), on)
    found = rows.values_list("says_zh", "says_en").first()
    return Label(*found) if found else None


def wordings(row: Code) -> list[tuple[datetime.date, Label]]:
    """Return every wording of a code with the day from which it holds, newest first."""
    later = row.wordings.order_by("-valid_from")
    history = [(item.valid_from, Label(item.name_zh, item.name_en)) for item in later]
    return [*history, (row.valid_from, Label(row.name_zh, row.name_en))]


def counted(rows: QuerySet[CodeList], on: datetime.date) -> QuerySet[CodeList]:
    """Add the numbers of central codes and of visible extensions that hold on a day; one query."""
    holds = Q(codes__valid_from__lte=on) & (Q(codes__valid_to__isnull=True) | Q(codes__valid_to__gt=on))
    return rows.annotate(
        central=Count("codes", filter=holds & Q(codes__node__isnull=True)),
        local=Count("codes", filter=holds & Q(codes__node__isnull=False)),
    )


def places_to_extend(actor: Actor, on: datetime.date) -> list[Node]:
    """Return the outlets and branches where the actor may extend lists, at most 200; one query."""
    where = actor.where(Verb.EXTEND)
    if where is not None and not where:
        return []
    rows = Node.objects.filter(kind__in=("OUTLET", "BRANCH"), valid_from__lte=on)
    rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))
    if where is not None:
        rows = rows.filter(db.among("pk", where))
    return list(rows.order_by("code")[:200])
