"""Which visit to the workshop a complaint is about, over the API."""

from ninja import Router
from pydantic import Field

from guanxi.complaints.api.cases import ComplaintOut, LongKey
from guanxi.complaints.services import visiting
from guanxi.foundation import clock
from guanxi.foundation.rest import REFUSALS, ApiRequest, Input

router = Router()


class ComplaintVisitIn(Input):
    visit_id: LongKey | None = Field(description="Of the car at the outlet; null: it is about none")


@router.post("/{complaint_id}/visit", response={200: ComplaintOut, **REFUSALS}, summary="Which visit it is about")
def link_visit(request: ApiRequest, complaint_id: int, body: ComplaintVisitIn) -> object:
    return visiting.link_visit(
        actor=request.actor, complaint_id=complaint_id, visit_id=body.visit_id, at=clock.now()
    )  # fmt: skip
