"""Everything that changes code lists by hand: one function a verb."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from guanxi.codelists import policy, queries
from guanxi.codelists.models import Code, CodeList, CodeWording
from guanxi.codelists.permissions import Verb, check_change
from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check, check_everywhere
from guanxi.foundation.errors import Conflict, Invalid, NotFound
from guanxi.network.models import Node
from guanxi.records import services as records


def add_code(
    *,
    actor: Actor,
    list_code: str,
    code: str,
    name_zh: str,
    name_en: str,
    valid_from: datetime.date,
    parent: str = "",
    position: int = 0,
    attributes: Mapping[str, str] | None = None,
) -> Code:
    """Add a central code (CLASS-50): checks, queues up changes of the list, writes, audits.

    :raises NotAllowed: the actor does not keep the central lists.
    :raises Invalid: the code, a name or the parent cannot be accepted.
    :raises Conflict: the list has this code already.
    """
    check_everywhere(actor, Verb.CHANGE)
    if code.startswith(policy.LOCAL):
        raise Invalid(_("Codes that begin with X_ are kept for outlets and branches."), field="code")
    row = Code(code=code, name_zh=name_zh, name_en=name_en, valid_from=valid_from, position=position)
    row.attributes = dict(attributes or {})
    return _insert(actor, list_code, row, parent=parent, verb="codelists.add_code")


def extend_list(
    *,
    actor: Actor,
    list_code: str,
    node_id: int,
    code: str,
    name_zh: str,
    name_en: str,
    valid_from: datetime.date,
    parent: str = "",
    position: int = 0,
) -> Code:
    """Add an outlet's or a branch's own code to a list that allows it (CLASS-50); the code gets ``X_``.

    :raises NotAllowed: the actor may not extend lists at this place.
    :raises Invalid: the place or the list does not allow it, or a value cannot be accepted.
    :raises Conflict: the place has this code already.
    """
    check(actor, Verb.EXTEND, node_id)
    node = Node.objects.filter(pk=node_id).first()
    if node is None:
        raise NotFound
    found = queries.one_list(actor, list_code)
    if not policy.may_extend(is_extensible=found.is_extensible, kind=node.kind):
        raise Invalid(_("This list cannot be extended at this place."), field="node_id")
    own = policy.local_code(code)
    row = Code(code=own, name_zh=name_zh, name_en=name_en, valid_from=valid_from, position=position, node=node)
    return _insert(actor, list_code, row, parent=parent, verb="codelists.extend_list")


def _insert(actor: Actor, list_code: str, row: Code, *, parent: str, verb: str) -> Code:
    _check_texts(row.code, row.name_zh, row.name_en)
    with db.atomic():
        row.list = _queue_up(queries.one_list(actor, list_code))
        if Code.objects.filter(list=row.list, code=row.code, node=row.node_id).exists():
            raise Conflict(_("The list has this code already; a retired code can be reinstated."), field="code")
        above = _parent(row.list, parent, row.node_id)
        row.parent, row.level = above, above.level + 1 if above else 1
        _check_depth(row.list, row.level)
        row.save(force_insert=True)
        _audit(actor, verb, row, after=_facts(row))
    return row


def rename_code(
    *,
    actor: Actor,
    code_id: int,
    name_zh: str,
    name_en: str,
    on: datetime.date,
    at: datetime.date,
) -> CodeWording:
    """Give a code a new wording from a day on; earlier days keep theirs: writes the wording, audits.

    A second rename from the same day replaces the first.

    :raises Invalid: a name is missing, or the day lies before today or before the code.
    :raises Conflict: it already says so.
    """
    with db.atomic():
        row = _locked(actor, code_id)
        _check_texts(row.code, name_zh, name_en)
        _check_day(on, at, row)
        before = queries.said(row, on)
        if (before.zh, before.en) == (name_zh, name_en):
            raise Conflict(_("The code already says this on that day."), field="name_zh")
        wording, _new = CodeWording.objects.update_or_create(
            code=row, valid_from=on, defaults={"name_zh": name_zh, "name_en": name_en, "source": ""}
        )
        after = {"name_zh": name_zh, "name_en": name_en}
        facts = {"name_zh": before.zh, "name_en": before.en}
        _audit(actor, "codelists.rename_code", row, before=facts, after=after, note=on.isoformat())
    return wording


def retire_code(*, actor: Actor, code_id: int, on: datetime.date, at: datetime.date) -> Code:
    """End a code on a day; what was recorded with it keeps its words: writes the day, audits.

    :raises Invalid: the day lies before today or before the code.
    :raises Conflict: it is retired already, or codes beneath it still hold.
    """
    with db.atomic():
        row = _locked(actor, code_id)
        if row.valid_to is not None:
            raise Conflict(_("This code is retired already."))
        _check_day(on, at, row)
        if row.children.filter(queries.valid_on(on)).exists():
            raise Conflict(_("Codes beneath it still hold on that day; retire them first."))
        row.valid_to, row.is_retired_here = policy.end_of(row.valid_from, on), True
        row.save(update_fields=["valid_to", "is_retired_here"])
        _audit(actor, "codelists.retire_code", row, before={"valid_to": None}, after={"valid_to": row.valid_to})
    return row


def reinstate_code(*, actor: Actor, code_id: int) -> Code:
    """Let a retired code hold again without an end: clears the day, audits. The trail keeps the gap.

    :raises Conflict: it is not retired, or the code above it is.
    """
    with db.atomic():
        row = _locked(actor, code_id)
        if row.valid_to is None:
            raise Conflict(_("This code is not retired."))
        if row.parent is not None and row.parent.valid_to is not None:
            raise Conflict(_("The code above it is retired; reinstate that one first."))
        before = {"valid_to": row.valid_to}
        row.valid_to, row.is_retired_here = None, False
        row.save(update_fields=["valid_to", "is_retired_here"])
        _audit(actor, "codelists.reinstate_code", row, before=before, after={"valid_to": None})
    return row


def move_code(*, actor: Actor, code_id: int, parent: str, position: int) -> Code:
    """Put a code elsewhere in its list: under ``parent`` ("" for the top) at ``position``.

    Everything beneath it goes along: writes the place, then the levels of what hangs on it, then audits.

    :raises Invalid: there is no such parent, it lies beneath the code, or the tree would get too deep.
    """
    with db.atomic():
        row = _locked(actor, code_id)
        places = [
            policy.Place(*values)
            for values in Code.objects.filter(list=row.list).values_list("pk", "parent_id", "position", "code")
        ]
        moving = policy.below(places, row.pk)
        above = _parent(row.list, parent, row.node_id)
        if above is not None and above.pk in moving:
            raise Invalid(_("A code cannot stand beneath itself."), field="parent")
        before, step = _facts(row), (above.level + 1 if above else 1) - row.level
        deepest = max(Code.objects.filter(pk__in=moving).values_list("level", flat=True))
        _check_depth(row.list, deepest + step)
        _replace(row, above, position, beneath=moving - {row.pk}, step=step)
        _audit(actor, "codelists.move_code", row, before=before, after=_facts(row))
    return row


def _replace(row: Code, above: Code | None, position: int, *, beneath: set[int], step: int) -> None:
    row.parent, row.position, row.level, row.is_placed_here = above, position, row.level + step, True
    row.save(update_fields=["parent", "position", "level", "is_placed_here"])
    if step and beneath:
        Code.objects.filter(pk__in=beneath).update(level=F("level") + step)


def _queue_up(found: CodeList) -> CodeList:
    """Let changes wait for each other and for presets; outlets may not lock the central row itself."""
    db.serialise("codelists")
    return found


def _locked(actor: Actor, code_id: int) -> Code:
    """Find, check, then lock: the row lock of a row that may not be changed would look like a missing row."""
    seen = queries.one_code(actor, code_id)
    check_change(actor, seen.node_id)
    _queue_up(seen.list)
    return db.lock(Code.objects.select_related("list", "parent"), code_id)


def _parent(found: CodeList, code: str, node_id: int | None) -> Code | None:
    if not code:
        return None
    if not found.is_hierarchical:
        raise Invalid(_("This list has no levels."), field="parent")
    above = Code.objects.filter(list=found, code=code, node=None, valid_to=None).first()
    if above is None and node_id is not None:
        above = Code.objects.filter(list=found, code=code, node=node_id, valid_to=None).first()
    if above is None:
        raise Invalid(_("The list has no such code to stand beneath."), field="parent")
    return above


def _check_depth(found: CodeList, level: int) -> None:
    if level > policy.deepest_level(found.expected_levels):
        raise Invalid(_("The list does not have that many levels."), field="parent")


def _check_texts(code: str, name_zh: str, name_en: str) -> None:
    if not policy.is_code(code):
        raise Invalid(_("A code has capitals, digits and underscores, 40 at most."), field="code")
    if not name_zh.strip():
        raise Invalid(_("The Chinese name is needed."), field="name_zh")
    if not name_en.strip():
        raise Invalid(_("The English name is needed."), field="name_en")


def _check_day(on: datetime.date, at: datetime.date, row: Code) -> None:
    if on < at:
        raise Invalid(_("What was said on past days stays; choose today or later."), field="on")
    if on < row.valid_from:
        raise Invalid(_("The code does not hold yet on that day."), field="on")


def _facts(row: Code) -> dict[str, Any]:
    return {
        "code": row.code,
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "parent": row.parent.code if row.parent else "",
        "level": row.level,
        "position": row.position,
        "attributes": row.attributes,
        "valid_from": row.valid_from,
    }


def _audit(
    actor: Actor,
    verb: str,
    row: Code,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    note: str = "",
) -> None:
    records.audit(
        actor=actor,
        verb=verb,
        subject_type="code",
        subject_id=row.pk,
        subject_label=f"{row.list.code}/{row.code} {row.name_zh}",
        node_id=row.node_id,
        before=before,
        after=after,
        note=note,
    )
