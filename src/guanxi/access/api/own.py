"""Who the bearer is, over the API."""

from ninja import Router, Schema

from guanxi.foundation.rest import REFUSALS, ApiRequest

router = Router()


class GrantOut(Schema):
    node_id: int
    role: str
    verbs: list[str]


class MeOut(Schema):
    """Who the token acts for, and what it may do."""

    id: int
    name: str
    verbs: list[str]
    grants: list[GrantOut]


@router.get("/me", response={200: MeOut, **REFUSALS}, summary="Who am I")
def me(request: ApiRequest) -> object:
    actor = request.actor
    grants = [{"node_id": g.node_id, "role": g.role, "verbs": sorted(g.verbs)} for g in actor.grants]
    return {"id": actor.user_id, "name": actor.name, "verbs": sorted(actor.verbs), "grants": grants}
