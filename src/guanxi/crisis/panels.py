"""What crises contribute elsewhere: kinds of tasks and what they are about, lines of the palette, the log shown."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.crisis.models import Entry
from guanxi.crisis.permissions import Verb, may_add
from guanxi.crisis.queries import alarms, media, rooms
from guanxi.crisis.queries.rooms import SUBJECT
from guanxi.crisis.services.asking import KIND as ALARM
from guanxi.crisis.services.caring import CALL
from guanxi.crisis.services.leading import STEP
from guanxi.crisis.services.media import KIND as MEDIA
from guanxi.crisis.services.media import SUBJECT as REPORT
from guanxi.crisis.services.opening import LEAD
from guanxi.crisis.states import Act, AlarmResult, ReportResult, Result
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.numbers import Numbered
from guanxi.foundation.slots import Moment
from guanxi.records.states import Held, Holder
from guanxi.worklist import states as worklist
from guanxi.worklist.states import Subject

PAGE = "crisis:room"
KINDS = (
    worklist.Kind(LEAD, _("Crisis to lead"), "siren", 4, tuple(Result.choices), page=PAGE, act=_("Lead it")),
    worklist.Kind(STEP, _("Work in a crisis"), "siren", 2, attempts=False),
    worklist.Kind(
        MEDIA,
        _("Media report to answer"),
        "newspaper",
        2,
        tuple(ReportResult.choices),
        page="crisis:report",
        act=_("Answer"),
    ),
    worklist.Kind(
        ALARM,
        _("Alarm to judge"),
        "bell-ring",
        2,
        tuple(AlarmResult.choices),
        attempts=False,
        page="crisis:alarm",
        act=_("Judge it"),
    ),
    worklist.Kind(CALL, _("Call an affected owner"), "phone-outgoing", 2, by_phone=True),
)
ICONS: dict[str, tuple[str, str]] = {
    Act.HEARD: ("ear", "blue"), Act.DECIDED: ("gavel", "amber"), Act.DONE: ("check", "green"),
    Act.OPENED: ("siren", "red"), Act.REOPENED: ("siren", "red"), Act.LINKED: ("message-square-plus", "blue"),
    Act.TOLD: ("megaphone", "red"), Act.IN_CHARGE: ("user-round-cog", "blue"), Act.ASKED: ("list-todo", "blue"),
    Act.DRAFTED: ("square-pen", "blue"), Act.APPROVED: ("badge-check", "green"), Act.SAID: ("megaphone", "amber"),
    Act.SHUT: ("lock", "red"), Act.UNSHUT: ("lock-open", "blue"), Act.LISTED: ("users", "blue"),
    Act.CONTACT: ("hand", "amber"), Act.CALMED: ("smile", "green"),
    Act.CLOSED: ("check", "green"),
}  # fmt: skip


def label(actor: Actor, pk: int) -> str | None:
    """Return the number of a crisis that an actor sees."""
    found = rooms.visible_to(actor).filter(pk=pk).first()
    return found.number if found else None


def title(actor: Actor, pk: int) -> str | None:
    """Return the title of a media report that an actor sees."""
    return media.visible_to(actor).filter(pk=pk).values_list("title", flat=True).first()


def alarm(actor: Actor, pk: int) -> str | None:
    """Return what an alarm that an actor sees is about."""
    return alarms.visible_to(actor).filter(pk=pk).values_list("label", flat=True).first()


ABOUT = (
    Subject(SUBJECT, _("Crisis event"), PAGE, label, rooms.insiders_of),
    Subject(REPORT, _("Media report"), "crisis:report", title, media.insiders_of),
    Subject(ALARM, _("Alarm"), "crisis:alarm", alarm),
)  # fmt: skip


def held(actor: Actor, pk: int) -> Held:
    """Return a crisis as the holder of its legal documents."""
    check(actor, Verb.VIEW)
    row = rooms.crisis(actor, pk)
    return Held(row.number, reverse(PAGE, args=[pk]), row.place_id, row.place_id, may_add(actor, row))


HOLDER = Holder(rooms.LEGAL, held)


def history(entries: Sequence[Entry]) -> list[Moment]:
    """Return the log of a crisis, in its order."""
    return [
        Moment(row.at, row.get_act_display(), row.words, row.person_name, *ICONS.get(row.act, ("dot", "blue")))
        for row in entries
    ]


NUMBERS = (Numbered("WJ", _("Crisis"), "siren", "crisis:room", Verb.VIEW, rooms.visible_to),)
