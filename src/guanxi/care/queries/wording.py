"""A rule as a sentence, in the reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.care.models import NamedDay, Rule
from guanxi.care.policy import audience
from guanxi.care.queries import facts
from guanxi.care.queries.matters import endings
from guanxi.care.states.owners import State
from guanxi.care.states.rules import Anchor, Unit
from guanxi.care.states.weather import Weather
from guanxi.codelists.queries import in_language
from guanxi.foundation import clock
from guanxi.foundation.errors import Text
from guanxi.workshop import queries as workshop


@dataclass(frozen=True)
class Words:
    """The words of data that rules name: visits, days and states, and the choices of the facts of their audiences."""

    named: Mapping[str, Text]
    facts: Mapping[str, Mapping[str, Text]]


def words(rows: Iterable[Rule]) -> Words:
    """Return the words that rules need; two queries and one a fact, whatever the number of rules."""
    rows = list(rows)
    conditions = [condition for row in rows for condition in audience.read(row.audience)]
    return Words(dict(choices()) if any(row.of for row in rows) else {}, facts.words(conditions))


def whom(row: Rule, said: Words) -> list[str]:
    """Return the conditions of a rule as people say them."""
    return [facts.sentence(condition, said.facts) for condition in audience.read(row.audience)]


def choices() -> list[tuple[str, Text]]:
    """Return what a rule can name: categories of visits, festivals, solar terms, states of owners, weather, how
    complaints end; two queries.
    """
    rows = NamedDay.objects.order_by("kind", "code", "day").distinct("kind", "code")
    days = ((row.code, row.name) for row in rows)
    return [*workshop.category_names(clock.today()).items(), *days, *State.choices, *Weather.choices, *endings()]


def start(row: Rule, said: Words) -> str:
    """Return from which day a rule counts."""
    text = str(Anchor(row.anchor).label)
    named = [str(said.named.get(code, code)) for code in row.of]
    if named:
        text = _("%(anchor)s (%(which)s)") % {"anchor": text, "which": "、".join(named)}
    if row.phase:
        text = _("%(anchor)s, %(phase)s") % {"anchor": text, "phase": row.get_phase_display()}
    if row.anchor == Anchor.REGULAR:
        values = {"every": row.every, "first": row.first_month, "last": row.last_month}
        text = ngettext(
            "Every month, from month %(first)s to %(last)s after delivery",
            "Every %(every)s months, from month %(first)s to %(last)s after delivery",
            row.every or 1,
        ) % values  # fmt: skip
    return text


def _apart(days: int) -> str:
    if days == 0:
        return _("the day itself")
    num = abs(days)
    if days > 0:
        return ngettext("%(num)s day after", "%(num)s days after", num) % {"num": num}
    return ngettext("%(num)s day before", "%(num)s days before", num) % {"num": num}


def when(row: Rule) -> str:
    """Return when a rule opens and until when it is due."""
    text = _("from %(opens)s to %(due)s") % {"opens": _apart(row.opens), "due": _apart(row.due)}
    if row.unit == Unit.HOURS:
        text = ngettext("within %(num)s hour", "within %(num)s hours", row.due) % {"num": row.due}
    elif row.unit == Unit.WORKING_DAYS:
        values = {"opens": _apart(row.opens), "num": row.due - row.opens}
        text = _("from %(opens)s, within %(num)s working days") % values
    elif row.opens == row.due:
        text = _apart(row.opens)
    if row.months:
        shift = ngettext("%(num)s month later", "%(num)s months later", row.months) % {"num": row.months}
        return _("%(shift)s, %(rest)s") % {"shift": shift, "rest": text}
    return text


def how(row: Rule) -> str:
    """Return by which channel, who, and where."""
    channel = str(row.get_channel_display())
    if row.fallback:
        channel = _("%(first)s, otherwise %(second)s") % {"first": channel, "second": row.get_fallback_display()}
    who = _("%(role)s (own consultant first)") if row.is_consultants else "%(role)s"
    values = {"channel": channel, "who": who % {"role": row.role.name}, "where": row.get_where_display()}
    return _("%(channel)s; %(who)s, %(where)s") % values


def coverage(row: Rule) -> str:
    """Return how many of those whom a rule finds are contacted."""
    if row.margin is None:
        return f"{row.coverage} %"
    values = {"points": row.margin, "share": row.coverage}
    return _("±%(points)s points for each outlet, model and month; %(share)s %% until known how many") % values


def replacing(row: Rule) -> str:
    """Return what becomes of a drawn case that is not reached."""
    return _("replaced once, by the next of the stratum") if row.replaces else _("not replaced")


def sentence(row: Rule, said: Words | None = None) -> str:
    """Return a rule as one sentence; of many rules, with the words of all of them."""
    held = said or words([row])
    conditions = whom(row, held)
    audience_text = _("; ").join(conditions) if conditions else _("everybody")
    parts = [start(row, held), when(row), audience_text, how(row)]
    if row.margin is not None:
        parts.append(_("so many that each stratum is known to ±%(points)s points") % {"points": row.margin})
    elif row.is_sample:
        parts.append(_("a sample of %(share)s %%") % {"share": row.coverage})
    return " · ".join(parts)


def script(row: Rule) -> list[str]:
    """Return what is to be said, in the reader's language."""
    return [in_language(item["zh"], item["en"]) for item in row.script]
