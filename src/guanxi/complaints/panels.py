"""What complaints contribute elsewhere: kinds of tasks and what they are about, moments, lines of the palette."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.complaints.models import CautionStep, Complaint, Deed
from guanxi.complaints.permissions import Verb, may_add
from guanxi.complaints.queries import cases, cautions, limits, meetings, rechecks
from guanxi.complaints.queries.cases import SUBJECT
from guanxi.complaints.services import cautioning
from guanxi.complaints.services.limits import KIND as LIMIT
from guanxi.complaints.services.meeting import MEASURE
from guanxi.complaints.services.rechecking import KIND as RECHECK
from guanxi.complaints.services.steps import CONTACT, REVISIT, SOLVE
from guanxi.complaints.states import LEVEL_TONES, Act, CautionAct, CautionState, Checked, Kind, Result
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.numbers import Numbered
from guanxi.foundation.slots import Caveat, Moment
from guanxi.knowledge.states import Case
from guanxi.records.states import Held, Holder
from guanxi.worklist import states as worklist
from guanxi.worklist.states import Subject

PAGE = "complaints:complaint"
OUTCOMES = tuple(Result.choices)
LONGEST = 160
KINDS = (
    worklist.Kind(CONTACT, _("First contact after a complaint"), "phone-outgoing", 2, OUTCOMES, page=PAGE,
                  act=_("Record the contact")),
    worklist.Kind(SOLVE, _("Complaint to resolve"), "wrench", 4, OUTCOMES, page=PAGE, act=_("Handle")),
    worklist.Kind(REVISIT, _("Call back after a complaint"), "phone-call", 2, OUTCOMES, page=PAGE,
                  act=_("Ask the customer")),
    worklist.Kind(RECHECK, _("Ask once more after a complaint"), "shield-check", 2, tuple(Checked.choices),
                  page="complaints:recheck", act=_("Ask the customer")),
    worklist.Kind(LIMIT, _("The same problem too often"), "chart-bar", 2, page="complaints:answer-limit",
                  act=_("Say what comes of it")),
    worklist.Kind(MEASURE, _("Measure of a weekly meeting"), "list-checks", 2),
    worklist.Kind(cautioning.REVIEW, _("Caution to review"), "scale", 1, tuple(CautionState.choices),
                  page="complaints:caution", act=_("Review")),
    worklist.Kind(cautioning.KEEP, _("Caution to look at again"), "triangle-alert", 1, tuple(CautionState.choices),
                  page="complaints:caution", act=_("Keep it or lift it")),
)  # fmt: skip
ICONS: dict[str, tuple[str, str]] = {
    Act.OPENED: ("megaphone", "amber"), Act.JOINED: ("message-square-plus", "amber"),
    Act.CONTACTED: ("phone-outgoing", "blue"), Act.RESOLVED: ("wrench", "blue"), Act.SATISFIED: ("smile", "green"),
    Act.REJECTED: ("frown", "red"), Act.WARNED: ("siren", "red"), Act.OUTSIDE: ("building-2", "amber"),
    Act.POSTPONED: ("clock", "amber"),
    Act.ESCALATED: ("arrow-up", "amber"), Act.JUDGED: ("scale", "blue"), Act.RECHECKED: ("shield-check", "blue"),
    Act.HANDED_OVER: ("user-round-cog", "blue"), Act.VISIT: ("wrench", "blue"),
}  # fmt: skip


CAUTION_ICONS: dict[str, tuple[str, str]] = {
    CautionAct.PROPOSED: ("megaphone", "amber"), CautionAct.IN_FORCE: ("triangle-alert", "red"),
    CautionAct.DISMISSED: ("x", "blue"), CautionAct.KEPT: ("calendar-days", "amber"),
    CautionAct.LIFTED: ("check", "green"),
}  # fmt: skip


def label(actor: Actor, pk: int) -> str | None:
    """Return the number of a complaint that an actor sees."""
    found = cases.visible_to(actor).filter(pk=pk).first()
    return found.number if found else None


def sampled(actor: Actor, pk: int) -> str | None:
    """Return the number of the complaint of the sample that an actor asks about."""
    found = rechecks.visible_to(actor).select_related("complaint").filter(pk=pk).first()
    return found.complaint.number if found else None


def met(actor: Actor, pk: int) -> str | None:
    """Return the week of a meeting that an actor sees."""
    found = meetings.visible_to(actor).filter(pk=pk).first()
    return found.week.isoformat() if found else None


def passed(actor: Actor, pk: int) -> str | None:
    """Return the outlet of a limit that was passed, if the actor sees it."""
    found = limits.visible_to(actor).select_related("outlet").filter(pk=pk).first()
    return found.outlet.name if found else None


BREACH = Subject(limits.SUBJECT, _("Limit of complaints"), "complaints:answer-limit", passed)
MEETING = Subject(meetings.SUBJECT, _("Weekly meeting"), "complaints:meeting", met)


def warned_of(actor: Actor, pk: int) -> str | None:
    """Return the number of a caution that an actor sees."""
    found = cautions.visible_to(actor).filter(pk=pk).first()
    return found.number if found else None


CAUTION = Subject(cautions.SUBJECT, _("Caution"), "complaints:caution", warned_of)
SAMPLE = Subject(rechecks.SUBJECT, _("Closed complaint of the sample"), "complaints:recheck", sampled)
ABOUT = Subject(SUBJECT, _("Complaint"), PAGE, label)


def held(actor: Actor, pk: int) -> Held:
    """Return a complaint as the holder of its evidence."""
    check(actor, Verb.VIEW)
    row = cases.complaint(actor, pk)
    return Held(row.number, url(pk), row.outlet_id, row.place_id, may_add(actor, row))


HOLDER = Holder(SUBJECT, held)


def case(actor: Actor, pk: int) -> Case:
    """Return a complaint as a matter that an article may solve."""
    check(actor, Verb.VIEW)
    row = cases.complaint(actor, pk)
    about = f"{row.category.name_zh} {row.category.name_en}" if row.category else ""
    return Case(row.number, row.words, url(pk), cases.models_of(row), about)


def url(pk: int) -> str:
    return reverse(PAGE, args=[pk])


def history(deeds: Sequence[Deed]) -> list[Moment]:
    """Return what was said and done about a complaint, in its order."""
    return [
        Moment(row.at, row.get_act_display(), row.words, row.person_name, *ICONS.get(row.act, ("dot", "blue")))
        for row in deeds
    ]


def caution_history(rows: Sequence[CautionStep]) -> list[Moment]:
    """Return what was said and decided about a caution, in its order."""
    return [
        Moment(row.at, row.get_act_display(), row.words, row.person_name or str(_("By rule")), *CAUTION_ICONS[row.act])
        for row in rows
    ]


def caveats(actor: Actor, customer_id: int) -> list[Caveat]:
    """Return the cautions in force about a customer with plan and owner, not what was said; one query."""
    return [
        Caveat(
            str(_("Meet this customer with care")), row.plan,
            str(_("%(name)s decides alone; let the customer be passed on to him.") % {"name": row.owner_name}),
            reverse("complaints:caution", args=[row.pk]) if actor.can(Verb.VIEW_CAUTIONS, row.place_id) else "",
        )
        for row in cautions.in_force(actor, customer_id)
    ]  # fmt: skip


def moments(actor: Actor, customer_id: int, limit: int) -> Sequence[Moment]:
    """Return the complaints of a customer for his timeline; one query."""
    if not actor.can(Verb.VIEW):
        return []
    return [_moment(row) for row in cases.of_customer(actor, customer_id, limit)]


def _moment(row: Complaint) -> Moment:
    tone = LEVEL_TONES[row.level] or ("amber" if row.kind == Kind.COMPLAINT else "blue")
    title = f"{row.get_kind_display()} {row.number} · {row.get_state_display()}"
    return Moment(row.opened_at, title, f"“{row.words[:LONGEST]}”", row.outlet.name, "megaphone", tone, url(row.pk))


def intake_url(actor: Actor, customer_id: int, reply_id: int) -> str:
    """Return where what a customer wrote is taken in, empty if the actor takes none in."""
    return f"{reverse('complaints:open')}?customer={customer_id}&reply={reply_id}" if actor.can(Verb.OPEN) else ""


NUMBERS = (
    Numbered("TS", _("Complaint"), "message-square-warning", "complaints:complaint", Verb.VIEW, cases.visible_to),
    Numbered("JS", _("Caution"), "triangle-alert", "complaints:caution", Verb.VIEW_CAUTIONS, cautions.visible_to),
    Numbered("YT", _("Weekly meeting"), "users", "complaints:meeting", Verb.VIEW, meetings.visible_to),
)
