"""Our own API document, held against the running API: no server error, no breach of the schema (issue 2, 6)."""

import datetime
import json
from collections import Counter

import pytest
import requests
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given, settings
from ninja import Schema
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)  # fmt: skip

from guanxi.access.models import Token, User
from guanxi.access.services.people import digest
from guanxi.config.api import api
from guanxi.foundation import clock, db
from guanxi.foundation.actor import SYSTEM
from guanxi.foundation.verbs import known_verbs

CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance, content_type_conformance]
DOCUMENT = json.loads(json.dumps(api.get_openapi_schema()))
OPERATIONS = [(path, method) for path, operations in DOCUMENT["paths"].items() for method in operations]
SECRET = "gx_document"


def _call(case):
    """Send a case through Django's test client, and give schemathesis the answer in its own shape."""
    request = requests.Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
    body = request.body or b""
    answer = Client().generic(
        request.method, request.url.removeprefix("http://testserver"),
        body.encode() if isinstance(body, str) else body,
        request.headers.get("Content-Type", "application/json"), headers={"authorization": f"Bearer {SECRET}"},
    )  # fmt: skip
    headers = {name.lower(): [value] for name, value in answer.items()}
    return schemathesis.Response(answer.status_code, headers, answer.content, request, 0.0, verify=True)


@pytest.fixture
def schema(cast):
    at = clock.now()
    Token.objects.create(
        user=User.objects.get(username="hq"), name="document", digest=digest(SECRET), start="gx", created_at=at,
        verbs=sorted(known_verbs()), expires_at=at + datetime.timedelta(days=1),
    )  # fmt: skip
    return schemathesis.openapi.from_dict(DOCUMENT)


@pytest.mark.covers("SYS-22")
@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=[f"{m} {p}" for p, m in OPERATIONS])
def test_the_api_keeps_its_document(schema, path, method, settings_of_api):
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=schema[path][method.upper()].as_strategy())
    def holds(case):
        db.set_scope(SYSTEM)
        case.validate_response(_call(case), checks=CHECKS)

    holds()


@pytest.fixture
def settings_of_api(settings):
    """Many calls come in one minute here."""
    settings.API_CALLS_PER_MINUTE = 100_000
    return settings


def test_no_two_shapes_share_a_name():
    """In the document they would become one, and one of the two would be described wrongly."""
    found, open_ = set(), [Schema]
    while open_:
        children = open_.pop().__subclasses__()
        open_ += children
        found.update(child for child in children if child.__module__.startswith("guanxi."))
    names, document = Counter(shape.__name__ for shape in found), json.dumps(DOCUMENT["paths"])
    described = {name for name in names if f'schemas/{name}"' in document}
    assert len(described) > 50
    assert [name for name in sorted(described) if names[name] > 1] == []


def _texts(shape, shapes):
    shape = shapes[shape["$ref"].rsplit("/", 1)[-1]] if "$ref" in shape else shape
    for part in shape.get("anyOf", ()):
        yield from _texts(part, shapes)
    if shape.get("type") == "array":
        yield from _texts(shape["items"], shapes)
    elif shape.get("type") == "string":
        yield shape


def test_texts_asked_for_hold_nothing_that_the_database_cannot_compare():
    document = api.get_openapi_schema()
    loose = {
        f"{path} {asked['name']}"
        for path, operations in document["paths"].items()
        for operation in operations.values()
        for asked in operation.get("parameters", ())
        if asked["in"] == "query" and asked["name"] != "cursor"  # a cursor is decoded, not compared
        for text in _texts(asked["schema"], document["components"]["schemas"])
        if not {"pattern", "format", "enum", "const"} & set(text)
    }
    assert loose == set()
