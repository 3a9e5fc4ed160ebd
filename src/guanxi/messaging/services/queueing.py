"""Writing to customers: what is queued, what is skipped and why, in one statement however many they are."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.customers import queries as customers
from guanxi.foundation import clock, db, jobs
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Invalid
from guanxi.messaging import policy
from guanxi.messaging.models import Terms
from guanxi.messaging.permissions import Verb
from guanxi.messaging.queries import planning
from guanxi.messaging.queries import templates as queries
from guanxi.messaging.queries.planning import Asked, Text
from guanxi.messaging.services.templates import text_flaws
from guanxi.messaging.states import CHANNELS, Language
from guanxi.privacy.states import Medium, Purpose
from guanxi.records import services as records

# What was skipped for the same reason before is not logged again; of two that come at once, one lives.
WRITE = """
WITH made AS (
  INSERT INTO messaging_message (customer_id, vehicle_id, node_id, template_id, purpose, channel, address, language,
    subject, body, key, state, reason, written_by_id, written_by, queued_at, not_before, carrier, reference, parts,
    arrived, error)
  SELECT p.customer_id, p.vehicle_id, %(node)s, %(template)s, %(purpose)s, %(channel)s, p.address, %(language)s,
    p.subject, p.body, %(key)s, CASE p.reason WHEN '' THEN 'QUEUED' ELSE 'SKIPPED' END, p.reason, %(person)s,
    %(person_name)s, %(at)s, %(not_before)s, '', '', '{}', '{}', ''
  FROM ({plan}) p
  WHERE p.reason = '' OR NOT EXISTS (SELECT 1 FROM messaging_message o
    WHERE o.customer_id = p.customer_id AND o.key = %(key)s AND o.reason = p.reason)
  ORDER BY p.customer_id
  ON CONFLICT (customer_id, key) WHERE reason = '' DO NOTHING
  RETURNING id, reason)
