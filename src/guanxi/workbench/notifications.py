"""Which messages exist: each in both languages, from the values of an event."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, gettext_noop


@dataclass(frozen=True)
class Message:
    """What is said, in both languages, and the page where it can be looked at."""

    kind: str
    text_zh: str
    text_en: str
    url: str


def _message(kind: str, text: str, zh: dict[str, Any], en: dict[str, Any], url: str) -> Message:
    with translation.override("zh-hans"):
        text_zh = gettext(text) % zh
    with translation.override("en"):
        text_en = gettext(text) % en
    return Message(kind, text_zh[:400], text_en[:500], url)


def role_granted(*, role: tuple[str, str], node: tuple[str, str], by: str) -> Message:
    """Tell a person about a new role; each name is (Chinese, English)."""
    text = gettext_noop("%(by)s gave you the role %(role)s at %(node)s.")
    zh, en = _in_both(role, node, by)
    return _message("access.role_granted", text, zh, en, reverse("workbench:home"))


def membership_ended(*, role: tuple[str, str], node: tuple[str, str], by: str) -> Message:
    """Tell a person that a role ended."""
    text = gettext_noop("%(by)s ended your role %(role)s at %(node)s.")
    zh, en = _in_both(role, node, by)
    return _message("access.membership_ended", text, zh, en, reverse("workbench:home"))


def _in_both(role: tuple[str, str], node: tuple[str, str], by: str) -> tuple[dict[str, str], dict[str, str]]:
    zh = {"role": role[0] or role[1], "node": node[0] or node[1], "by": by}
    return zh, {"role": role[1] or role[0], "node": node[1] or node[0], "by": by}


def invitation_accepted(*, person_id: int, name: str) -> Message:
    """Tell who invited that the person is in."""
    text = gettext_noop("%(name)s accepted your invitation and can now sign in.")
    values = {"name": name}
    return _message("access.invitation_accepted", text, values, values, reverse("access:person", args=[person_id]))


def network_imported(*, name: str, added: int, changed: int) -> Message:
    """Tell who imported a network what came of it."""
    text = gettext_noop("The import “%(name)s” is done: %(added)d added, %(changed)d changed.")
    values = {"name": name, "added": added, "changed": changed}
    return _message("network.imported", text, values, values, reverse("network:tree"))


def import_ended(run_id: int, *, name: str, state: str, added: int, changed: int) -> Message:
    """Tell who imported a file what came of it."""
    text = {
        "DONE": gettext_noop("The import “%(name)s” is written: %(added)d records added, %(changed)d changed."),
        "UNDONE": gettext_noop("The import “%(name)s” was undone."),
    }.get(state, gettext_noop("The import “%(name)s” could not be written; nothing was changed."))
    values = {"name": name, "added": added, "changed": changed}
    return _message("intake.ended", text, values, values, reverse("intake:run", args=[run_id]))


def tasks_assigned(task_id: int, *, by: str, count: int, label: str) -> Message:
    """Tell a person about work that somebody gave him, or that came back after an absence."""
    if count == 1:
        text = gettext_noop("%(by)s gave you a task: %(label)s.") if by else gettext_noop("You have a task: %(label)s.")
        address = reverse("worklist:task", args=[task_id])
    else:
        text = gettext_noop("%(by)s gave you %(count)d tasks.") if by else gettext_noop("You have %(count)d tasks.")
        address = reverse("worklist:my-day")
    values = {"by": by, "count": count, "label": label}
    return _message("worklist.assigned", text, values, values, address)


def tasks_escalated(task_id: int, *, to: str, count: int, label: str, is_late: bool) -> Message:
    """Warn whoever does a task before its deadline; tell superiors what is late."""
    if count == 1:
        address = reverse("worklist:task", args=[task_id])
        late, near = gettext_noop("Late: %(label)s."), gettext_noop("Due soon: %(label)s.")
    else:
        address = reverse("worklist:my-day" if to == "OWNER" else "worklist:team")
        late, near = gettext_noop("%(count)d tasks are late."), gettext_noop("%(count)d tasks are due soon.")
    values = {"count": count, "label": label}
    return _message("worklist.escalated", late if is_late else near, values, values, address)


def complaint_warned(complaint_id: int, *, number: str, level: str) -> Message:
    """Tell somebody at once of a complaint that is significant, a crisis, or beyond the outlet."""
    text = {
        "CRISIS": gettext_noop("Crisis: complaint %(number)s. Look at it now."),
        "SIGNIFICANT": gettext_noop("Significant complaint %(number)s."),
    }.get(level, gettext_noop("Complaint %(number)s cannot be solved by the outlet."))
    values = {"number": number}
    return _message("complaints.warned", text, values, values, reverse("complaints:complaint", args=[complaint_id]))


def alarm_raised(alarm_id: int, *, label: str) -> Message:
    """Tell somebody at once of an alarm that he is asked to judge."""
    values = {"label": label}
    text = gettext_noop("Alarm to judge: %(label)s.")
    return _message("crisis.alarm_raised", text, values, values, reverse("crisis:alarm", args=[alarm_id]))


def crisis_told(crisis_id: int, *, number: str) -> Message:
    """Tell somebody at once of a crisis."""
    values = {"number": number}
    text = gettext_noop("Crisis %(number)s is open. Look at it now.")
    return _message("crisis.told", text, values, values, reverse("crisis:room", args=[crisis_id]))


def reading_asked(*, article_id: int, title_zh: str, title_en: str, due_on: str, is_reminder: bool) -> Message:
    """Tell people that they have to read an article and confirm it, or remind them."""
    first = gettext_noop("Please read and confirm until %(day)s: %(title)s.")
    again = gettext_noop("Still to be read and confirmed, until %(day)s: %(title)s.")
    zh, en = {"day": due_on, "title": title_zh}, {"day": due_on, "title": title_en}
    address = reverse("knowledge:article", args=[article_id])
    return _message("knowledge.reading_asked", again if is_reminder else first, zh, en, address)
