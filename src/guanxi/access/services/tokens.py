"""Bearer tokens of people and integrations."""

import datetime
import secrets
from collections.abc import Sequence

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from guanxi.access import policy, queries
from guanxi.access.models import Token, User
from guanxi.access.permissions import Verb
from guanxi.access.services import rights
from guanxi.access.services.people import digest
from guanxi.foundation import clock, db
from guanxi.foundation.actor import Actor, check, check_everywhere
from guanxi.foundation.errors import Conflict, Invalid, NotAllowed
from guanxi.records import services as records

LONGEST = datetime.timedelta(days=366)


def issue_token(
    *,
    actor: Actor,
    name: str,
    verbs: Sequence[str],
    lasts: datetime.timedelta,
    at: datetime.datetime,
    user_id: int | None = None,
) -> tuple[Token, str]:
    """Issue a token for the actor, or for an integration that the actor manages: checks, writes, audits.

    Return the token and its secret, which is shown once. A token never carries a verb that its owner
    lacks, which is checked again at each use, nor one that the token lacks with which it is issued.

    :raises Invalid: no name, no verb, one that the integration lacks, or a life longer than a year.
    :raises NotAllowed: the verbs go beyond those of the actor.
    """
    if not name.strip():
        raise Invalid(_("Give the token a name."), field="name")
    if not verbs:
        raise Invalid(_("Choose at least one right."), field="verbs")
    if not datetime.timedelta() < lasts <= LONGEST:
        raise Invalid(_("A token lasts from one day to one year."), field="days")
    with db.atomic():
        owner = _owner(actor, user_id)
        _refuse_wider(actor, owner, frozenset(verbs), clock.day_of(at))
        secret = f"gx_{secrets.token_urlsafe(32)}"
        token = Token.objects.create(
            user=owner, name=name.strip(), digest=digest(secret), start=secret[:8], verbs=sorted(set(verbs)),
            created_at=at, expires_at=at + lasts,
        )  # fmt: skip
        records.audit(
            actor=actor, verb=Verb.ISSUE_TOKEN, subject_type="token", subject_id=token.pk,
            subject_label=token.name, node_id=actor.home_id,
            after={"owner": owner.username, "verbs": token.verbs, "expires_at": token.expires_at},
        )  # fmt: skip
    return token, secret


def _owner(actor: Actor, user_id: int | None) -> User:
    if user_id is None or user_id == actor.user_id:
        check(actor, Verb.ISSUE_TOKEN)
        return User.objects.get(pk=actor.person_id)
    return queries.integration(actor, user_id)


def _refuse_wider(actor: Actor, owner: User, verbs: frozenset[str], day: datetime.date) -> None:
    """Refuse verbs that the owner lacks, and those that a token would pass on without having them itself."""
    is_own = owner.pk == actor.user_id
    if (is_own or actor.limited_to is not None) and not verbs <= actor.verbs:
        raise NotAllowed(Verb.ISSUE_TOKEN)
    lacking = sorted(verbs - queries.verbs_of(owner.pk, day)) if not is_own else []
    if lacking:
        raise Invalid(_("The integration does not have this right: %(verb)s") % {"verb": lacking[0]}, field="verbs")


def revoke_token(*, actor: Actor, token_id: int, at: datetime.datetime) -> None:
    """Revoke a token at once: checks, locks, writes, audits.

    :raises Conflict: it was revoked already.
    """
    with db.atomic():
        token = db.lock(Token.objects, token_id)
        if token.user_id != actor.user_id:
            check_everywhere(actor, Verb.MANAGE_INTEGRATIONS)
        else:
            queries.check_sign_ins(actor)
        if token.revoked_at:
            raise Conflict(_("This token is revoked already."))
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        records.audit(
            actor=actor, verb="access.revoke_token", subject_type="token", subject_id=token.pk,
            subject_label=token.name, node_id=actor.home_id, after={"revoked_at": at},
        )  # fmt: skip


def add_integration(
    *, actor: Actor, username: str, name: str, role_code: str, node_id: int, at: datetime.datetime
) -> User:
    """Add a program that signs in by token only: checks, writes the account and its role, audits.

    :raises Invalid: no name, the user name is taken or malformed, or the role is not held at such a place.
    """
    check_everywhere(actor, Verb.MANAGE_INTEGRATIONS)
    if not name.strip():
        raise Invalid(_("Give the integration a name."), field="name")
    if not policy.USERNAME.match(username):
        raise Invalid(_("A user name has 2 to 39 small letters, digits, dots or hyphens."), field="username")
    with db.atomic():
        role, node = rights.role_and_node(role_code, node_id)
        rights.refuse_beyond(actor, role, node, Verb.MANAGE_INTEGRATIONS)
        user = _new_program(username, name.strip(), at)
        records.audit(
            actor=actor, verb=Verb.MANAGE_INTEGRATIONS, subject_type="person", subject_id=user.pk,
            subject_label=user.name, node_id=node_id, after={"username": username, "kind": user.kind},
        )  # fmt: skip
        rights.write_membership(actor=actor, user=user, role=role, node=node, valid_from=clock.day_of(at))
    return user


def _new_program(username: str, name: str, at: datetime.datetime) -> User:
    user = User(username=username, name=name, kind=User.Kind.INTEGRATION, date_joined=at)
    user.set_unusable_password()
    try:
        with db.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise Invalid(_("This user name is taken."), field="username") from error
    return user


def use_token(*, secret: str, at: datetime.datetime) -> Token | None:
    """Return the living token of a secret and note its use (at most once a minute); None if there is none."""
    token = Token.objects.select_related("user").filter(digest=digest(secret)).first()
    if token is None or token.revoked_at or token.expires_at <= at or not token.user.is_active:
        return None
    if token.last_used_at is None or at - token.last_used_at > datetime.timedelta(minutes=1):
        Token.objects.filter(pk=token.pk).update(last_used_at=at)
    return token
