"""The standard of customer information (INFO-15): its versions, from people or from presets, and what it refuses."""

import datetime
from collections.abc import Collection, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.customers import policy, queries
from guanxi.customers.models import Customer, Standard, StandardField
from guanxi.customers.permissions import Verb
from guanxi.customers.states import Category, Field
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.errors import Conflict, Invalid, Problem
from guanxi.foundation.presets import Change
from guanxi.records import services as records

WORDS = {
    "sum": _("The five weights must sum up to 100."),
    "days": _("A record grows stale on a later day than it stops being fresh, within ten years."),
    "unknown": _("A record of this kind has no such field."),
    "name": _("The name is always required."),
    "consultant": _("A consultant can be expected but not required: who adds for several outlets cannot name one."),
    "weight": _("A weight is 0 to 100, that of an optional field 0."),
}
INPUTS = {
    Field.NAME: "name", Field.PHONE: "mobile", Field.EMAIL: "email", Field.WECHAT: "wechat", Field.GENDER: "gender",
    Field.BIRTHDAY: "born_on", Field.IDENTITY: "identity_number", Field.ADDRESS: "address",
    Field.INDUSTRY: "industry", Field.OCCUPATION: "occupation", Field.HOBBIES: "hobbies",
    Field.CHANNEL: "preferred_channel", Field.SOURCE: "source",
}  # fmt: skip
ASKED = _("The standard of customer information asks for this.")


def require(*, kind: str, category: str, given: Collection[str], day: datetime.date) -> None:
    """Refuse an entry by hand that lacks what the standard of the day requires; one query. Changes nothing.

    :raises Invalid: one problem for each field that is missing.
    """
    lacking = policy.missing(queries.asks(day), kind=kind, category=category, given=given)
    if lacking:
        raise Invalid(ASKED, problems=[Problem(ASKED, INPUTS[Field(name)]) for name in lacking])


def keep(*, actor: Actor, row: Customer, emptied: Collection[str], at: datetime.datetime) -> None:
    """Refuse a change that takes away what is required of a customer; what was missing before may stay so. Three
    queries, or none when nothing is taken away. Changes nothing.

    :raises Invalid: one problem for each such field.
    """
    if not emptied:
        return
    held = [relation.category for relation in queries.relations(actor, [row.pk])]
    category = max(held, key=lambda name: policy.LEVELS[Category(name)], default=Category.POTENTIAL)
    require(kind=row.kind, category=category, given=set(Field) - set(emptied), day=clock.day_of(at))


def publish_standard(
    *, actor: Actor, rules: policy.Rules, valid_from: datetime.date, note: str = "", at: datetime.datetime
) -> Standard:
    """Publish a version of the standard that holds from a day on: checks, waits for others, refuses, writes, audits.

    One that begins on the same day and has not begun yet is replaced. Records are graded by the new version in the
    first night of its validity, and whenever they change.

    :raises Invalid: it contradicts itself, or its day is past.
    :raises Conflict: a version that began on this day holds already.
    """
    check_everywhere(actor, Verb.PUBLISH_STANDARD)
    rules = policy.Rules(rules.numbers, policy.whole(rules.asks))
    _refuse(rules)
    today = clock.day_of(at)
    if valid_from < today:
        raise Invalid(_("A version begins today or later: records were graded by the old one until then."),
                      field="valid_from")  # fmt: skip
    with db.atomic():
        db.serialise("customers.standard")
        old = Standard.objects.filter(valid_from=valid_from).first()
        if old is not None and valid_from == today:
            raise Conflict(_("A version began on this day already: begin the next one tomorrow."), field="valid_from")
        before = _plain(queries.rules(old)) if old else None
        if old is not None:
            old.delete()
        made = _write(actor, rules, Standard(valid_from=valid_from, note=note.strip()[:200], published_at=at))
        records.audit(
            actor=actor, verb=Verb.PUBLISH_STANDARD, subject_type="customer_standard", subject_id=str(valid_from),
            before=before, after=_plain(rules) | {"note": made.note},
        )  # fmt: skip
    return made


def _refuse(rules: policy.Rules) -> None:
    found = [Problem(WORDS[word], field) for word, field in policy.flaws(rules)]
    if found:
        raise Invalid(found[0].message, problems=found)


def _write(actor: Actor, rules: policy.Rules, row: Standard) -> Standard:
    for name, value in rules.numbers.items():
        setattr(row, name, value)
    row.starts_at = clock.start_of(row.valid_from)
    row.person_id, row.person_name = actor.user_id, actor.name[:80]
    row.save(force_insert=True)
    StandardField.objects.bulk_create(
        StandardField(
            standard=row, kind=ask.kind, field=ask.field, binding=ask.binding, weight=ask.weight,
            applies_from=ask.applies_from,
        )
        for ask in rules.asks
    )  # fmt: skip
    return row


def _plain(rules: policy.Rules) -> dict[str, Any]:
    """Return what the trail keeps of a version: its numbers and every field that is asked for."""
    asked = {
        f"{ask.kind}.{ask.field}": f"{ask.binding} {ask.weight} {ask.applies_from}"
        for ask in rules.asks
        if ask != policy.Ask(ask.kind, ask.field)
    }
    return {**rules.numbers, **asked}


def compare(*, rules: policy.Rules, source: str) -> Sequence[Change]:
    """Return what a preset's standard would change. What people, or a preset applied later, have published since
    this preset stays.
    """
    wanted = policy.Rules(rules.numbers, policy.whole(rules.asks))
    newest = Standard.objects.order_by("-valid_from").first()
    if newest is None:
        return [Change("add", "standard", _("the standard of customer information"))]
    if newest.source != source and (not newest.source or Standard.objects.filter(source=source).exists()):
        return []
    return [
        Change("change", f"{item.kind} {item.name}".strip(), f"{_said(item.before)} → {_said(item.after)}")
        for item in policy.differences(wanted, queries.rules(newest))
    ]


def _said(value: Any) -> str:
    return f"{value.binding} {value.weight} {value.applies_from}" if isinstance(value, policy.Ask) else str(value)


def follow_preset(
    *, actor: Actor, rules: policy.Rules, valid_from: datetime.date, source: str, at: datetime.datetime
) -> Sequence[Change]:
    """Write a preset's standard as a version: the first from its own day, a changed one from tomorrow, so that
    nothing is graded backwards; a second time changes nothing. Checks, waits for others, refuses, writes, audits.

    :raises Invalid: it contradicts itself.
    """
    check_everywhere(actor, Verb.PUBLISH_STANDARD)
    rules = policy.Rules(rules.numbers, policy.whole(rules.asks))
    _refuse(rules)
    with db.atomic():
        db.serialise("customers.standard")
        changes = compare(rules=rules, source=source)
        if changes:
            newest = Standard.objects.order_by("-valid_from").first()
            tomorrow = clock.day_of(at) + datetime.timedelta(days=1)
            day = max(tomorrow, newest.valid_from + datetime.timedelta(days=1)) if newest else valid_from
            _write(actor, rules, Standard(valid_from=day, source=source, published_at=at))
            records.audit(
                actor=actor, verb=Verb.PUBLISH_STANDARD, subject_type="preset", subject_id=source,
                after={"valid_from": day, **_plain(rules)},
            )  # fmt: skip
    return changes
