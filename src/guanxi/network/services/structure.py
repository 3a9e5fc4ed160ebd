"""Changes of where things stand: add, change, move and close nodes. One at a time, under one lock."""

import datetime
from typing import Any

from django.db import IntegrityError, connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from guanxi.foundation import db, events
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict, Invalid, NotFound
from guanxi.network import policy
from guanxi.network.events import NodeMoved
from guanxi.network.models import Ancestry, Node, OutletProfile, Placement
from guanxi.network.permissions import Verb
from guanxi.network.states import Kind, PartnerType, UnitType
from guanxi.records import services as records

STRUCTURE = "network.structure"


def rebuild_ancestry() -> None:
    """Derive the ancestry from the placements, in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT network_rebuild_ancestry()")


def brand_over(parent: Node, day: datetime.date) -> int:
    """Return the brand at or above ``parent`` on ``day``; 0 if there is none."""
    row = Ancestry.objects.filter(descendant=parent, ancestor__kind=Kind.BRAND, during__contains=day).first()
    return row.ancestor_id if row else 0


def _parent(actor: Actor, verb: str, parent_id: int, kind: str, day: datetime.date) -> Node:
    parent = Node.objects.filter(pk=parent_id).first()
    if parent is None:
        raise NotFound
    check(actor, verb, parent.pk)
    if not policy.may_stand_under(kind, parent.kind):
        message = _("A node of kind “%(kind)s” cannot stand under “%(parent)s”.")
        raise Invalid(message % {"kind": Kind(kind).label, "parent": Kind(parent.kind).label}, field="parent")
    if not policy.can_hold(kind=parent.kind, opened=parent.valid_from, closed=parent.valid_to, day=day):
        raise Invalid(_("The place above is not open on that day, or it will close."), field="parent")
    return parent


def _facts(node: Node) -> dict[str, Any]:
    return {
        "code": node.code, "kind": node.kind, "function": node.function, "name_zh": node.name_zh,
        "name_en": node.name_en, "valid_from": node.valid_from, "valid_to": node.valid_to,
    }  # fmt: skip


def add_node(
    *,
    actor: Actor,
    parent_id: int | None,
    kind: str,
    code: str,
    name_zh: str,
    name_en: str = "",
    function: str = "",
    valid_from: datetime.date,
    sells: bool = False,
    serves: bool = False,
) -> Node:
    """Add a place to the network (ORG-10): checks the right at the parent, takes the structure lock,
    writes node, profile (of an outlet) and placement, derives the ancestry, appends the audit line.

    :raises NotAllowed: the actor may not add nodes at the parent.
    :raises Invalid: the kind cannot stand there, does not say what it does, or the code is taken.
    """
    _refuse_idle(kind, function, does_something=sells or serves)
    with db.atomic():
        db.serialise(STRUCTURE)
        parent = None
        if parent_id is not None:
            parent = _parent(actor, Verb.ADD_NODE, parent_id, kind, valid_from)
        elif kind != Kind.GROUP or not actor.can_everywhere(Verb.ADD_NODE) or Node.objects.exists():
            raise Invalid(_("Choose the place above."), field="parent")
        node = Node(
            id=db.next_id("network_node")[0], code=code, kind=kind, name_zh=name_zh, name_en=name_en,
            function=function, valid_from=valid_from,
        )  # fmt: skip
        db.widen(node.pk)
        _insert(node)
        if kind == Kind.OUTLET:
            OutletProfile.objects.create(node=node, sells=sells, serves=serves)
        if parent is not None:
            brand = brand_over(parent, valid_from) if kind == Kind.OUTLET else 0
            Placement.objects.create(child=node, parent=parent, brand_id=brand, during=DateRange(valid_from, None))
        rebuild_ancestry()
        records.audit(
            actor=actor, verb=Verb.ADD_NODE, subject_type="node", subject_id=node.pk,
            subject_label=str(node), node_id=node.pk, after=_facts(node) | {"parent": parent_id},
        )  # fmt: skip
    return node


def _refuse_idle(kind: str, function: str, *, does_something: bool) -> None:
    if kind == Kind.OUTLET and not does_something:
        raise Invalid(_("An outlet sells or serves, or both."), field="sells")
    if kind == Kind.PARTNER and function not in PartnerType.values:
        raise Invalid(_("Choose what the partner does."), field="function")
    if kind == Kind.UNIT and function not in UnitType.values:
        raise Invalid(_("Choose which department it is."), field="function")


def _insert(node: Node) -> None:
    if Node.objects.filter(code=node.code).exists():
        raise Invalid(_("This code is taken."), field="code")
    try:
        with db.atomic():
            node.save(force_insert=True)
    except IntegrityError as error:
        if "network_node_code_key" in str(error) or "unique" in str(error):
            raise Invalid(_("This code is taken."), field="code") from error
        raise Invalid(_("The code is made of capital letters, digits, dot and hyphen."), field="code") from error


def change_node(*, actor: Actor, node_id: int, name_zh: str, name_en: str) -> Node:
    """Change what a place is called: checks, locks the row, writes, appends the audit line."""
    with db.atomic():
        node = db.lock(Node.objects, node_id)
        check(actor, Verb.CHANGE_NODE, node_id)
        before = _facts(node)
        node.name_zh, node.name_en = name_zh, name_en
        node.save(update_fields=["name_zh", "name_en"])
        records.audit(
            actor=actor, verb=Verb.CHANGE_NODE, subject_type="node", subject_id=node.pk,
            subject_label=str(node), node_id=node.pk, before=before, after=_facts(node),
        )  # fmt: skip
    return node


def _spans(node_id: int, brand_id: int) -> list[policy.Span]:
    rows = Placement.objects.filter(child_id=node_id, brand_id=brand_id)
    return [policy.Span(row.parent_id, row.during.lower, row.during.upper) for row in rows]


def _write_spans(node_id: int, brand_id: int, spans: list[policy.Span]) -> None:
    Placement.objects.filter(child_id=node_id, brand_id=brand_id).delete()
    Placement.objects.bulk_create(
        Placement(child_id=node_id, parent_id=span.parent, brand_id=brand_id, during=DateRange(span.start, span.end))
        for span in spans
    )


def _refuse_circle(node_id: int, parent_id: int, on: datetime.date) -> None:
    later = DateRange(on, None)
    below = Ancestry.objects.filter(ancestor_id=node_id, descendant_id=parent_id, during__overlap=later)
    if below.exists():
        raise Invalid(_("A place cannot stand under itself."), field="parent")


def _standing(node: Node, brand_id: int, on: datetime.date) -> int:
    """Return the parent just before a move; 0 for an outlet that joins a further brand."""
    spans = [span for span in _spans(node.pk, brand_id) if span.start <= on and (span.end is None or span.end > on)]
    return spans[0].parent if spans else 0


def move_node(*, actor: Actor, node_id: int, parent_id: int, effective_on: datetime.date) -> Node:
    """Move a place with all below it from a day on; earlier days keep the old place (ORG-10).

    Checks the right at the node and at the new parent, takes the structure lock, replaces the
    placements from that day, derives the ancestry, appends the audit line, publishes NodeMoved.
    An outlet moved under another brand serves both from then on (ORG-12).

    :raises Invalid: wrong kind of parent, a circle, or a day before the node opened.
    :raises Conflict: a branch would change its brand.
    """
    with db.atomic():
        db.serialise(STRUCTURE)
        node = db.lock(Node.objects, node_id)
        check(actor, Verb.MOVE_NODE, node_id)
        parent = _parent(actor, Verb.MOVE_NODE, parent_id, node.kind, effective_on)
        if effective_on < node.valid_from:
            raise Invalid(_("The place was not open yet on that day."), field="effective_on")
        if node.valid_to and effective_on >= node.valid_to:
            raise Invalid(_("The place is closed on that day."), field="effective_on")
        _refuse_circle(node_id, parent_id, effective_on)
        brand = brand_over(parent, effective_on)
        if node.kind in {Kind.BRANCH, Kind.MARKET_OFFICE} and brand != brand_over(node, effective_on):
            raise Conflict(_("A branch or market office cannot change its brand."), field="parent")
        key = brand if node.kind == Kind.OUTLET else 0
        old = _standing(node, key, effective_on)
        if old == parent_id:
            raise Invalid(_("It stands there already."), field="parent")
        spans = policy.replan(_spans(node_id, key), parent=parent_id, on=effective_on)
        _write_spans(node_id, key, policy.end_on(spans, node.valid_to) if node.valid_to else spans)
        rebuild_ancestry()
        records.audit(
            actor=actor, verb=Verb.MOVE_NODE, subject_type="node", subject_id=node_id,
            subject_label=str(node), node_id=node_id,
            before={"parent": old, "effective_on": None},
            after={"parent": parent_id, "effective_on": effective_on},
        )  # fmt: skip
        events.publish(NodeMoved(node_id, old, parent_id, effective_on.isoformat()))
    return node


def close_node(*, actor: Actor, node_id: int, on: datetime.date) -> Node:
    """Close a place from a day on: checks, locks, ends node and placements, derives, audits.

    :raises Conflict: open places still stand below it on that day.
    :raises Invalid: the day lies before the node opened.
    """
    with db.atomic():
        db.serialise(STRUCTURE)
        node = db.lock(Node.objects, node_id)
        check(actor, Verb.CLOSE_NODE, node_id)
        if on <= node.valid_from:
            raise Invalid(_("It must close after the day it opened."), field="on")
        below = Placement.objects.filter(parent_id=node_id, during__overlap=DateRange(on, None))
        if below.exists():
            raise Conflict(_("Places still stand below it on that day: move or close them first."), field="on")
        before = _facts(node)
        node.valid_to = on
        node.save(update_fields=["valid_to"])
        for brand in set(Placement.objects.filter(child_id=node_id).values_list("brand_id", flat=True)):
            _write_spans(node_id, brand, policy.end_on(_spans(node_id, brand), on))
        rebuild_ancestry()
        records.audit(
            actor=actor, verb=Verb.CLOSE_NODE, subject_type="node", subject_id=node_id,
            subject_label=str(node), node_id=node_id, before=before, after=_facts(node),
        )  # fmt: skip
    return node


def leave_brand(*, actor: Actor, node_id: int, brand_id: int, on: datetime.date) -> Node:
    """End an outlet's place under one of its brands from a day on (ORG-12): checks, locks, ends, audits.

    :raises Conflict: it is the outlet's only brand; close the outlet instead.
    """
    with db.atomic():
        db.serialise(STRUCTURE)
        node = db.lock(Node.objects, node_id)
        check(actor, Verb.MOVE_NODE, node_id)
        spans = _spans(node_id, brand_id)
        others = Placement.objects.filter(child_id=node_id, during__contains=on).exclude(brand_id=brand_id)
        if not spans:
            raise Invalid(_("It does not stand under this brand."), field="brand")
        if not others.exists():
            raise Conflict(_("It is the only brand of this outlet: close the outlet instead."), field="brand")
        _write_spans(node_id, brand_id, policy.end_on(spans, on))
        rebuild_ancestry()
        records.audit(
            actor=actor, verb=Verb.MOVE_NODE, subject_type="node", subject_id=node_id,
            subject_label=str(node), node_id=node_id, before={"brand": brand_id}, after={"brand_left_on": on},
        )  # fmt: skip
    return node
