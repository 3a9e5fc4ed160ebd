"""What an import can be, and what may follow on what."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    UPLOADED = "UPLOADED", _("Columns to be chosen")
    CHECKING = "CHECKING", _("Being checked")
    CHECKED = "CHECKED", _("Checked, waiting for you")
    MERGING = "MERGING", _("Being written")
    DONE = "DONE", _("Written")
    UNDOING = "UNDOING", _("Being undone")
    UNDONE = "UNDONE", _("Undone")
    FAILED = "FAILED", _("Could not be read")


MOVES: dict[str, frozenset[str]] = {
    State.UPLOADED: frozenset({State.CHECKING}),
    State.CHECKING: frozenset({State.CHECKED, State.FAILED}),
    State.CHECKED: frozenset({State.CHECKING, State.MERGING}),
    State.MERGING: frozenset({State.DONE, State.CHECKED}),
    State.DONE: frozenset({State.UNDOING}),
    State.UNDOING: frozenset({State.UNDONE, State.DONE}),
    State.UNDONE: frozenset(),
    State.FAILED: frozenset({State.CHECKING}),
}
WORKING = frozenset({State.CHECKING, State.MERGING, State.UNDOING})  # a job is at it
OPEN = frozenset({State.UPLOADED, State.CHECKED, State.FAILED})  # it may be dropped


class Origin(TextChoices):
    """Where a finding comes from: the file alone, or the file beside what is stored."""

    FILE = "FILE", _("File")
    STORE = "STORE", _("Stored records")
