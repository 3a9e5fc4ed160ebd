"""Where somebody is signed in."""

from collections.abc import Iterable

from allauth.usersessions.models import UserSession

from guanxi.access import queries
from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound
from guanxi.records import services as records


def end_session(*, actor: Actor, session_id: int) -> None:
    """End one of the actor's own sessions: checks, ends it at once, audits. Open pages notice at their next click.

    :raises NotFound: it is not the actor's.
    """
    queries.check_sign_ins(actor)
    with db.atomic():
        found = UserSession.objects.filter(user_id=actor.person_id, pk=session_id).first()
        if found is None:
            raise NotFound
        _end(actor, [found])


def end_every_session(*, actor: Actor) -> int:
    """Sign the actor out of every browser: checks, ends them at once, audits each; return how many there were."""
    queries.check_sign_ins(actor)
    with db.atomic():
        found = list(UserSession.objects.filter(user_id=actor.person_id))
        _end(actor, found)
    return len(found)


def _end(actor: Actor, found: Iterable[UserSession]) -> None:
    for session in found:
        session.end()
        records.audit(
            actor=actor, verb="access.end_session", subject_type="person", subject_id=actor.person_id,
            subject_label=actor.name, node_id=actor.home_id, after={"address": session.ip},
        )  # fmt: skip
