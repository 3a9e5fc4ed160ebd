"""The code by which a customer follows the official account, over the API."""

from ninja import Router, Schema
from pydantic import Field

from guanxi.foundation.rest import REFUSALS, ApiRequest
from guanxi.messaging.services import wechat as services

router = Router()


class SceneOut(Schema):
    scene: str = Field(description="The scene_str for a code of WeChat: whoever scans it is known as this customer")


@router.post(
    "/customers/{written_id}/scene",
    response={200: SceneOut, **REFUSALS},
    summary="Invite a customer to follow on WeChat",
)
def invite(request: ApiRequest, written_id: int) -> object:
    return {"scene": services.invite(actor=request.actor, customer_id=written_id)}
