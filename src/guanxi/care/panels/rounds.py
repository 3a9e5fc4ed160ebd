"""What rounds contribute elsewhere: their kinds of tasks and what these are about; a list in words."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guanxi.care.models import CheckList, Round
from guanxi.care.permissions import Verb
from guanxi.care.policy.checklists import ON_CALL
from guanxi.care.queries import rounds, scores
from guanxi.care.states.checklists import WEEK, Ending, Within
from guanxi.foundation import clock, slots, verbs
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Text
from guanxi.records import queries as attached
from guanxi.records.queries import Evidence
from guanxi.records.states import Held, Holder
from guanxi.worklist import states as worklist
from guanxi.worklist.states import Kind

KINDS = (
    Kind(
        "care.round", gettext_lazy("Round"), "clipboard-check",
        outcomes=(("FILED", gettext_lazy("Filed")),), attempts=False, page="care:round",
        act=gettext_lazy("Fill in"),
    ),
    Kind(
        "care.shortcoming", gettext_lazy("Shortcoming to put right"), "wrench",
        outcomes=tuple(choice for choice in Ending.choices if choice[0] != Ending.WITHDRAWN), attempts=False,
    ),
)  # fmt: skip
ACTS = {
    "care.apply_checklists": gettext_lazy("Apply a preset of check lists"),
    "care.add_check_list": gettext_lazy("Add a check list"),
    "care.make_rounds": gettext_lazy("Ask for the rounds of a day"),
    "care.correct_round": gettext_lazy("Correct a round"),
    "care.put_right": gettext_lazy("Put a shortcoming right"),
}


def register() -> None:
    """Tell the worklist, the navigation, the page of a place and the trail what rounds bring."""
    worklist.register_kinds(*KINDS)
    worklist.register_subjects(worklist.Subject("care.round", gettext_lazy("Round"), "care:round", _label))
    verbs.name_acts(ACTS)
    label = gettext_lazy("Rounds")
    slots.add_nav(slots.NavItem(gettext_lazy("Worklist"), label, "clipboard-list", "care:rounds", Verb.VIEW_ROUNDS, 6))
    slots.add_panel(slots.Panel("node.page", "care:rounds-panel", Verb.VIEW_ROUNDS, label, 20))


def held(actor: Actor, pk: int) -> Held:
    """Return a round as the holder of its photos."""
    check(actor, Verb.VIEW_ROUNDS)
    row = rounds.round_of(actor, pk)
    return Held(title(row), reverse("care:round", args=[pk]), row.outlet_id, row.outlet_id, _may_add(actor, row))


HOLDER = Holder("care.round", held)


def _may_add(actor: Actor, row: Round) -> bool:
    """Say whether an actor may add photos to a round: whoever filed it, on its day."""
    is_his = row.filed_at is not None and actor.user_id is not None and row.person_id == actor.user_id
    return is_his and row.day == clock.today() and actor.can(Verb.FILE_ROUNDS, row.outlet_id)


def photos(actor: Actor, row: Round) -> Evidence:
    """Return the photos of a round for its page; one query."""
    hint = _("What was found, in pictures. Whoever filed the round adds them on its day.")
    return attached.evidence("care.round", row.pk, may_add=_may_add(actor, row), title=_("Photos"), hint=hint)


def _label(actor: Actor, pk: int) -> str | None:
    """Return what a visible round is called."""
    row = rounds.visible_to(actor).filter(pk=pk).select_related("list").first()
    return None if row is None else title(row)


def title(row: Round) -> str:
    """Return the name of a round: its list and its day."""
    return f"{row.list.name} · {row.day.isoformat()}"


def when(moment: datetime.datetime, at: datetime.datetime) -> str:
    """Return a moment on the wall clock: of today only the time, of another day also the day."""
    local = timezone.localtime(moment)
    return f"{local:%H:%M}" if local.date() == clock.day_of(at) else f"{local:%Y-%m-%d %H:%M}"


def how_often(row: CheckList) -> str:
    """Say on which days a list is gone through and until when."""
    values = {"time": f"{row.by:%H:%M}", "num": row.every}
    if row.weekdays:
        days = _(", ").join(str(WEEK[number - 1]) for number in sorted(row.weekdays))
        return _("%(days)s by %(time)s, if the outlet works") % {**values, "days": days}
    if row.every == ON_CALL:
        return _("Unannounced, whenever somebody comes by")
    if row.every == 1:
        return _("Every working day by %(time)s") % values
    return (
        ngettext("Every %(num)d working day by %(time)s", "Every %(num)d working days by %(time)s", row.every) % values
    )


def how_soon(row: CheckList) -> str:
    """Say who puts right what is not fulfilled, and how soon."""
    values = {"who": row.fixer.name, "num": row.within}
    if row.unit == Within.WORKING_DAYS:
        text = ngettext(
            "%(who)s within %(num)d working day", "%(who)s within %(num)d working days", row.within
        )  # fmt: skip
    else:
        text = ngettext("%(who)s within %(num)d working hour", "%(who)s within %(num)d working hours", row.within)
    return text % values


@dataclass(frozen=True)
class Figure:
    """One number of a page with what explains it."""

    label: Text
    value: str
    explain: Text


def figures(total: scores.Total) -> Sequence[Figure]:
    """Return the numbers of the last thirty days, each with how it is made."""
    done = _(
        "Of the %(due)s rounds of the last 30 days that were asked for and whose time has come, %(done)s were filed on"
        " their day."
    )
    fulfilled = _(
        "Of the %(looked)s items that rounds of the last 30 days looked at, %(fulfilled)s were fulfilled; what does not"
        " apply is left out."
    )
    held = _("Found not fulfilled in a round, neither put right nor seen to be right in a later round; however old.")
    return (
        Figure(_("Rounds done"), percent(total.done_share), done % {"due": total.due, "done": total.done}),
        Figure(
            _("Items fulfilled"), percent(total.fulfilled_share),
            fulfilled % {"looked": total.looked_at, "fulfilled": total.fulfilled},
        ),
        Figure(_("Open shortcomings"), str(total.still_open), held),
    )  # fmt: skip


def percent(value: int | None) -> str:
    return "–" if value is None else f"{value} %"
