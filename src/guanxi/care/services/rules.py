"""Writing contact rules: a new one, the next version of one, switching one on or off."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.care.models import Rule
from guanxi.care.permissions import Verb
from guanxi.care.queries import checks
from guanxi.care.queries import rules as queries
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check, check_everywhere
from guanxi.foundation.errors import Conflict, Invalid
from guanxi.records import services as records


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
        before = queries.said(row)
        if {**before, **values} == before:
            return row
        following = queries.successor(row, values, at)
        refuse_unfit(following)
        if following is not row:
            Rule.objects.filter(pk=row.pk).update(until=following.since)
        following.save()
        _audit(actor, "care.change_rule", following, before)
    return following


def switch_rule(*, actor: Actor, rule_id: int, is_on: bool, at: datetime.datetime) -> Rule:
    """Switch a rule on or off, which is a new version of it; audits as ``change_rule``, and raises the same."""
    return change_rule(actor=actor, rule_id=rule_id, values={"is_on": is_on}, at=at)


def refuse_unfit(row: Rule) -> None:
    """Refuse a rule that could not be carried out.

    :raises Invalid: the first thing wrong, at its field.
    """
    wrong = checks.unfit(row)
    if wrong is not None:
        raise Invalid(wrong.message, field=wrong.field)


def _check(actor: Actor, node_id: int | None) -> None:
    if node_id is None:
        check_everywhere(actor, Verb.CHANGE_RULES)
    else:
        check(actor, Verb.CHANGE_RULES, node_id)


def _audit(actor: Actor, verb: str, row: Rule, before: Mapping[str, Any]) -> None:
    records.audit(
        actor=actor, verb=verb, subject_type="care.rule", subject_id=row.code, subject_label=row.name,
        node_id=row.node_id, before=before, after=queries.said(row) | {"since": row.since.isoformat()},
    )  # fmt: skip
