"""What the answers of a call say of who sold the car or took it in (FUP-24, FUP-25)."""

import datetime
from collections.abc import Callable

from guanxi.contact_centre.models import Call, Rated, Rating
from guanxi.contact_centre.permissions import Verb
from guanxi.contact_centre.policy import scripts
from guanxi.contact_centre.queries import people
from guanxi.contact_centre.queries.people import Whom
from guanxi.contact_centre.states import Judged, Outcome
from guanxi.foundation import clock
from guanxi.foundation.actor import Actor

FINDS: dict[str, Callable[[int, datetime.date, datetime.date | None], Whom | None]] = {
    Judged.CONSULTANT: people.consultant, Judged.ADVISOR: people.advisor,
}  # fmt: skip


def rate(*, actor: Actor, call: Call, vehicle_id: int | None, day: datetime.date | None) -> list[Rating]:
    """Write what the answers of a call are worth for the people whose work they judge: finds the consultant of the
    delivery and the advisor of the visit of the car, on ``day`` if it is known, writes. Nobody is judged by an answer
    that he noted himself, or where the actor may not call.
    """
    if call.script is None or vehicle_id is None or call.outcome != Outcome.REACHED:
        return []
    asked_on = clock.day_of(call.ended_at)
    held: dict[str, Rated | None] = {}
    rows = []
    for question, points in scripts.judged(call.script.asked, call.answers):
        if question.judges not in held:
            held[question.judges] = _rated(actor, question.judges, FINDS[question.judges](vehicle_id, asked_on, day))
        rated = held[question.judges]
        if rated is not None:
            rows.append(
                Rating(
                    call=call, rated=rated, outlet_id=rated.outlet_id, script=call.script, key=question.key,
                    points=points, day=asked_on,
                )
            )  # fmt: skip
    return Rating.objects.bulk_create(rows)


def _rated(actor: Actor, judged: str, whom: Whom | None) -> Rated | None:
    if whom is None or not actor.can(Verb.CALL, whom.outlet_id):
        return None
    if whom.name == actor.name or (whom.person_id is not None and whom.person_id == actor.user_id):
        return None
    rows = Rated.objects.filter(outlet_id=whom.outlet_id, judged=judged, person_id=whom.person_id)
    found = (rows if whom.person_id is not None else rows.filter(name=whom.name)).first()
    return (
        found
        or Rated.objects.get_or_create(
            outlet_id=whom.outlet_id, judged=judged, person_id=whom.person_id, name=whom.name
        )[0]
    )
