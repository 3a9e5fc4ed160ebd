"""Import of a network from Excel: check first, show what would change, then write all or nothing."""

import datetime
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import python_calamine
from django.db import IntegrityError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils.translation import gettext as _

from guanxi.foundation import db, events
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, Problem
from guanxi.network import policy, queries
from guanxi.network.events import NetworkImported
from guanxi.network.models import Ancestry, ImportRun, Node, OutletProfile, Placement
from guanxi.network.permissions import Verb
from guanxi.network.services import offers, sheets, structure
from guanxi.network.services import rows as reading
from guanxi.network.states import Kind
from guanxi.records import services as records

LARGEST = 8 * 1024 * 1024
MOST_ROWS = 20_000


def check_file(*, actor: Actor, name: str, content: bytes, at: datetime.datetime) -> ImportRun:
    """Read and check a workbook; write nothing to the network: store the findings as a run, audit.

    :raises Invalid: it is no workbook, has no such sheet or too many rows.
    """
    check(actor, Verb.IMPORT_NETWORK)
    if len(content) > LARGEST:
        raise Invalid(_("The file is larger than 8 MB."), field="file")
    found = sheets.read(_sheet(content))
    problems = [*found.problems, *_against_network(actor, found.rows)]
    state = ImportRun.State.REFUSED if problems or not found.rows else ImportRun.State.CHECKED
    with db.atomic():
        run = ImportRun.objects.create(
            at=at, person_id=actor.user_id, name=name[:200], digest=hashlib.sha256(content).hexdigest(),
            state=state, rows=[row.as_json() for row in found.rows],
            problems=[_stored(problem) for problem in problems],
        )  # fmt: skip
        records.audit(
            actor=actor, verb=Verb.IMPORT_NETWORK, subject_type="network_import", subject_id=run.pk,
            subject_label=run.name, after={"rows": len(found.rows), "problems": len(problems), "state": state},
        )  # fmt: skip
    return run


def _stored(problem: Problem) -> dict[str, Any]:
    return asdict(problem) | {"message": str(problem.message)}


def _sheet(content: bytes) -> list[list[Any]]:
    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, ValueError, IndexError, OSError) as error:
        raise Invalid(_("This is not an Excel workbook that can be read."), field="file") from error
    if len(rows) > MOST_ROWS:
        raise Invalid(_("More than 20,000 rows: split the file."), field="file")
    return rows


def _known(codes: Sequence[str]) -> dict[str, Node]:
    return {node.code: node for node in Node.objects.filter(code__in=codes).select_related("profile")}


def _against_network(actor: Actor, rows: Sequence[reading.Row]) -> list[Problem]:
    """Compare the rows with each other and with what is there and within the actor's right."""
    codes = {row.code for row in rows}
    known = _known([*codes, *(row.parent for row in rows)])
    where = actor.where(Verb.IMPORT_NETWORK)
    kinds = {**{code: node.kind for code, node in known.items()}, **{row.code: row.kind for row in rows}}
    problems = [*_moves(rows, known), *_not_open(rows, known), *_unknown_services(rows)]
    for row in rows:
        problems += _row_problems(row, kinds, known, codes, where)
    _ordered, circle = policy.in_import_order([(row.code, row.parent) for row in rows], known)
    stuck = set(circle) & {row.code for row in rows if row.parent in codes}
    problems += [
        Problem(_("The places above it form a circle or are missing."), "", row.number, reading.PARENT, row.code)
        for row in rows
        if row.code in stuck
    ]  # fmt: skip
    return problems


def _not_open(rows: Sequence[reading.Row], known: Mapping[str, Node]) -> list[Problem]:
    above: dict[str, dict[str, Any]] = {
        **{row.code: {"kind": row.kind, "opened": row.valid_from, "closed": None} for row in rows},
        **{
            code: {"kind": node.kind, "opened": node.valid_from, "closed": node.valid_to}
            for code, node in known.items()
        },
    }
    message = _("The place above is not open on that day, or it will close.")
    return [
        Problem(message, row=row.number, column=reading.PARENT, value=row.parent)
        for row in rows
        if row.code not in known
        and row.parent in above
        and not policy.can_hold(**above[row.parent], day=row.valid_from)
    ]


