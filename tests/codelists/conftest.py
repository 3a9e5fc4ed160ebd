"""What the tests of the code lists share: two small lists."""

import datetime

import pytest

from guanxi.codelists.models import Code, CodeList

START = datetime.date(2020, 1, 1)


@pytest.fixture
def flat(acting):
    """A list that outlets may extend, with two codes."""
    found = CodeList.objects.create(code="t_flat", name_zh="测试", name_en="Test", is_extensible=True)
    for position, code in enumerate(["ONE", "TWO"], start=1):
        Code.objects.create(
            list=found,
            code=code,
            name_zh=f"旧{code}",
            name_en=f"old {code}",
            valid_from=START,
            position=position,
        )
    return found


@pytest.fixture
def tree(acting):
    """A list of three levels: A over B over C."""
    found = CodeList.objects.create(
        code="t_tree", name_zh="树", name_en="Tree", is_hierarchical=True, expected_levels=[1, 1, 2]
    )
    above = None
    for level, code in enumerate("ABC", start=1):
        above = Code.objects.create(
            list=found, code=code, name_zh=code, name_en=code, valid_from=START, parent=above, level=level
        )
    return found
