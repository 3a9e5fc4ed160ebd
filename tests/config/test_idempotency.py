"""What is kept of an answer for a repeated call: everything but a secret."""

import json

import pytest

from guanxi.config.api import api
from guanxi.foundation.rest import ShownOnce, without_secret

DOCUMENT = json.loads(json.dumps(api.get_openapi_schema(), default=str))
SCHEMAS = DOCUMENT["components"]["schemas"]


def test_a_secret_is_not_kept_and_everything_else_is():
    body = json.dumps({"id": 7, "secret": "gx_abc", "name": "关系"}, ensure_ascii=False)
    assert json.loads(without_secret(body)) == {"id": 7, "secret": None, "name": "关系"}
    assert "gx_abc" not in without_secret(body)


@pytest.mark.parametrize("body", ["", "[]", '{"name": "secret"}', '["secret"]', '{"id": 1}', '"secret"'])
def test_what_has_no_secret_is_kept_as_it_is(body):
    assert without_secret(body) == body


def _answers():
    """The schema of each answer that an operation gives when it succeeds, by operation."""
    for operations in DOCUMENT["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
                if status.startswith("2"):
                    yield operation["operationId"], schema.get("$ref", "").rpartition("/")[2]


def _all_shown_once(kind=ShownOnce):
    for inner in kind.__subclasses__():
        yield inner.__name__
        yield from _all_shown_once(inner)


@pytest.mark.covers("NFR-01")
def test_every_secret_of_the_document_is_one_that_is_left_out_of_the_copy():
    with_secret = {name for name, schema in SCHEMAS.items() if "secret" in schema.get("properties", {})}
    answered = {name for _operation, name in _answers()}
    assert with_secret == set(_all_shown_once())
    assert with_secret <= answered  # as the whole answer: inside of another it would be kept
    inside = {name for name, schema in SCHEMAS.items() if any(f'/{one}"' in json.dumps(schema) for one in with_secret)}
    assert inside == set()


@pytest.mark.covers("NFR-01")
def test_no_answer_has_a_secret_under_another_name():
    hidden = {"password", "token", "digest", "session_key"}
    allowed = {"ApplyIn", "VersionOut", "PartOut"}  # the digest of a file
    # the caller's own name for what he sends, so that it is made once: it opens nothing
    allowed |= {
        "CallIn", "CallOut", "IssueIn", "EnquiryIn", "EnquiryOut", "CorrectionOrderIn", "ComplaintIn", "QuestionIn",
        "RescueIn", "SupportIn", "DemandIn",
    }  # fmt: skip
    found = {name for name, schema in SCHEMAS.items() if hidden & set(schema.get("properties", {}))}
    assert found <= allowed


@pytest.mark.covers("NFR-01")
def test_an_operation_with_a_secret_says_that_it_is_shown_once():
    once = set(_all_shown_once())
    told = {name for ops in DOCUMENT["paths"].values() for op in ops.values()
            for name in [op["operationId"]] if "shown once" in op.get("description", "")}  # fmt: skip
    assert {operation for operation, name in _answers() if name in once} == told
