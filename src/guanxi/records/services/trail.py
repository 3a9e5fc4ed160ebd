"""The audit line: who changed what, before and after, in the transaction of the change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guanxi.foundation import clock
from guanxi.foundation.actor import Actor
from guanxi.records.models import AuditEntry


def audit(
    *,
    actor: Actor,
    verb: str,
    subject_type: str,
    subject_id: int | str,
    subject_label: str = "",
    node_id: int | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    note: str = "",
) -> None:
    """Append one line to the trail in the caller's transaction (NFR-06).

    ``before`` and ``after`` hold plain values; only what differs is kept when both are given.
    """
    entry = _entry(actor, verb, subject_type, Line(subject_id, subject_label, node_id, before, after))
    entry.note = note[:400]
    _append([entry])


@dataclass(frozen=True)
class Line:
    """One record of a bulk change, as the trail keeps it."""

    subject_id: int | str
    subject_label: str
    node_id: int | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


def audit_many(*, actor: Actor, verb: str, subject_type: str, lines: Iterable[Line]) -> None:
    """Append one line for each record of a bulk change, in one statement a thousand."""
    _append([_entry(actor, verb, subject_type, line) for line in lines])


def _append(entries: Sequence[AuditEntry]) -> None:
    """Insert without RETURNING, which ``ignore_conflicts`` leaves away: the writer need not be a reader."""
    AuditEntry.objects.bulk_create(entries, batch_size=1000, ignore_conflicts=True)


def _entry(actor: Actor, verb: str, subject_type: str, line: Line) -> AuditEntry:
    old, new = _difference(line.before, line.after)
    origin = actor.origin
    return AuditEntry(
        at=clock.now(),
        person_id=actor.user_id,
        person_name=actor.name[:160],
        verb=str(verb),
        subject_type=subject_type,
        subject_id=str(line.subject_id),
        subject_label=line.subject_label[:240],
        node_id=line.node_id,
        before=old,
        after=new,
        channel=origin.channel,
        ip=origin.ip or None,
        agent=origin.agent[:240],
        request_id=origin.request_id,
    )


def _difference(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    old = None if before is None else {key: _plain(value) for key, value in before.items()}
    new = None if after is None else {key: _plain(value) for key, value in after.items()}
    if old is None or new is None:
        return old, new
    changed = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    return {key: old.get(key) for key in changed}, {key: new.get(key) for key in changed}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
