"""People: invitations, recoveries, their data and whether they may sign in."""

import datetime
import hashlib
import secrets
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from guanxi.access import policy, queries
from guanxi.access.events import InvitationAccepted
from guanxi.access.models import Membership, SignInLink, User
from guanxi.access.permissions import Verb
from guanxi.access.services import rights
from guanxi.access.states import LinkPurpose
from guanxi.foundation import clock, db, events
from guanxi.foundation.actor import SYSTEM, Actor, check
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from guanxi.records import services as records

LINK_LASTS = datetime.timedelta(days=7)


def digest(secret: str) -> str:
    """Return what is stored in place of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def invite(*, actor: Actor, name: str, role_code: str, node_id: int, at: datetime.datetime) -> tuple[SignInLink, str]:
    """Invite somebody to a role at a place: checks as for granting, writes the link, audits.

    Return the link and its secret, which is shown once and never stored.
    """
    if not name.strip():
        raise Invalid(_("Give the person's name."), field="name")
    with db.atomic():
        role, node = rights.role_and_node(role_code, node_id)
        rights.refuse_beyond(actor, role, node, Verb.INVITE)
        secret = secrets.token_urlsafe(32)
        link = SignInLink.objects.create(
            purpose=LinkPurpose.INVITATION, digest=digest(secret), name=name.strip(), role=role, node=node,
            created_by_id=actor.person_id, created_at=at, expires_at=at + LINK_LASTS,
        )  # fmt: skip
        records.audit(
            actor=actor, verb=Verb.INVITE, subject_type="invitation", subject_id=link.pk, subject_label=name,
            node_id=node.pk, after={"role": role.pk, "node": node.code, "expires_at": link.expires_at},
        )  # fmt: skip
    return link, secret


def revoke_link(*, actor: Actor, link_id: int, at: datetime.datetime) -> None:
    """Withdraw an unused link: checks, locks, writes, audits.

    :raises Conflict: it was used or withdrawn already.
    """
    with db.atomic():
        link = db.lock(queries.links_visible_to(actor).select_related(None), link_id)
        check(actor, Verb.INVITE, link.node_id)
        if link.used_at or link.revoked_at:
            raise Conflict(_("This link is used or withdrawn already."))
        link.revoked_at = at
        link.save(update_fields=["revoked_at"])
        records.audit(
            actor=actor, verb="access.revoke_link", subject_type="invitation", subject_id=link.pk,
            subject_label=link.name, node_id=link.node_id, after={"revoked_at": at},
        )  # fmt: skip


def open_link(*, secret: str, at: datetime.datetime) -> SignInLink:
    """Return the usable link of a secret.

    :raises NotFound: there is none, or it is used, withdrawn or too old; the four look the same.
    """
    link = SignInLink.objects.select_related("role", "node", "user").filter(digest=digest(secret)).first()
    if link is None or link.used_at or link.revoked_at or link.expires_at <= at or _is_overtaken(link, at):
        raise NotFound(_("This link is not valid any more. Ask for a new one."))
    return link


def _is_overtaken(link: SignInLink, at: datetime.datetime) -> bool:
    """The role was retired or the place closed since the invitation was made."""
    if link.purpose != LinkPurpose.INVITATION or link.role is None:
        return False
    closes = link.node.valid_to
    return not link.role.is_current or (closes is not None and closes <= clock.day_of(at))


def accept_link(*, secret: str, username: str, password: str, at: datetime.datetime) -> User:
    """Use a link once: locks it, makes the person with the role (invitation) or sets the new password
    (recovery), marks it used, audits, publishes InvitationAccepted.

    Runs for somebody who has not signed in, with the rights of the link alone.

    :raises NotFound: the link is not valid any more.
    :raises Invalid: the user name is taken or malformed, or the password is too weak.
    """
    with db.atomic():
        link = open_link(secret=secret, at=at)
        link = SignInLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
        if link.used_at or link.revoked_at:
            raise NotFound(_("This link is not valid any more. Ask for a new one."))
        is_recovery = link.purpose == LinkPurpose.RECOVERY
        user = _recover(link, password) if is_recovery else _join(link, username, password, at)
        link.used_at, link.user = at, user
        link.save(update_fields=["used_at", "user"])
    return user


def _weak(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        problems = [Problem(message, field="password") for message in error.messages]
        raise Invalid(_("The password is not accepted."), problems=problems) from error


def _join(link: SignInLink, username: str, password: str, at: datetime.datetime) -> User:
    username = username.strip().lower()
    if not policy.USERNAME.match(username):
        message = _("A user name has 2 to 39 small letters, digits, dots or hyphens.")
        raise Invalid(message, field="username")
    user = User(id=db.next_id("access_user")[0], username=username, name=link.name, date_joined=at)
    _weak(password, user)
    user.set_password(password)
    try:
        with db.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise Invalid(_("This user name is taken."), field="username") from error
    assert link.role is not None
    rights.write_membership(actor=SYSTEM, user=user, role=link.role, node=link.node, valid_from=clock.day_of(at))
    events.publish(InvitationAccepted(link.created_by_id, user.pk, user.name))
    return user


def _recover(link: SignInLink, password: str) -> User:
    user = link.user
    assert user is not None
    _weak(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    records.audit(
        actor=SYSTEM, verb="access.recover", subject_type="person", subject_id=user.pk,
        subject_label=user.name, node_id=link.node_id,
    )  # fmt: skip
    return user


def _administered(actor: Actor, user_id: int, verb: str) -> User:
    """Return a person all of whose places the actor administers.

    :raises NotAllowed: the person also works where the actor has no say.
    """
    check(actor, verb)
    user = queries.person(actor, user_id)
    if user.kind != User.Kind.PERSON:
        check(actor, Verb.MANAGE_INTEGRATIONS)
    rows = queries.current(Membership.objects.filter(user=user), clock.today())
    places = rows.values_list("node_id", flat=True)
    if not policy.may_reset(places=places, granting=actor.where(verb)) or _works_elsewhere(user, actor):
        raise NotAllowed(verb)
    return user


def _works_elsewhere(user: User, actor: Actor) -> bool:
    """Row security hides foreign memberships, so the database is asked for their mere number."""
    from django.db import connection

    if actor.scope.everything or actor.is_system:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT access_places_outside(%s, %s, %s)", [user.pk, sorted(actor.scope.nodes), clock.today()])
        return bool(cursor.fetchone()[0])


def make_recovery(*, actor: Actor, user_id: int, at: datetime.datetime) -> tuple[SignInLink, str]:
    """Let a person set a new password by a link: checks that the actor administers every place where
    the person works, writes the link, audits. Return the link and its secret.
    """
    with db.atomic():
        user = _administered(actor, user_id, Verb.RESET_SIGN_IN)
        place = Membership.objects.filter(user=user).order_by("-valid_from").first()
        if place is None:
            raise Conflict(_("This person holds no role anywhere."))
        secret = secrets.token_urlsafe(32)
        link = SignInLink.objects.create(
            purpose=LinkPurpose.RECOVERY, digest=digest(secret), name=user.name, user=user,
            node_id=place.node_id, created_by_id=actor.person_id, created_at=at,
            expires_at=at + datetime.timedelta(days=1),
        )  # fmt: skip
        records.audit(
            actor=actor, verb=Verb.RESET_SIGN_IN, subject_type="person", subject_id=user.pk,
            subject_label=user.name, node_id=place.node_id, after={"expires_at": link.expires_at},
        )  # fmt: skip
    return link, secret


FIELDS = ("name", "employee_no", "email", "phone")


def change_person(*, actor: Actor, user_id: int, values: dict[str, Any]) -> User:
    """Change a person's name, number and addresses: checks, locks, writes, audits."""
    if set(values) - set(FIELDS):
        raise Invalid(_("Unknown field."))
    with db.atomic():
        user = _administered(actor, user_id, Verb.CHANGE_PERSON)
        before = {name: getattr(user, name) for name in FIELDS}
        for name, value in values.items():
            setattr(user, name, value)
        user.save(update_fields=list(values))
        records.audit(
            actor=actor, verb=Verb.CHANGE_PERSON, subject_type="person", subject_id=user.pk,
            subject_label=user.name, node_id=_a_place(user), before=before,
            after={name: getattr(user, name) for name in FIELDS},
        )  # fmt: skip
    return user


