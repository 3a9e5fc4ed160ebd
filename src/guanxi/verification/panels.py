"""What verification contributes elsewhere: the kinds of its tasks, what they are about, how an order went on."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.foundation.actor import Actor
from guanxi.foundation.numbers import Numbered
from guanxi.foundation.slots import Moment
from guanxi.verification.models import Order, Round
from guanxi.verification.permissions import Verb
from guanxi.verification.queries import checks, files, orders
from guanxi.verification.services import marking
from guanxi.verification.services.steps import CORRECT, DECIDE, SUBJECT, VERIFY
from guanxi.verification.states import Ending, Verdict
from guanxi.worklist.states import Kind, Subject

PAGE, FALSE_PAGE = "verification:order", "verification:false-file"
OUTCOMES = tuple(Ending.choices)
TONES = {Verdict.VALID: "green", Verdict.INVALID: "red", Verdict.OPEN: "blue"}
KINDS = (
    Kind(
        CORRECT, gettext_lazy("Record to correct"), "user-round-pen", 2, OUTCOMES, attempts=False, page=PAGE,
        act=gettext_lazy("Correct"),
    ),
    Kind(
        VERIFY, gettext_lazy("Corrected record to verify"), "phone-outgoing", 2, OUTCOMES, page=PAGE,
        act=gettext_lazy("Verify"),
    ),
    Kind(
        DECIDE, gettext_lazy("Disputed correction to decide about"), "scale", 2, OUTCOMES, attempts=False, page=PAGE,
        act=gettext_lazy("Decide"),
    ),
    Kind(
        marking.DECIDE, gettext_lazy("False file to decide about"), "file-x", 2, OUTCOMES, attempts=False,
        page=FALSE_PAGE, act=gettext_lazy("Decide"),
    ),
)  # fmt: skip


def label(actor: Actor, pk: int) -> str | None:
    """Return the number of an order that an actor sees."""
    found = orders.visible_to(actor).filter(pk=pk).first()
    return found.number if found else None


def false_label(actor: Actor, pk: int) -> str | None:
    """Return the number of a mark that an actor sees."""
    found = files.visible_to(actor).filter(pk=pk).first()
    return found.number if found else None


ABOUT = Subject(SUBJECT, gettext_lazy("Correction order"), PAGE, label)
FALSE_FILE = Subject(marking.SUBJECT, gettext_lazy("False file"), FALSE_PAGE, false_label)


def moments(row: Order, rounds: list[Round]) -> list[Moment]:
    """Return what happened to an order, oldest first."""
    found = [Moment(row.issued_at, _("Issued"), "", row.issued_by, "send", "blue")]
    for item in reversed(rounds):
        title = _("Disputed") if item.is_dispute else _("Record corrected")
        tone = "red" if item.is_dispute else "blue"
        found.append(Moment(item.answered_at, title, item.measure, item.answered_by, "user-round-pen", tone))
        if item.verified_at:
            title = _("Found right") if item.is_right else _("Found wrong still")
            tone = "green" if item.is_right else "red"
            found.append(Moment(item.verified_at, title, item.verdict, item.verified_by, "phone-call", tone))
    return sorted(found, key=lambda moment: moment.at)


def of_customer(actor: Actor, customer_id: int, limit: int) -> Sequence[Moment]:
    """Return the checks of a customer's record for his timeline; one query."""
    if not actor.can(Verb.VIEW):
        return []
    return [
        Moment(
            row.checked_at, _("Record checked: %(verdict)s") % {"verdict": row.get_verdict_display()},
            row.occasion.name, row.checked_by, "list-checks", TONES[Verdict(row.verdict)],
            reverse("verification:check", args=[row.pk]),
        )
        for row in checks.of_customer(actor, customer_id, limit)
    ]  # fmt: skip


NUMBERS = (
    Numbered(
        "XZ", gettext_lazy("Correction order"), "user-round-pen", "verification:order", Verb.VIEW, orders.visible_to
    ),
    Numbered("XJ", gettext_lazy("False file"), "file-x", "verification:false-file", Verb.VIEW, files.visible_to),
)
