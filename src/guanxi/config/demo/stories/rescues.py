"""Who helps on the road around the outlet of the cast, and rescues of the last days."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from guanxi.config.demo.stories.stage import Stage, read
from guanxi.network.models import Node
from guanxi.rescue.models import Rescue
from guanxi.rescue.services import answering, closing, providing, sending, taking
from guanxi.rescue.services.answering import Crew, Report
from guanxi.rescue.services.taking import NewRescue

PLACE, PARTNER = "CALL", "P-SOS"
DISPATCHER, PARTNERS, OUTLETS = "agent", "rescue", "service"
SENT, ANSWERED, AGAIN = (datetime.timedelta(minutes=number) for number in (3, 5, 8))
DONE, ASKED = datetime.timedelta(minutes=45), datetime.timedelta(hours=20)


def tell(stage: Stage) -> int:
    """Keep the providers and carry out the rescues of the file; return how many rescues there are."""
    found = read("rescues")
    for facts in found["provider"]:
        node = Node.objects.get(code=facts["node"])
        providing.keep_provider(
            actor=stage.actor("hq"), node_id=node.pk, at=stage.at,
            facts=providing.Facts(
                phone=facts["phone"], helps=facts["helps"], radius_km=facts["radius_km"],
                position=_point(facts["position"]), is_day_and_night=facts["is_day_and_night"],
            ),
        )  # fmt: skip
    for number, story in enumerate(found["rescue"]):
        _tell(stage, number, story)
    return len(found["rescue"])


def _point(pair: list[float]) -> tuple[Decimal, Decimal]:
    north, east = pair
    return Decimal(str(north)), Decimal(str(east))


def _tell(stage: Stage, number: int, story: Mapping[str, Any]) -> None:
    at = stage.moment(story["days"], story.get("time"))
    customer, vehicle = stage.owners[-1 - number % len(stage.owners)]
    new = NewRescue(
        place_id=Node.objects.get(code=PLACE).pk, token=f"demo:{number}", help=story["help"], caller=customer.name,
        phone=stage.mobile_of(customer), where=story["where"], words=story["words"], is_hurt=False, is_safe=True,
        on_expressway=story.get("on_expressway", False), can_move=story["help"] != "TOW", plate=vehicle.plate,
        position=_point(story["position"]), customer_id=customer.pk, vehicle_id=vehicle.pk,
    )  # fmt: skip
    row = taking.take(actor=stage.actor(DISPATCHER), new=new, at=at)
    if "refused" in story:
        _send(stage, row, story["refused_by"], at + SENT)
        answering.refuse(
            actor=_answerer(stage, story["refused_by"]), rescue_id=row.pk, reason=story["refused"], at=at + ANSWERED
        )
        at += AGAIN
    if "sent" in story:
        _help(stage, row, story, at)


def _send(stage: Stage, row: Rescue, code: str, at: datetime.datetime) -> None:
    provider = Node.objects.get(code=code)
    sending.send(actor=stage.actor(DISPATCHER), rescue_id=row.pk, provider_id=provider.pk, at=at)


def _answerer(stage: Stage, code: str) -> Any:
    return stage.actor(PARTNERS if code == PARTNER else OUTLETS)


def _help(stage: Stage, row: Rescue, story: Mapping[str, Any], at: datetime.datetime) -> None:
    """Send who is told, and go on as far as it is told: accepted, arrived, finished, called back."""
    _send(stage, row, story["sent"], at + SENT)
    who = {"actor": _answerer(stage, story["sent"]), "rescue_id": row.pk}
    crew = Crew(story["minutes"], story["crew"], story["crew_phone"], story["truck"])
    answering.accept(**who, crew=crew, at=at + ANSWERED)
    if "arrived" not in story:
        return
    there = at + ANSWERED + datetime.timedelta(minutes=story["arrived"])
    answering.arrive(**who, at=there)
    result = story["result"]
    report = Report(
        result, stage.home.pk if result == "TOWED" else None, Decimal(story["settled"]), Decimal(story["paid"])
    )
    answering.finish(**who, report=report, at=there + DONE)
    if "score" in story:
        closing.call_back(
            actor=stage.actor(DISPATCHER), rescue_id=row.pk, score=story["score"], words=story["verdict"],
            at=there + ASKED,
        )  # fmt: skip
