"""The waves whose day has come go out, a batch of one outlet at a time: each batch is kept, with the mark on whom it
addressed, before the next begins, so that a killed job goes on where it stood and addresses nobody twice.
"""

import datetime
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext_noop

from guanxi.campaigns.models import Campaign, Member, Wave
from guanxi.campaigns.queries import audience
from guanxi.campaigns.services.deciding import audit
from guanxi.campaigns.states import Arm, Channel, State
from guanxi.customers.models import Customer
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.errors import DomainError
from guanxi.messaging.permissions import Verb as Messages
from guanxi.messaging.services import queueing
from guanxi.worklist.services import adding
from guanxi.worklist.services.deadlines import Term

BATCH = 500
WORK_DAYS = 5  # within so many working days of its wave a call or a visit is made or a letter written
LASTS = datetime.timedelta(days=30)
KINDS = {
    Channel.PHONE: "campaigns.call", Channel.LETTER: "campaigns.letter", Channel.VISIT: "campaigns.visit",
}  # fmt: skip
REASON = gettext_noop("Campaign: %(what)s")
LOCK = "campaigns.send"
# Whoever may no longer be addressed is skipped with the reason of this day.
SKIP = f"""
UPDATE campaigns_member t SET skipped = CASE WHEN {audience.GONE} THEN 'GONE' ELSE f.reason END
FROM found f WHERE t.id = ANY(%(members)s) AND t.customer_id = f.customer_id AND (f.reason <> '' OR {audience.GONE})
"""  # noqa: S608 -- fixed text
# What became of the messages of a batch; whoever has none has nothing to do with the outlet any more.
KEEP_MESSAGES = """
UPDATE campaigns_member t SET contacted_at = CASE WHEN m.reason = '' THEN %(at)s::timestamptz END,
  skipped = CASE coalesce(m.reason, 'NONE') WHEN '' THEN '' WHEN 'NONE' THEN 'GONE' WHEN 'NO_ADDRESS' THEN 'NO_NUMBER'
    WHEN 'BUDGET' THEN 'LATELY' WHEN 'HELD' THEN 'HELD' WHEN 'DO_NOT_CONTACT' THEN 'DO_NOT_CONTACT'
    WHEN 'NO_VALUE' THEN 'NO_VALUE' ELSE 'NO_CONSENT' END
FROM campaigns_member s LEFT JOIN LATERAL (
  SELECT o.reason FROM messaging_message o WHERE o.customer_id = s.customer_id AND o.key = %(key)s
  ORDER BY (o.reason = '') DESC, o.id DESC LIMIT 1) m ON true
WHERE s.id = t.id AND t.id = ANY(%(members)s) AND t.skipped = ''
"""


def send_due(*, actor: Actor, now: Callable[[], datetime.datetime]) -> Counter[str]:
    """Send out what waits in the waves whose day has come, batch by batch, each in a transaction of its own: skips who
    may no longer be addressed, queues messages or writes tasks, marks whom it addressed, audits; a wave without anybody
    left is done. Nothing if another one is at work. A campaign that cannot go out, as when its template is no longer in
    force, is left for the next time.

    :raises NotAllowed: the actor may not write to customers everywhere.
    """
    check_everywhere(actor, Messages.SEND)
    done: Counter[str] = Counter()
    stuck: set[int] = set()
    with db.alone(LOCK) as is_alone:
        while is_alone:
            wave = None
            try:
                with db.scoped(actor):
                    wave = _due(clock.day_of(now()), stuck)
                    if wave is None:
                        break
                    done += _step(actor, wave, now())
            except DomainError:
                if wave is None:
                    raise
                stuck.add(wave.pk)
    return done


def _due(day: datetime.date, stuck: set[int]) -> Wave | None:
    rows = Wave.objects.filter(campaign__state=State.RUNNING, done_at=None, on__lte=day).exclude(pk__in=stuck)
    return rows.select_for_update(of=("self",)).select_related("campaign__role").order_by("on", "pk").first()


def _step(actor: Actor, wave: Wave, at: datetime.datetime) -> Counter[str]:
    """Address the next batch of a wave; or note that it is done."""
    row = wave.campaign
    waiting = Member.objects.filter(
        campaign=row, wave=wave.number, arm=Arm.TREATED, contacted_at=None, skipped=""
    ).order_by("outlet_id", "pk")  # fmt: skip
    first = waiting.first()
    if first is None:
        wave.done_at = at
        wave.save(update_fields=["done_at"])
        return Counter(waves=1)
    members = list(waiting.filter(outlet_id=first.outlet_id).values_list("pk", flat=True)[:BATCH])
    begun = audience.listed(row, members, at)
    db.run(begun.sql + SKIP, begun.values)
    left = list(Member.objects.filter(pk__in=members, skipped="").order_by("pk"))
    if left and row.is_written:
        _write(actor, row, first.outlet_id, left, at)
    elif left:
        _ask(actor, row, left, at)
    addressed = Member.objects.filter(pk__in=members).exclude(contacted_at=None).count()
    counts = {"addressed": addressed, "skipped": len(members) - addressed}
    audit(actor, "campaigns.send_wave", row, row.state, wave=wave.number, outlet=first.outlet_id, **counts)
    return Counter(counts)


def _write(actor: Actor, row: Campaign, outlet_id: int, left: Sequence[Member], at: datetime.datetime) -> None:
    """Write to each with the text that he drew, and with his code where there is one."""
    for text in row.texts:
        people = [item for item in left if item.variant in {text.letter, ""}]
        codes = {item.customer_id: item.code or row.offer_code for item in people}
        about: dict[str, Any] = {
            "actor": actor,
            "template": text.template,
            "node_id": outlet_id,
            "key": row.key,
            "at": at,
        }
        if any(codes.values()):
            queueing.queue_offers(**about, offer_codes=codes)
        elif people:
            queueing.queue_messages(**about, customer_ids=list(codes))
    db.run(KEEP_MESSAGES, {"at": at, "key": row.key, "members": [item.pk for item in left]})


def _ask(actor: Actor, row: Campaign, left: Sequence[Member], at: datetime.datetime) -> None:
    names = dict(Customer.objects.filter(pk__in=[item.customer_id for item in left]).values_list("pk", "name"))
    tasks = [_task(row, item, names.get(item.customer_id, ""), at) for item in left]
    adding.add_tasks(actor=actor, tasks=tasks, at=at)
    Member.objects.filter(pk__in=[item.pk for item in left]).update(contacted_at=at)


def _task(row: Campaign, who: Member, name: str, at: datetime.datetime) -> adding.NewTask:
    offer = "\n".join(part for part in (row.words, row.offer, who.code or row.offer_code) if part)
    return adding.NewTask(
        kind=KINDS[Channel(row.channel)], key=f"{row.key}:{who.customer_id}", node_id=who.outlet_id, role=row.role_id,
        reason=REASON, due=Term(days=WORK_DAYS), opens_at=at, expires_at=at + LASTS, subject_type="customer",
        subject_id=who.customer_id, subject_label=name[:160],
        values={
            "what": row.name, "words": offer, "cars": [who.vehicle_id] if who.vehicle_id else [], "campaign": row.pk,
        },
    )  # fmt: skip
