"""What rectification contributes elsewhere: the kinds of its tasks, what they are about, and how a notice went on."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.foundation.actor import Actor, check
from guanxi.foundation.numbers import Numbered
from guanxi.foundation.slots import Moment
from guanxi.records.states import Held, Holder
from guanxi.rectification import queries
from guanxi.rectification.models import Notice, Round
from guanxi.rectification.permissions import Verb
from guanxi.rectification.services.steps import ANSWER, DECIDE, SUBJECT, VERIFY
from guanxi.rectification.states import Ending
from guanxi.worklist.states import Kind, Subject

PAGE = "rectification:notice"
OUTCOMES = tuple(Ending.choices)
KINDS = (
    Kind(
        ANSWER, gettext_lazy("Problem to put right"), "wrench", 3, OUTCOMES, attempts=False, page=PAGE,
        act=gettext_lazy("Answer"),
    ),
    Kind(
        VERIFY, gettext_lazy("Rectification to verify"), "phone-outgoing", 2, OUTCOMES, page=PAGE,
        act=gettext_lazy("Verify"),
    ),
    Kind(
        DECIDE, gettext_lazy("Refused notice to decide about"), "scale", 2, OUTCOMES, attempts=False, page=PAGE,
        act=gettext_lazy("Decide"),
    ),
)  # fmt: skip


def label(actor: Actor, pk: int) -> str | None:
    """Return the number of a notice that an actor sees."""
    found = queries.visible_to(actor).filter(pk=pk).first()
    return found.number if found else None


ABOUT = Subject(SUBJECT, gettext_lazy("Rectification notice"), PAGE, label)


def held(actor: Actor, pk: int) -> Held:
    """Return a notice as the holder of its proofs."""
    check(actor, Verb.VIEW)
    row = queries.notice(actor, pk)
    return Held(row.number, reverse(PAGE, args=[pk]), row.outlet_id, row.place_id, queries.may_add(actor, row))


HOLDER = Holder(SUBJECT, held)


def moments(row: Notice, rounds: list[Round]) -> list[Moment]:
    """Return what happened to a notice, oldest first."""
    found = [Moment(row.issued_at, _("Issued"), "", row.issued_by, "send", "blue")]
    if row.received_at:
        found.append(Moment(row.received_at, _("Received"), "", row.received_by, "inbox", "blue"))
    for item in reversed(rounds):
        found.append(Moment(item.answered_at, _("Answered"), item.measure, item.answered_by, "wrench", "blue"))
        if item.verified_at:
            title = _("Put right, says the customer") if item.is_satisfied else _("Not put right, says the customer")
            tone = "green" if item.is_satisfied else "red"
            found.append(Moment(item.verified_at, title, item.verdict, item.verified_by, "phone-call", tone))
    return sorted(found, key=lambda moment: moment.at)


NUMBERS = (
    Numbered(
        "ZG",
        gettext_lazy("Rectification notice"),
        "clipboard-pen",
        "rectification:notice",
        Verb.VIEW,
        queries.visible_to,
    ),
)
