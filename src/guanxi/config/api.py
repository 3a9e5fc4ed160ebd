"""The API under /api/v1: one router per capability, problem documents, bearer tokens (SYS-22)."""

import json
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as NinjaValidationError
from ninja.openapi.docs import DocsBase
from ninja.operation import Operation
from ninja.security import HttpBearer

from guanxi import __version__
from guanxi.access.api import router as access
from guanxi.campaigns.api.campaigns import router as campaigns
from guanxi.campaigns.api.recalls import router as recalls
from guanxi.campaigns.api.supports import router as supports
from guanxi.care.api.checklists import router as care_checklists
from guanxi.care.api.gatherings import router as care_gatherings
from guanxi.care.api.notices import router as care_notices
from guanxi.care.api.rounds import router as care_rounds
from guanxi.care.api.rules import router as care_rules
from guanxi.care.api.states import router as care_states
from guanxi.codelists.api import router as codelists
from guanxi.complaints.api.cases import router as complaints
from guanxi.complaints.api.cautions import router as complaint_cautions
from guanxi.complaints.api.gaps import router as complaint_gaps
from guanxi.complaints.api.limits import router as complaint_limits
from guanxi.complaints.api.meetings import router as complaint_meetings
from guanxi.complaints.api.rechecks import router as complaint_rechecks
from guanxi.complaints.api.visits import router as complaint_visits
from guanxi.contact_centre.api.calls import router as contact_centre
from guanxi.contact_centre.api.intentions import router as intentions
from guanxi.contact_centre.api.reviews import router as call_samples
from guanxi.contact_centre.api.scripts import router as call_scripts
from guanxi.crisis.api.media import router as media
from guanxi.crisis.api.rooms import router as crisis
from guanxi.crisis.api.watching import router as watching
from guanxi.customers.api.belongings import router as belongings
from guanxi.customers.api.customers import router as customers
from guanxi.customers.api.standard import router as standard
from guanxi.foundation import pages
from guanxi.foundation.actor import Actor
from guanxi.foundation.errors import DomainError
from guanxi.foundation.rest import refusal_body
from guanxi.insight.api.checked import router as checked_follow_ups
from guanxi.insight.api.effects import router as effects
from guanxi.insight.api.scores import router as person_scores
from guanxi.intake.api import router as intake
from guanxi.knowledge.api.articles import router as knowledge
from guanxi.knowledge.api.demands import router as demands
from guanxi.knowledge.api.readings import router as readings
from guanxi.messaging.api.messages import router as messages
from guanxi.messaging.api.replies import router as replies
from guanxi.messaging.api.templates import router as message_templates
from guanxi.messaging.api.wechat import router as wechat
from guanxi.network.api import router as network
from guanxi.privacy.api import router as privacy
from guanxi.records.api import router as records
from guanxi.rectification.api import router as rectification
from guanxi.rescue.api.calls import router as car_calls
from guanxi.rescue.api.rescues import router as rescue
from guanxi.vehicles.api.cars import router as vehicles
from guanxi.vehicles.api.catalogue import router as catalogue
from guanxi.verification.api import router as verification
from guanxi.workbench import api as workbench
from guanxi.worklist.api.calendars import router as calendars
from guanxi.worklist.api.tasks import router as worklist
from guanxi.workshop.api import router as workshop

PROBLEM = "application/problem+json"


class Bearer(HttpBearer):
    """The token was read by ``config.middleware.act``; here only the door is shut or open."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:  # noqa: ARG002 -- ninja's signature
        actor: Actor = request.actor  # type: ignore[attr-defined]
        return actor if actor.user_id is not None else None


class Docs(DocsBase):
    """Our own page of the API document: no foreign script, both languages."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **_kwargs: Any) -> HttpResponse:
        document = api.get_openapi_schema(path_params={})
        return pages.render(request, "ui/api.html", {"document": document, "groups": _groups(document)})


