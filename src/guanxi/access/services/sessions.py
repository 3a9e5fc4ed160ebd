"""Where somebody is signed in."""

from allauth.usersessions.models import UserSession

from guanxi.foundation import db
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import NotFound
from guanxi.records import services as records


def end_session(*, actor: Actor, session_id: int) -> None:
    """End one of the actor's own sessions: ends it at once, audits. Open pages notice at their next click.

    :raises NotFound: it is not the actor's.
    """
    with db.atomic():
        found = UserSession.objects.filter(user_id=actor.person_id, pk=session_id).first()
        if found is None:
            raise NotFound
        found.end()
        records.audit(
            actor=actor, verb="access.end_session", subject_type="person", subject_id=actor.person_id,
            subject_label=actor.name, node_id=actor.home_id, after={"address": found.ip},
        )  # fmt: skip