def _unknown_services(rows: Sequence[reading.Row]) -> list[Problem]:
    offered = set(queries.services().values_list("code", flat=True))
    column, message = reading.SYNONYMS["services"][0], _("No service has this code.")
    return [
        Problem(message, row=row.number, column=column, value=code)
        for row in rows
        for code in row.services
        if code not in offered
    ]


def _moves(rows: Sequence[reading.Row], known: Mapping[str, Node]) -> list[Problem]:
    """An import never moves: history is too dear for a side effect of a spreadsheet."""
    held = [row for row in rows if row.code in known]
    placed = Placement.objects.filter(child_id__in=[known[row.code].pk for row in held])
    placed = placed.filter(Q(during__upper_inf=True) | Q(child__valid_to__isnull=False))
    pairs = set(placed.values_list("child__code", "parent__code"))
    message = _("It stands elsewhere. Move it on its page, with a date.")
    return [
        Problem(message, row=row.number, column=reading.PARENT, value=row.parent)
        for row in held
        if (row.code, row.parent) not in pairs and known[row.code].kind != Kind.GROUP
    ]


def _row_problems(
    row: reading.Row,
    kinds: Mapping[str, str],
    known: Mapping[str, Node],
    codes: set[str],
    where: frozenset[int] | None,
) -> list[Problem]:
    found: list[Problem] = []

    def say(message: str, column: str, value: str) -> None:
        found.append(Problem(message, row=row.number, column=column, value=value))

    node, parent = known.get(row.code), known.get(row.parent)
    if parent is None and row.parent not in codes:
        say(_("No place has this code, here or in the file."), reading.PARENT, row.parent)
    elif not policy.may_stand_under(row.kind, kinds[row.parent]):
        kind = Kind(kinds[row.parent]).label
        say(
            _("It cannot stand under a place of kind “%(kind)s”.") % {"kind": kind},
            reading.PARENT,
            row.parent,
        )
    if node is not None and node.kind != row.kind:
        say(_("It exists already with another kind."), reading.KIND, row.kind)
    outside = where is not None and any(item is not None and item.pk not in where for item in (node, parent))
    if outside:
        say(_("This place lies outside what you may import."), reading.PARENT, row.parent)
    return found


def apply_run(*, actor: Actor, run_id: int, at: datetime.datetime) -> ImportRun:
    """Write a checked import in one transaction: takes the structure lock, checks again against what is
    there now, writes nodes, profiles and placements set-based, derives the ancestry, marks the run,
    audits each place, publishes NetworkImported. All or nothing.

    :raises Conflict: the run is applied already, refused, or no longer fits what is there.
    """
    with db.atomic():
        run = db.lock(ImportRun.objects, queries.import_run(actor, run_id).pk)
        if run.state != ImportRun.State.CHECKED:
            raise Conflict(_("Only a checked import without findings can be applied."))
        db.serialise(structure.STRUCTURE)
        rows = [reading.Row.from_json(item) for item in run.rows]
        problems = _against_network(actor, rows)
        if problems:
            raise Conflict(_("The network changed since the file was checked: check it again."))
        known = _known([*(row.code for row in rows), *(row.parent for row in rows)])
        added, changed = _write(actor, rows, known)
        run.state, run.applied_at, run.added, run.changed = ImportRun.State.APPLIED, at, added, changed
        run.save(update_fields=["state", "applied_at", "added", "changed"])
        events.publish(NetworkImported(actor.user_id, added, changed, run.name))
    return run


