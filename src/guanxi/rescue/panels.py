"""What rescue contributes elsewhere: the kinds of its tasks, what they are about, moments of a customer."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.foundation.actor import Actor, check
from guanxi.foundation.numbers import Numbered
from guanxi.foundation.slots import Moment
from guanxi.knowledge.states import Case
from guanxi.rescue.models import Dispatch, Rescue
from guanxi.rescue.permissions import Verb
from guanxi.rescue.queries import rescues
from guanxi.rescue.services.steps import ANSWER, CALL_BACK, CHASE, RECEIVE, SEND, SUBJECT
from guanxi.rescue.states import SENDING_TONES, TONES, Ending
from guanxi.worklist.states import Kind, Subject

PAGE = "rescue:rescue"
OUTCOMES = tuple(Ending.choices)
KINDS = tuple(
    Kind(key, label, sign, 2, OUTCOMES, attempts=key == CALL_BACK, page=PAGE, act=act)
    for key, label, sign, act in (
        (SEND, gettext_lazy("Rescue to dispatch"), "siren", gettext_lazy("Send somebody")),
        (ANSWER, gettext_lazy("Rescue to accept"), "truck", gettext_lazy("Accept or refuse")),
        (CHASE, gettext_lazy("Rescue that is late"), "clock-alert", gettext_lazy("Ask where help stays")),
        (RECEIVE, gettext_lazy("Towed car to receive"), "warehouse", gettext_lazy("Receive")),
        (CALL_BACK, gettext_lazy("Rescue to call back"), "phone-outgoing", gettext_lazy("Call back")),
    )
)


def label(actor: Actor, pk: int) -> str | None:
    """Return the number of a rescue that an actor sees."""
    found = rescues.visible_to(actor).filter(pk=pk).first()
    return found.number if found else None


ABOUT = Subject(SUBJECT, gettext_lazy("Rescue"), PAGE, label)


def case(actor: Actor, pk: int) -> Case:
    """Return a rescue as a matter that an article may solve."""
    check(actor, Verb.VIEW)
    row = rescues.rescue(actor, pk)
    terms = f"{row.help.name_zh} {row.help.name_en}"
    return Case(row.number, row.words, reverse(PAGE, args=[pk]), terms=terms)


def less_of(row: Rescue) -> str:
    """Return what a member pays less for a rescue and why, in one line; nothing where he pays no less."""
    if row.discount is None:
        return ""
    text = {
        (True, True): _("%(name)s: %(km)s km free, of the rest %(percent)s in a hundred less; −%(sum)s %(currency)s"),
        (True, False): _("%(name)s: %(percent)s in a hundred less; −%(sum)s %(currency)s"),
    }.get((row.discount.percent > 0, row.discount.free_km > 0), _("%(name)s: %(km)s km free; −%(sum)s %(currency)s"))
    return text % {
        "name": row.discount.name, "km": row.discount.free_km, "percent": row.discount.percent,
        "sum": row.discounted, "currency": row.currency,
    }  # fmt: skip


def history(row: Rescue, sent: Sequence[Dispatch]) -> list[Moment]:
    """Return what happened to a rescue, oldest first."""
    found = [Moment(row.taken_at, _("Taken in"), row.where, row.taken_by, "phone-incoming", "blue")]
    for item in reversed(sent):
        tone = SENDING_TONES[item.state] or "blue"
        found.append(Moment(item.sent_at, _("Dispatched"), item.provider.name, item.sent_by, "send", "blue"))
        if item.answered_at:
            detail = f"{item.provider.name} {item.reason}".strip()
            found.append(Moment(item.answered_at, _("Answered"), detail, item.answered_by, "truck", tone))
        if item.arrived_at:
            found.append(Moment(item.arrived_at, _("Arrived"), item.provider.name, "", "map-pin", "blue"))
    if row.done_at:
        found.append(Moment(row.done_at, _("Help given"), row.get_result_display(), "", "check", "green"))
    if row.ended_at:
        tone = TONES[row.state] or "amber"
        found.append(Moment(row.ended_at, row.get_state_display(), row.verdict or row.reason, "", "flag", tone))
    return sorted(found, key=lambda one: one.at)


def moments(actor: Actor, customer_id: int, limit: int) -> Sequence[Moment]:
    """Return the rescues of a customer for his timeline; one query."""
    if not actor.can(Verb.VIEW):
        return []
    return [
        Moment(
            row.taken_at, _("Rescue: %(help)s") % {"help": row.help.name}, row.get_state_display(),
            row.provider.name if row.provider else "", "siren", TONES[row.state] or "amber",
            reverse(PAGE, args=[row.pk]),
        )
        for row in rescues.of_customer(actor, customer_id, limit)
    ]  # fmt: skip


NUMBERS = (Numbered("JY", gettext_lazy("Rescue"), "siren", "rescue:rescue", Verb.VIEW, rescues.visible_to),)
