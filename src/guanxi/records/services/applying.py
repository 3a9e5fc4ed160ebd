"""Applying presets: a part as it was shown, noted with its version."""

from django.utils.translation import gettext as _

from guanxi.foundation import clock, db, presets
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.errors import Conflict, NotFound
from guanxi.records.models import PresetVersion
from guanxi.records.permissions import Verb
from guanxi.records.services.trail import audit


def record_preset(*, actor: Actor, carmaker: str, part: str, digest: str, changes: int) -> None:
    """Note that a part of a preset was applied: writes the version, then the audit line."""
    PresetVersion.objects.create(
        carmaker=carmaker, part=part, digest=digest, changes=changes, at=clock.now(), person_name=actor.name
    )
    after = {"digest": digest, "changes": changes}
    audit(actor=actor, verb=Verb.APPLY_PRESETS, subject_type="preset", subject_id=f"{carmaker}/{part}", after=after)


def apply_preset_part(*, actor: Actor, carmaker: str, key: str, digest: str) -> int:
    """Apply one part of a preset as it was shown: checks, lets its capability write and audit, notes the
    version. Return the number of changes.

    :raises NotFound: there is no such preset or part.
    :raises Conflict: the file is no longer the one whose difference was shown.
    """
    check_everywhere(actor, Verb.APPLY_PRESETS)
    part = next((part for part in presets.read(carmaker) if part.loader.key == key), None)
    if part is None:
        raise NotFound(_("There is no preset of this name."))
    if part.digest != digest:
        raise Conflict(_("The preset changed since its difference was shown: look at it again."))
    check_everywhere(actor, part.loader.verb)
    with db.atomic():
        changes = presets.apply(actor, part)
        record_preset(actor=actor, carmaker=carmaker, part=key, digest=digest, changes=len(changes))
    return len(changes)
