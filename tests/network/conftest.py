"""What the tests of the network share: places by code, days, small additions, Excel files."""

import datetime
import io

import pytest
from openpyxl import Workbook

from guanxi.foundation.actor import Actor, Grant, Origin, Scope
from guanxi.network.models import Node
from guanxi.network.services import structure

HEADINGS = ("编码", "类型", "中文名称", "上级编码", "开业日期", "销售", "服务")


@pytest.fixture
def place(cast):
    """Return a function from a code to its id."""
    return lambda code: Node.objects.get(code=code).pk


@pytest.fixture
def add(cast, place):
    """Return a function that adds a place under another, as headquarters unless said otherwise."""

    def new(parent, kind, code, *, actor=None, since=datetime.date(2020, 1, 1), **more):
        more = {"sells": True, **more} if kind == "OUTLET" else more
        above = place(parent) if isinstance(parent, str) else parent
        return structure.add_node(
            actor=actor or cast.hq, parent_id=above, kind=kind, code=code, name_zh=f"名{code}", valid_from=since, **more
        )

    return new


@pytest.fixture
def holder(cast):
    """Return a function that makes an actor of some verbs over some places, like a role held there."""

    def make(verbs, nodes, above=()):
        covers = frozenset(nodes)
        grant = Grant(min(covers), "t_role", frozenset(str(verb) for verb in verbs), covers)
        scope = Scope(nodes=covers, above=frozenset(above))
        return Actor(cast.branch.user_id, "holder", (grant,), scope, Origin(channel="test"))

    return make


def workbook(*rows, headings=HEADINGS, before=()):
    """Return an Excel file: title rows, the heading row, the rows."""
    book = Workbook()
    sheet = book.active
    for line in (*before, headings, *rows):
        sheet.append(list(line))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.fixture(name="workbook")
def workbook_fixture():
    return workbook