def _a_place(user: User) -> int | None:
    return Membership.objects.filter(user=user).order_by("-valid_from").values_list("node_id", flat=True).first()


def set_active(*, actor: Actor, user_id: int, is_active: bool) -> User:
    """Let a person sign in, or not any more: checks, writes, audits. Sessions end at their next request.

    :raises NotAllowed: it is the actor himself, or the person also works elsewhere.
    """
    with db.atomic():
        if user_id == actor.user_id:
            raise NotAllowed(Verb.CHANGE_PERSON)
        user = _administered(actor, user_id, Verb.CHANGE_PERSON)
        before = {"is_active": user.is_active}
        user.is_active = is_active
        user.save(update_fields=["is_active"])
        records.audit(
            actor=actor, verb=Verb.CHANGE_PERSON, subject_type="person", subject_id=user.pk,
            subject_label=user.name, node_id=_a_place(user), before=before, after={"is_active": is_active},
        )  # fmt: skip
    return user


def set_preferences(*, actor: Actor, language: str | None = None, theme: str | None = None) -> None:
    """Keep the actor's own language and theme: writes, audits nothing but the change itself."""
    chosen = {"language": language, "theme": theme}
    values = {name: value for name, value in chosen.items() if value is not None}
    if values.get("language", "en") not in {"zh-hans", "en"} or values.get("theme", "light") not in {
        "light", "dark", "",
    }:  # fmt: skip
        raise Invalid(_("Unknown language or theme."))
    if actor.user_id is None or not values:
        return
    with db.atomic():
        user = User.objects.select_for_update().get(pk=actor.user_id)
        before = {name: getattr(user, name) for name in values}
        if before == values:
            return
        User.objects.filter(pk=user.pk).update(**values)
        records.audit(
            actor=actor, verb="access.set_preferences", subject_type="person", subject_id=user.pk,
            subject_label=user.name, node_id=actor.home_id, before=before, after=values,
        )  # fmt: skip
