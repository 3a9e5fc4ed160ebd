"""Every field of every model says whether it is about a person (NFR-01)."""

import pytest
from django.apps import apps

from guanxi.foundation import personal_data

OURS = [model for model in apps.get_models() if model.__module__.startswith("guanxi.")]


@pytest.mark.covers("NFR-01")
@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_field_is_classified(model):
    holding = personal_data.holdings()[model._meta.label]
    fields = {field.name for field in (*model._meta.fields, *model._meta.many_to_many)}
    assert set(holding.fields) == fields


def test_no_holding_without_a_model():
    assert set(personal_data.holdings()) == {model._meta.label for model in OURS}
