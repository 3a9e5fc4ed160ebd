"""Two records made one, and one made two again (INFO-23)."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.customers import policy, queries
from guanxi.customers.events import CustomersMerged, MergeUndone
from guanxi.customers.models import Customer, Merge, Quality
from guanxi.customers.permissions import Verb
from guanxi.customers.services import deriving, pointers
from guanxi.foundation import db, events, readings
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed
from guanxi.records import services as records


def merge_customers(
    *, actor: Actor, kept_id: int, gone_id: int, choices: Mapping[str, str], at: datetime.datetime
) -> Merge:
    """Make two records one: locks both in the order of their keys, checks both, writes the chosen fields into the
    one that stays, points everything of the other at it, whatever capability it belongs to, leaves the other as a
    tombstone, remembers what was before, derives, audits both, publishes CustomersMerged.

    ``choices`` says field by field whose value stays: "kept" or "gone". What both have (the same number, a relation
    to the same outlet) stays with the tombstone.

    :raises Invalid: it is one and the same record.
    :raises NotAllowed: outlets beyond the actor's know one of them too: headquarters decides then.
    """
    if kept_id == gone_id:
        raise Invalid(_("Choose two different records."))
    with db.atomic():
        rows = {pk: db.lock(queries.visible_to(actor), pk) for pk in sorted((kept_id, gone_id))}
        kept, gone = rows[kept_id], rows[gone_id]
        places = [queries.check_customer(actor, Verb.MERGE, pk) for pk in (kept_id, gone_id)]
        if queries.known_elsewhere([kept_id, gone_id]):
            raise NotAllowed(Verb.MERGE)
        before = _facts(kept)
        after = policy.chosen(before, _facts(gone), choices)
        made = Merge.objects.create(
            kept=kept, gone=gone, at=at, person_id=actor.user_id, person_name=actor.name[:80], before=before,
            after=after, moved=pointers.move(gone_id, kept_id, at),
        )  # fmt: skip
        _write(kept, after, at)
        Quality.objects.filter(customer_id=gone_id).delete()
        deriving.refresh([kept_id, gone_id], at)
        counts = {label: len(ids) for label, ids in made.moved.items()}
        _audit(actor, made, places, {"kept": kept_id, "gone": gone_id, "moved": counts})
        events.publish(CustomersMerged(made.pk, kept_id, gone_id))
    return made


def _facts(row: Customer) -> dict[str, Any]:
    """Return the fields of a record as JSON can hold them; the sealed number stays sealed."""
    return {name: _plain(getattr(row, name)) for name in policy.FIELDS}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value


def _write(row: Customer, facts: Mapping[str, Any], at: datetime.datetime) -> None:
    values = dict(facts)
    values["born_on"] = datetime.date.fromisoformat(values["born_on"]) if values["born_on"] else None
    for name in ("identity_sealed", "identity_digest"):
        values[name] = bytes.fromhex(values[name]) if values[name] else None
    for name, value in values.items():
        setattr(row, name, value)
    reading, initials = readings.spell(row.name)
    row.reading, row.initials, row.touched_at = reading[:240], initials[:80], at
    row.save()


def undo_merge(*, actor: Actor, merge_id: int, at: datetime.datetime) -> Merge:
    """Make one record two again, both as they were: locks, checks, points the moved rows back, writes the former
    fields back, derives, audits both, publishes MergeUndone.

    :raises Conflict: it is undone already, or a field was changed since: which ones is said.
    """
    with db.atomic():
        made = db.lock(Merge.objects, queries.merge(actor, merge_id).pk)
        kept = db.lock(Customer.objects, made.kept_id)
        place = queries.check_customer(actor, Verb.MERGE, kept.pk)
        if made.undone_at is not None:
            raise Conflict(_("This is undone already."))
        now = _facts(kept)
        changed = [name for name, value in made.after.items() if now[name] != value]
        if changed:
            raise Conflict(_("Changed since then: %(fields)s.") % {"fields": ", ".join(changed)})
        pointers.move_back(made.moved, made.gone_id, made.kept_id, at)
        _write(kept, made.before, at)
        made.undone_at = at
        made.save(update_fields=["undone_at"])
        deriving.refresh([made.kept_id, made.gone_id], at)
        _audit(actor, made, [place, place], {"undone": made.pk})
        events.publish(MergeUndone(made.pk, made.kept_id, made.gone_id))
    return made


def _audit(actor: Actor, made: Merge, places: list[int | None], after: Mapping[str, Any]) -> None:
    for row, place in zip((made.kept, made.gone), places, strict=True):
        records.audit(
            actor=actor, verb=Verb.MERGE, subject_type="customer", subject_id=row.pk, subject_label=row.name,
            node_id=place, after=after,
        )  # fmt: skip