SELECT reason, count(*), max(id) FROM made GROUP BY reason
"""
LONGEST_KEY = 120


@dataclass(frozen=True)
class Outcome:
    """How many were queued, how many skipped for what reason, and the last message written."""

    queued: int
    skipped: Mapping[str, int]
    last_id: int | None


@dataclass(frozen=True)
class FreeWords:
    """What somebody writes himself; it may name the same variables as a template."""

    channel: str
    purpose: str
    body: str
    subject: str = ""
    language: str = Language.ZH


def queue_messages(
    *, actor: Actor, template: str, node_id: int, customer_ids: Iterable[int], key: str, at: datetime.datetime,
    language: str = Language.ZH,
) -> Outcome:  # fmt: skip
    """Write to customers with the version of a template that is in force (NFR-12, CC-31): checks the right at the
    place, takes the customers whom the actor sees, waits for others, decides on consent, address, budget and quiet
    hours, writes a row for each, audits once, stores the job that sends. A key is a reason: nobody is written to twice
    for it. ``customer_ids`` may map customers to the car that it is about.

    :raises NotFound: no approved version is in force.
    :raises Invalid: the key or the language is none.
    """
    check(actor, Verb.SEND, node_id)
    if language not in Language.values:
        raise Invalid(_("Choose one of the values offered."), field="language")
    row = queries.usable(template, clock.day_of(at))
    text = Text(
        row.channel, row.purpose, language, *row.words(language), row.pk, at_any_hour=row.at_any_hour
    )  # fmt: skip
    return _write(actor, Verb.SEND, text, (node_id, customer_ids, key), at)


@dataclass(frozen=True)
class Reader:
    """One customer, the car it is about, and the address of a page that was made for him."""

    customer_id: int
    vehicle_id: int | None = None
    link: str = ""


def queue_link(
    *, actor: Actor, template: str, node_id: int, to: Reader, key: str, at: datetime.datetime,
    language: str = Language.ZH,
) -> Outcome:  # fmt: skip
    """Write one customer the address of a page that was made for him: as ``queue_messages``.

    :raises NotFound: no approved version is in force.
    :raises Invalid: the key is none.
    """
    check(actor, Verb.SEND, node_id)
    row = queries.usable(template, clock.day_of(at))
    text = Text(
        row.channel, row.purpose, language, *row.words(language), row.pk, link=to.link, at_any_hour=row.at_any_hour
    )  # fmt: skip
    return _write(actor, Verb.SEND, text, (node_id, {to.customer_id: to.vehicle_id}, key), at)


def queue_offers(
    *, actor: Actor, template: str, node_id: int, offer_codes: Mapping[int, str], key: str, at: datetime.datetime,
    language: str = Language.ZH,
) -> Outcome:  # fmt: skip
    """Write to customers of a campaign, each with his offer code: as ``queue_messages``.

    :raises NotFound: no approved version is in force.
    :raises Invalid: the key is none.
    """
    check(actor, Verb.SEND, node_id)
    row = queries.usable(template, clock.day_of(at))
    text = Text(
        row.channel, row.purpose, language, *row.words(language), row.pk, at_any_hour=row.at_any_hour,
        offer_codes=offer_codes,
    )  # fmt: skip
    return _write(actor, Verb.SEND, text, (node_id, list(offer_codes), key), at)


def queue_words(
    *, actor: Actor, words: FreeWords, node_id: int, customer_ids: Iterable[int], key: str, at: datetime.datetime
) -> Outcome:
    """Write to customers in one's own words: checks the right and the words, then as ``queue_messages``.

    :raises Invalid: the words name something unknown, or something is missing.
    """
    check(actor, Verb.SEND_WORDS, node_id)
    _refuse(words)
    text = Text(words.channel, words.purpose, words.language, words.subject.strip(), words.body.strip())
    return _write(actor, Verb.SEND_WORDS, text, (node_id, customer_ids, key), at)


def _refuse(words: FreeWords) -> None:
    for name, values in (
        ("channel", dict(CHANNELS)), ("purpose", Purpose.values), ("language", Language.values),
    ):  # fmt: skip
        if getattr(words, name) not in values:
            raise Invalid(_("Choose one of the values offered."), field=name)
    needed = ("subject", "body") if words.channel == Medium.EMAIL else ("body",)
    for name in needed:
        if not getattr(words, name).strip():
            raise Invalid(_("This is needed."), field=name)
    problems = [*text_flaws(words.subject, "subject"), *text_flaws(words.body, "body")]
    if problems:
        raise Invalid(problems=problems)


def _asked(
    node_id: int, customer_ids: Iterable[int], key: str, terms: Terms, purpose: str, at: datetime.datetime
) -> Asked:
    """Return what is asked of the plan: the terms say how often somebody is written to at most."""
    budget = int(terms.budgets.get(purpose, 0))
    return Asked(node_id, list(customer_ids), key, at, clock.day_of(at), budget)


def _cars(customer_ids: Iterable[int]) -> dict[int, int]:
    """Return the cars that it is about, by customer."""
    return {pk: car for pk, car in customer_ids.items() if car} if isinstance(customer_ids, Mapping) else {}


def _write(actor: Actor, verb: str, text: Text, whom: tuple[int, Iterable[int], str], at: datetime.datetime) -> Outcome:
    node_id, customer_ids, key = whom
    if not key.strip() or len(key) > LONGEST_KEY:
        raise Invalid(_("Say in one word what it is for."), field="key")
    terms = queries.terms(clock.day_of(at))
    local = policy.earliest(timezone.localtime(at), terms.quiet_from, terms.quiet_until)
    with db.atomic():
        db.serialise(f"messaging.queue.{text.purpose}")  # two at once would each find the budget untouched
        seen = customers.visible_to(actor).filter(db.among("pk", customer_ids)).values_list("pk", flat=True)
        asked = replace(_asked(node_id, seen, key, terms, text.purpose, at), cars=_cars(customer_ids))
        sql, values = planning.plan(text, asked)
        values |= {
            "template": text.template_id, "language": text.language, "at": at,
            "not_before": at if text.at_any_hour or text.channel == Medium.LETTER else max(at, local),
            "person": actor.user_id, "person_name": actor.name[:160],
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(WRITE.replace("{plan}", sql), values)
            found = cursor.fetchall()
        counts = {reason: number for reason, number, _last in found}
        outcome = Outcome(
            counts.pop("", 0), counts, max((last for _reason, _number, last in found), default=None)
        )  # fmt: skip
        records.audit(
            actor=actor, verb=verb, subject_type="messaging.key", subject_id=key, subject_label=key, node_id=node_id,
            after={"template": text.template_id, "queued": outcome.queued, "skipped": dict(outcome.skipped)},
        )  # fmt: skip
        if outcome.queued:
            jobs.enqueue("messaging.send", queueing_lock="messaging.send")
    return outcome