def _write(actor: Actor, rows: Sequence[reading.Row], known: dict[str, Node]) -> tuple[int, int]:
    order, _circle = policy.in_import_order([(row.code, row.parent) for row in rows], known)
    by_code = {row.code: row for row in rows}
    fresh = [by_code[code] for code in order if code not in known]
    held = [row for row in rows if row.code in known]
    ids = db.next_id("network_node", len(fresh)) if fresh else []
    db.widen(*ids)
    nodes = [row.node(pk) for row, pk in zip(fresh, ids, strict=True)]
    _insert(nodes)
    known |= {node.code: node for node in nodes}
    OutletProfile.objects.bulk_create([row.profile(known[row.code].pk) for row in fresh if row.kind == Kind.OUTLET])
    offers.replace(fresh, known)
    changed = _update(actor, held, known)
    _place(fresh, known)
    lines = [
        records.Line(node.pk, str(node), node.pk, None, row.as_trail()) for row, node in zip(fresh, nodes, strict=True)
    ]
    records.audit_many(actor=actor, verb=Verb.ADD_NODE, subject_type="node", lines=lines)
    return len(fresh), changed


def _insert(nodes: Sequence[Node]) -> None:
    """Insert the new nodes; a code may be held by a place that the actor cannot see."""
    try:
        with db.atomic():
            Node.objects.bulk_create(nodes)
    except IntegrityError as error:
        raise Conflict(_("One of the codes is taken by a place outside what you may see.")) from error


def _update(actor: Actor, held: Sequence[reading.Row], known: Mapping[str, Node]) -> int:
    offering = offers.replace(held, known)
    changed = [(row, known[row.code]) for row in held if row.code in offering or row.differs(known[row.code])]
    lines = []
    for row, node in changed:
        before = row.facts_of(node)
        row.write_to(node)
        after = row.facts_of(node) | ({"offers": row.offers()} if row.code in offering else {})
        lines.append(records.Line(node.pk, str(node), node.pk, before, after))
    records.audit_many(actor=actor, verb=Verb.CHANGE_NODE, subject_type="node", lines=lines)
    Node.objects.bulk_update([node for _row, node in changed], ["name_zh", "name_en"])
    outlets = [node.profile for row, node in changed if row.kind == Kind.OUTLET]
    OutletProfile.objects.bulk_update(outlets, list(reading.PROFILE_FIELDS))
    return len(changed)


def _place(fresh: Sequence[reading.Row], known: Mapping[str, Node]) -> None:
    """Place the new nodes top-down, so that each one's brand is known; the brand of a place never changes."""
    parents = [known[row.parent].pk for row in fresh]
    over = Ancestry.objects.filter(descendant_id__in=parents, ancestor__kind=Kind.BRAND)
    brands = dict(over.values_list("descendant_id", "ancestor_id"))
    for row in fresh:
        node = known[row.code]
        brands[node.pk] = node.pk if row.kind == Kind.BRAND else brands.get(known[row.parent].pk, 0)
    Placement.objects.bulk_create(
        Placement(
            child=known[row.code],
            parent=known[row.parent],
            brand_id=brands[known[row.code].pk] if row.kind == Kind.OUTLET else 0,
            during=DateRange(row.valid_from, None),
        )  # fmt: skip
        for row in fresh
    )
    structure.rebuild_ancestry()


def drop_run(*, actor: Actor, run_id: int) -> None:
    """Drop a run that was not applied: checks, deletes, audits.

    :raises Conflict: it was applied.
    """
    with db.atomic():
        run = db.lock(ImportRun.objects, queries.import_run(actor, run_id).pk)
        if run.state == ImportRun.State.APPLIED:
            raise Conflict(_("An applied import stays on record."))
        if run.person_id != actor.user_id:
            raise NotAllowed(Verb.IMPORT_NETWORK)
        records.audit(
            actor=actor, verb="network.drop_import", subject_type="network_import", subject_id=run.pk,
            subject_label=run.name,
        )  # fmt: skip
        run.delete()
