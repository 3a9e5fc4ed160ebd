"""Writing contact rules: a new one, the next version of one, switching one on or off."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.care.models import Rule
from guanxi.care.permissions import Verb
from guanxi.care.policy import audience
from guanxi.care.policy.rules import Timing
from guanxi.care.queries import facts
from guanxi.care.queries import rules as queries
from guanxi.care.states.rules import OF_DAYS, Anchor
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check, check_everywhere
from guanxi.foundation.errors import Conflict, Invalid
from guanxi.records import services as records

# What a version says; the rest tells when it holds and where it came from.
SAID = (
    "name_zh", "name_en", "is_on", "anchor", "of", "phase", "months", "opens", "due", "unit", "every", "first_month",
    "last_month", "audience", "coverage", "control", "seed", "channel", "fallback", "purpose", "is_exempt", "script",
    "where", "role_id", "is_consultants", "priority", "cap_id", "is_assumed", "assumed_zh", "assumed_en",
)  # fmt: skip
ONE_DAY = datetime.timedelta(days=1)


def said(row: Rule) -> dict[str, Any]:
    """Return what a version says, as plain values."""
    return {name: getattr(row, name) for name in SAID}


def add_rule(*, actor: Actor, code: str, node_id: int | None, values: Mapping[str, Any], at: datetime.datetime) -> Rule:
    """Write a new rule that holds from today on: checks the right at its place, checks what it says, writes, audits.

    :raises NotAllowed: the actor may not change rules there, or everywhere if it belongs to no place.
    :raises Conflict: there is a rule of this code.
    :raises Invalid: something in it cannot be.
    """
    _check(actor, node_id)
    with db.atomic():
        db.serialise("care.rules")
        if Rule.objects.filter(code=code).exists():
            raise Conflict(_("There is a rule of this code already."), field="code")
        if node_id is not None and not code.startswith("x_"):
            raise Invalid(_("The code of an outlet's own rule begins with x_."), field="code")
        row = Rule(code=code, node_id=node_id, since=clock.day_of(at), made_at=at, **values)
        refuse_unfit(row)
        row.save(force_insert=True)
        _audit(actor, "care.add_rule", row, {})
    return row


def change_rule(*, actor: Actor, rule_id: int, values: Mapping[str, Any], at: datetime.datetime) -> Rule:
    """Change what a rule says: locks, checks, and writes a new version from today on; from tomorrow on if it decided
    about somebody today; the version itself changes only on its first day, while it has decided about nobody. Audits.

    :raises NotFound: there is none, or not for this actor.
    :raises NotAllowed: the actor may not change it.
    :raises Conflict: a later version exists.
    :raises Invalid: something in it cannot be.
    """
    with db.atomic():
        db.serialise("care.rules")
        _check(actor, queries.rule(actor, rule_id).node_id)
        row = db.lock(queries.visible_to(actor), rule_id)
        if row.until is not None:
            raise Conflict(_("This is an earlier version; change the last one."))
        before = said(row)
        if {**before, **values} == before:
            return row
        following = follow(row, values, at)
        _audit(actor, "care.change_rule", following, before)
    return following


def switch_rule(*, actor: Actor, rule_id: int, is_on: bool, at: datetime.datetime) -> Rule:
    """Switch a rule on or off, which is a new version of it; audits as ``change_rule``, and raises the same."""
    return change_rule(actor=actor, rule_id=rule_id, values={"is_on": is_on}, at=at)


def follow(row: Rule, values: Mapping[str, Any], at: datetime.datetime) -> Rule:
    """Write the version that follows on ``row`` with other values, and return it; its callers write the line.

    :raises Invalid: something in it cannot be.
    """
    day, decided = clock.day_of(at), queries.has_decided(row)
    if row.since >= day and not decided:
        for name, value in values.items():
            setattr(row, name, value)
        row.made_at = at
        refuse_unfit(row)
        row.save()
        return row
    since = max(day, row.since + ONE_DAY) if row.since >= day else day
    row.until = since
    row.save(update_fields=["until"])
    kept = said(row) | {"code": row.code, "node_id": row.node_id, "source": row.source}
    following = Rule(**(kept | dict(values)), since=since, made_at=at)
    refuse_unfit(following)
    following.save(force_insert=True)
    return following


def refuse_unfit(row: Rule) -> None:
    """Refuse a rule that could not be carried out.

    :raises Invalid: the first thing wrong, at its field.
    """
    for number, condition in enumerate(audience.read(row.audience)):
        if audience.fault(condition, facts.KINDS):
            raise Invalid(_("This condition cannot be read."), field=f"value_{number}")
    wrong = (
        (len(row.audience) > audience.MOST, "", _("A rule has at most twelve conditions.")),
        (not Timing(row.months, row.opens, row.due, row.unit).is_forward, "due", _("A rule is due after it opens.")),
        (row.anchor in OF_DAYS and not row.of, "of", _("Say which days.")),
        (row.fallback == row.channel, "fallback", _("The other channel is the same one.")),
        (not _is_regular(row), "every", _("Say from which to which month, and how often.")),
    )  # fmt: skip
    for is_wrong, name, message in wrong:
        if is_wrong:
            raise Invalid(message, field=name)


def _is_regular(row: Rule) -> bool:
    if row.anchor != Anchor.REGULAR:
        return True
    return bool(row.every and row.first_month and row.last_month and row.first_month <= row.last_month)


def _check(actor: Actor, node_id: int | None) -> None:
    if node_id is None:
        check_everywhere(actor, Verb.CHANGE_RULES)
    else:
        check(actor, Verb.CHANGE_RULES, node_id)


def _audit(actor: Actor, verb: str, row: Rule, before: Mapping[str, Any]) -> None:
    records.audit(
        actor=actor, verb=verb, subject_type="care.rule", subject_id=row.code, subject_label=row.name,
        node_id=row.node_id, before=before, after=said(row) | {"since": row.since.isoformat()},
    )  # fmt: skip
