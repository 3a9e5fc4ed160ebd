"""A campaign comes again as one of its own, with a fresh audience and its days moved (DBM-09): by hand, or by itself
every so many months as a draft that somebody looks at.
"""

import datetime
from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.campaigns import policy
from guanxi.campaigns.models import Campaign
from guanxi.campaigns.permissions import Verb
from guanxi.campaigns.queries import campaigns as queries
from guanxi.campaigns.queries import repeats
from guanxi.campaigns.services.planning import SAID, SUBJECT, Before, Plan, add_campaign
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM, Actor, check, check_everywhere
from guanxi.foundation.errors import Conflict, DomainError
from guanxi.records import services as records
from guanxi.worklist.models import Task
from guanxi.worklist.services import adding, working

WRITTEN = gettext_noop("Comes again as planned; look at it and submit it before its first wave: %(what)s")
FAILED = gettext_noop("Was to come again and cannot as it stands; repeat it by hand: %(what)s")
EVENING = datetime.timedelta(hours=18)
BEFORE_IT = datetime.timedelta(days=3)


def repeat(
    *, actor: Actor, campaign_id: int, first_on: datetime.date, skips_previous: bool, at: datetime.datetime
) -> Campaign:
    """Write the next one of a campaign whose waves have gone out, as a draft: locks, checks the right, copies what it
    says with all days moved so that the first wave goes out on ``first_on``, writes it as ``add_campaign``, settles the
    task about it, audits. An offer code for all gets the next number.

    :raises NotFound: there is none, or not for this actor; or its kind is no longer in use.
    :raises NotAllowed: the actor may not plan campaigns there.
    :raises Conflict: a wave waits, it was repeated already, or another campaign has its offer code.
    :raises Invalid: something in it cannot be any more, such as its template.
    """
    with db.atomic():
        row = db.lock(queries.visible_to(actor), campaign_id)
        check(actor, Verb.PLAN, row.node_id)
        made = _repeated(actor, row, (first_on, skips_previous), at)
        working.settle(actor=SYSTEM, key=repeats.key_of(row.pk), outcome="DONE", at=at)
    return made


def repeat_due(*, actor: Actor, at: datetime.datetime) -> int:
    """Write the next one of each campaign that comes again by itself and is due, as a draft, with a task of who plans
    there; of one that cannot be as it stands only the task. Checks the right, writes, audits. Return how many were
    written; a second call writes none.

    :raises NotAllowed: the actor may not plan campaigns everywhere.
    """
    check_everywhere(actor, Verb.PLAN)
    done = 0
    with db.atomic():
        db.serialise("campaigns.repeat")
        for row in repeats.due(clock.day_of(at)):
            first_on = policy.again_on(queries.waves(row)[0].on, row.every_months, clock.day_of(at))
            try:
                with db.atomic():
                    made = _repeated(actor, row, (first_on, row.skips_previous), at)
            except DomainError as error:
                _ask(row, row, (FAILED, f"{row.name}: {error.message}"), first_on, at)
            else:
                done += 1
                _ask(row, made, (WRITTEN, row.name), first_on, at)
    return done


def _repeated(actor: Actor, row: Campaign, how: tuple[datetime.date, bool], at: datetime.datetime) -> Campaign:
    first_on, is_skipped = how
    if not repeats.has_gone_out(row):
        raise Conflict(_("It is repeated when all its waves have gone out."))
    known = repeats.follower(row)
    if known is not None:
        raise Conflict(_("It was repeated already: %(number)s.") % {"number": known.number})
    waves = queries.planned(queries.waves(row))
    moved = first_on - waves[0].on
    values = {name: getattr(row, name) for name in SAID} | {
        "offer_code": policy.next_code(row.offer_code), "offer_until": row.offer_until and row.offer_until + moved,
    }  # fmt: skip
    plan = Plan(values, [replace(wave, on=wave.on + moved) for wave in waves])
    made = add_campaign(actor=actor, kind=row.kind_id, plan=plan, at=at, before=Before(row, is_skipped))
    records.audit(
        actor=actor, verb="campaigns.repeat", subject_type=SUBJECT, subject_id=made.pk, subject_label=made.name,
        node_id=made.node_id, after={"repeats": row.number, "skips_previous": is_skipped, "first_on": first_on},
    )  # fmt: skip
    return made


def _ask(
    row: Campaign, about: Campaign, said: tuple[str, str], first_on: datetime.date, at: datetime.datetime
) -> None:  # fmt: skip
    """Write the task about the next one of a campaign, once: about the draft, or about the campaign that has none."""
    key, role = repeats.key_of(row.pk), repeats.planner(about)
    if role is None or Task.objects.filter(key=key).exists():
        return
    task = adding.NewTask(
        kind=repeats.NEXT, key=key, node_id=about.node_id, role=role, reason=said[0],
        due=max(at, clock.start_of(first_on - BEFORE_IT) + EVENING), subject_type=SUBJECT, subject_id=about.pk,
        subject_label=about.number, values={"what": said[1][:200]},
    )  # fmt: skip
    adding.add_task(actor=SYSTEM, task=task, at=at)
