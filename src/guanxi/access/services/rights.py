"""Who holds which role where: granting and ending memberships."""

import datetime

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from guanxi.access import policy, queries
from guanxi.access.events import MembershipEnded, RoleGranted
from guanxi.access.models import Membership, Role, User
from guanxi.access.permissions import Verb
from guanxi.foundation import clock, db, events
from guanxi.foundation.actor import Actor, check
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.network.models import Node
from guanxi.network.states import Kind
from guanxi.records import services as records


def refuse_beyond(actor: Actor, role: Role, node: Node, verb: str) -> None:
    """Refuse a role that reaches beyond what the actor administers (delegated administration).

    :raises NotAllowed: the role would cover more than the actor's own administration.
    :raises Invalid: the role is not held at this kind of place.
    """
    check(actor, verb, node.pk)
    if node.kind not in role.kinds:
        message = _("The role “%(role)s” is not held at a place of kind “%(kind)s”.")
        raise Invalid(message % {"role": role.name, "kind": Kind(node.kind).label}, field="role")
    covered = queries.role_covers(role, node.pk, clock.today())
    if not policy.may_hand_out(covered=covered, granting=actor.where(verb), kind=node.kind, kinds=role.kinds):
        raise NotAllowed(verb)


def _refuse_outside(actor: Actor, role: Role, node: Node, verb: str) -> None:
    """Refuse to take back what reaches further; a role may be taken from places where it is no longer held."""
    check(actor, verb, node.pk)
    covered = queries.role_covers(role, node.pk, clock.today())
    if not policy.lies_within(covered=covered, granting=actor.where(verb)):
        raise NotAllowed(verb)


def role_and_node(role_code: str, node_id: int) -> tuple[Role, Node]:
    """Return a role and a visible place.

    :raises Invalid: there is no such role.
    :raises NotFound: there is no such place, or not for this actor.
    """
    role = Role.objects.filter(pk=role_code, is_current=True).first()
    node = Node.objects.filter(pk=node_id).first()
    if role is None:
        raise Invalid(_("There is no such role."), field="role")
    if node is None:
        raise NotFound
    return role, node


def _announce(event: type[RoleGranted] | type[MembershipEnded], row: Membership, actor: Actor) -> None:
    role, node = row.role, row.node
    events.publish(
        event(
            row.user_id,
            row.pk,
            role.name_zh,
            role.name_en or role.name_zh,
            node.name_zh,
            node.name_en or node.name_zh,
            actor.name,
        )  # fmt: skip
    )


def write_membership(*, actor: Actor, user: User, role: Role, node: Node, valid_from: datetime.date) -> Membership:
    """Write a membership that was decided, append its audit line, publish RoleGranted.

    :raises Conflict: the person holds this role here already.
    """
    try:
        with db.atomic():
            row = Membership.objects.create(user=user, role=role, node=node, valid_from=valid_from)
    except IntegrityError as error:
        raise Conflict(_("This person holds the role here already."), field="role") from error
    records.audit(
        actor=actor, verb=Verb.GRANT_ROLE, subject_type="person", subject_id=user.pk, subject_label=user.name,
        node_id=node.pk, after={"role": role.pk, "node": node.code, "from": valid_from},
    )  # fmt: skip
    _announce(RoleGranted, row, actor)
    return row


def grant_role(*, actor: Actor, user_id: int, role_code: str, node_id: int, valid_from: datetime.date) -> Membership:
    """Give a visible person a role at a place: checks that the role stays within the actor's own
    administration and that nobody raises himself, writes, audits, publishes RoleGranted.

    :raises NotAllowed: the role reaches beyond the actor's administration, or it is the actor himself.
    """
    with db.atomic():
        role, node = role_and_node(role_code, node_id)
        refuse_beyond(actor, role, node, Verb.GRANT_ROLE)
        if user_id == actor.user_id:
            raise NotAllowed(Verb.GRANT_ROLE)
        user = queries.person(actor, user_id)
        return write_membership(actor=actor, user=user, role=role, node=node, valid_from=valid_from)


def end_membership(*, actor: Actor, membership_id: int, on: datetime.date) -> Membership:
    """End a membership from a day on: checks, locks, writes, audits, publishes MembershipEnded.

    :raises Conflict: it ended already.
    :raises Invalid: the day lies before it began.
    """
    with db.atomic():
        row = db.lock(queries.memberships_visible_to(actor), membership_id)
        role, node = row.role, row.node
        _refuse_outside(actor, role, node, Verb.END_MEMBERSHIP)
        if row.valid_to is not None and row.valid_to <= clock.today():
            raise Conflict(_("This membership ended already."))
        if on < row.valid_from:
            raise Invalid(_("It cannot end before it began."), field="on")
        row.valid_to = on
        row.save(update_fields=["valid_to"])
        records.audit(
            actor=actor, verb=Verb.END_MEMBERSHIP, subject_type="person", subject_id=row.user_id,
            subject_label=row.user.name, node_id=node.pk,
            before={"role": role.pk, "node": node.code, "until": None}, after={"until": on},
        )  # fmt: skip
        _announce(MembershipEnded, row, actor)
    return row
