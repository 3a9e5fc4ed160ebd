"""Templates over the API."""

import datetime

from ninja import Router, Schema

from guanxi.foundation import clock
from guanxi.foundation.actor import check
from guanxi.foundation.rest import REFUSALS, ApiRequest
from guanxi.messaging.permissions import Verb
from guanxi.messaging.queries import templates as queries

router = Router()


class TemplateOut(Schema):
    """The version of a template that holds today."""

    id: int
    code: str
    version: int
    channel: str
    purpose: str
    name_zh: str
    name_en: str
    subject_zh: str
    subject_en: str
    body_zh: str
    body_en: str
    valid_from: datetime.date


@router.get("/templates", response={200: list[TemplateOut], **REFUSALS}, summary="Templates in force")
def list_templates(request: ApiRequest) -> object:
    check(request.actor, Verb.VIEW)
    return list(queries.in_force(clock.today()))
