"""What privacy contributes elsewhere: moments of a customer."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from guanxi.foundation.actor import Actor
from guanxi.foundation.slots import Moment
from guanxi.privacy import queries
from guanxi.privacy.permissions import Verb
from guanxi.privacy.states import Standing

TONES = {Standing.GIVEN: "green", Standing.REFUSED: "red", Standing.WITHDRAWN: "amber"}


def moments(actor: Actor, customer_id: int, limit: int) -> Sequence[Moment]:
    """Return what a customer agreed to, refused and withdrew, for his timeline; two queries."""
    if not actor.can(Verb.VIEW):
        return []
    rows, found = queries.ledger(actor, customer_id), []
    begun = {(row.purpose, row.medium, row.recipient_id, row.given_at) for row in rows}
    for row in rows[: 2 * limit]:
        if (row.purpose, row.medium, row.recipient_id, row.withdrawn_at) in begun:
            continue  # another decision took its place, which tells enough
        about = f"{row.get_purpose_display()} · {row.get_medium_display()} · {row.recipient.name}"
        title = _("Consent: %(standing)s") % {"standing": row.get_standing_display()}
        tone = TONES[Standing(row.standing)]
        found.append(Moment(queries.moment(row), title, about, row.recorded_by, "file-check", tone))
    return found[:limit]
