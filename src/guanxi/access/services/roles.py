"""What roles may do."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from guanxi.access.models import Role
from guanxi.access.permissions import Verb
from guanxi.foundation import db
from guanxi.foundation.actor import Actor, check_everywhere
from guanxi.foundation.errors import Invalid, NotFound
from guanxi.foundation.verbs import known_verbs
from guanxi.records import services as records


def change_role(*, actor: Actor, code: str, verbs: Sequence[str]) -> Role:
    """Change which verbs a role has: checks, locks, writes, audits. Holders have them at their next request.
    A later preset leaves the verbs as they are.

    :raises Invalid: a verb is unknown, or the actor would take the right to change roles from himself.
    """
    check_everywhere(actor, Verb.CHANGE_ROLES)
    unknown = sorted(set(verbs) - known_verbs())
    if unknown:
        raise Invalid(_("Unknown right: %(verb)s") % {"verb": unknown[0]}, field="verbs")
    with db.atomic():
        role = Role.objects.select_for_update().filter(pk=code, is_current=True).first()
        if role is None:
            raise NotFound
        if code in actor.roles and Verb.CHANGE_ROLES in role.verbs and Verb.CHANGE_ROLES not in verbs:
            raise Invalid(_("You would take the right to change roles from yourself."), field="verbs")
        before = {"verbs": sorted(role.verbs)}
        role.verbs = sorted(set(verbs))
        role.is_changed_here = True
        role.save(update_fields=["verbs", "is_changed_here"])
        records.audit(
            actor=actor, verb=Verb.CHANGE_ROLES, subject_type="role", subject_id=role.pk,
            subject_label=role.name_zh, before=before, after={"verbs": role.verbs},
        )  # fmt: skip
    return role
