"""What is shown of a telephone number, and that every field is classified."""

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from guanxi.foundation.personal_data import Sensitivity, holdings, mask_phone, mask_text


@pytest.mark.covers("NFR-01")
@given(st.text("0123456789", min_size=8, max_size=20))
def test_the_middle_of_a_number_never_shows(number):
    shown = mask_phone(number)
    assert shown == f"{number[:3]} **** {number[-4:]}"
    assert sum(letter.isdigit() for letter in shown) == 7


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("138 0013 8084", "138 **** 8084"),
        ("1234567", "****"),
        ("", "****"),
        ("   ", "****"),
    ],
)
def test_spaces_do_not_matter_and_short_numbers_show_nothing(number, shown):
    assert mask_phone(number) == shown


@pytest.mark.covers("NFR-01")
@pytest.mark.parametrize("label", ["records", "network", "access"])
def test_every_field_is_classified_and_no_other(label):
    for model in apps.get_app_config(label).get_models():
        fields = {field.name for field in (*model._meta.local_fields, *model._meta.local_many_to_many)}
        assert set(holdings()[f"{label}.{model.__name__}"].fields) == fields, model


def test_credentials_are_secret():
    found = holdings()
    assert found["access.User"].fields["password"] == Sensitivity.SECRET
    assert found["access.Token"].fields["digest"] == Sensitivity.SECRET
    assert found["access.SignInLink"].fields["digest"] == Sensitivity.SECRET


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("13805714826", "138 **** 4826"),
        ("李明 138 0571 4826", "李明 138 **** 4826"),
        ("31010119900101123X", "310 **** 123X"),
        ("li.ming@example.com", "****"),
        ("沪A12345", "沪A12345"),
        ("LSVAA4187E2012345", "LSVAA4187E2012345"),
        ("4826", "4826"),
        ("", ""),
    ],
)
def test_numbers_that_somebody_typed_are_hidden_and_words_are_not(typed, shown):
    assert mask_text(typed) == shown