def _groups(document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            tag = (operation.get("tags") or ["other"])[0]
            groups.setdefault(tag, []).append({"path": path, "method": method.upper(), **operation})
    return groups


class Api(NinjaAPI):
    """Ninja's API, whose document says that refusals are problem documents."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Name an operation by capability and function: it keeps its name when it moves to a module of its family."""
        function = operation.view_func
        return "_".join([*function.__module__.split(".")[:3], function.__name__])

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> Any:
        document = super().get_openapi_schema(*args, **kwargs)
        for operations in document["paths"].values():
            for operation in operations.values():
                for answer in operation["responses"].values():
                    _name_problem(answer.get("content", {}))
        return document


def _name_problem(content: dict[str, Any]) -> None:
    plain = content.get("application/json", {}).get("schema", {})
    if plain.get("$ref", "").endswith("/Refusal"):
        content[PROBLEM] = content.pop("application/json")


api = Api(
    title="Guanxi",
    version=__version__,
    description="The open customer-relationship system for the car trade.",
    auth=Bearer(),
    docs=Docs(),
    urls_namespace="api",
)
api.add_router("/network", network, tags=["network"])
api.add_router("/codelists", codelists, tags=["codelists"])
api.add_router("/access", access, tags=["access"])
api.add_router("/worklist", worklist, tags=["worklist"])
api.add_router("/worklist", calendars, tags=["worklist"])
api.add_router("/intake", intake, tags=["intake"])
api.add_router("/customers/standard", standard, tags=["customers"])
api.add_router("/customers", belongings, tags=["customers"])
api.add_router("/customers", customers, tags=["customers"])
api.add_router("/vehicles/catalogue", catalogue, tags=["vehicles"])
api.add_router("/vehicles", vehicles, tags=["vehicles"])
api.add_router("/messaging", message_templates, tags=["messaging"])
api.add_router("/messaging", messages, tags=["messaging"])
api.add_router("/messaging", replies, tags=["messaging"])
api.add_router("/messaging", wechat, tags=["messaging"])
api.add_router("/workshop", workshop, tags=["workshop"])
api.add_router("/knowledge/demands", demands, tags=["knowledge"])
api.add_router("/knowledge/readings", readings, tags=["knowledge"])
api.add_router("/knowledge", knowledge, tags=["knowledge"])
api.add_router("/rescue", car_calls, tags=["rescue"])
api.add_router("/rescue", rescue, tags=["rescue"])
api.add_router("/rectification", rectification, tags=["rectification"])
api.add_router("/verification", verification, tags=["verification"])
api.add_router("/contact-centre", contact_centre, tags=["contact_centre"])
api.add_router("/contact-centre", call_scripts, tags=["contact_centre"])
api.add_router("/contact-centre", intentions, tags=["contact_centre"])
api.add_router("/contact-centre", call_samples, tags=["contact_centre"])
api.add_router("/care", care_states, tags=["care"])
api.add_router("/care", care_rules, tags=["care"])
api.add_router("/care", care_notices, tags=["care"])
api.add_router("/care", care_gatherings, tags=["care"])
api.add_router("/care", care_checklists, tags=["care"])
api.add_router("/care", care_rounds, tags=["care"])
api.add_router("/complaints", complaint_gaps, tags=["complaints"])
api.add_router("/complaints/limits", complaint_limits, tags=["complaints"])
api.add_router("/complaints/meetings", complaint_meetings, tags=["complaints"])
api.add_router("/complaints/cautions", complaint_cautions, tags=["complaints"])
api.add_router("/complaints/rechecks", complaint_rechecks, tags=["complaints"])
api.add_router("/complaints", complaints, tags=["complaints"])
api.add_router("/complaints", complaint_visits, tags=["complaints"])
api.add_router("/campaigns/supports", supports, tags=["campaigns"])
api.add_router("/campaigns", campaigns, tags=["campaigns"])
api.add_router("/campaigns", recalls, tags=["campaigns"])
api.add_router("/crisis", media, tags=["crisis"])
api.add_router("/crisis", watching, tags=["crisis"])
api.add_router("/crisis", crisis, tags=["crisis"])
api.add_router("/insight", effects, tags=["insight"])
api.add_router("/insight", person_scores, tags=["insight"])
api.add_router("/insight", checked_follow_ups, tags=["insight"])
api.add_router("/privacy", privacy, tags=["privacy"])
api.add_router("/records", records, tags=["records"])
api.add_router("/notifications", workbench.notifications, tags=["notifications"])
api.add_router("/views", workbench.views, tags=["views"])


def problem(
    status: int, kind: str, title: str, detail: str, errors: list[dict[str, str]] | None = None
) -> HttpResponse:
    """Return a problem document (RFC 9457)."""
    body = {"type": kind, "title": title, "status": status, "detail": detail, "errors": errors or []}
    return HttpResponse(json.dumps(body, cls=DjangoJSONEncoder, ensure_ascii=False), PROBLEM, status)


@api.exception_handler(DomainError)
def refused(_request: HttpRequest, error: DomainError) -> HttpResponse:
    return HttpResponse(json.dumps(refusal_body(error), ensure_ascii=False), PROBLEM, error.status)


@api.exception_handler(NinjaValidationError)
def invalid(_request: HttpRequest, error: NinjaValidationError) -> HttpResponse:
    found = [
        {"field": ".".join(str(step) for step in item["loc"][1:]), "message": str(item["msg"])} for item in error.errors
    ]
    return problem(422, "invalid", _("Some values cannot be accepted"), found[0]["message"] if found else "", found)


@api.exception_handler(ValidationError)
def unfit(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    found = [{"field": "", "message": message} for message in error.messages]
    return problem(422, "invalid", _("Some values cannot be accepted"), found[0]["message"], found)


@api.exception_handler(AuthenticationError)
def unknown(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    response = problem(
        401, "unauthorised", _("A token is needed"), _("Send a living token as “Authorization: Bearer …”.")
    )
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(Http404)
def missing(_request: HttpRequest, _error: Http404) -> HttpResponse:
    return problem(404, "not-found", _("Not found"), _("It does not exist, or it lies outside what you may see."))


@api.exception_handler(HttpError)
def plain_error(_request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, "refused", _("This was refused"), str(error))


def rate_limit() -> int:
    return int(getattr(settings, "API_CALLS_PER_MINUTE", 600))
