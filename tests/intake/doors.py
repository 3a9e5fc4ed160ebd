"""The doors of imports, for the walk with every role: see tests/architecture/walk.py."""

import base64

from tests.architecture.matrix import Door, call, post

from guanxi.foundation import clock
from guanxi.intake.models import Mapping, Run
from guanxi.intake.permissions import Verb

OUTLET = "outlet"
FILE = "客户姓名,VIN码\n王小明,LVB00000000000001\n".encode()
PAGES = {
    "intake:runs": Door(Verb.VIEW),
    "intake:import-file": Door(Verb.IMPORT_FILE),
    "intake:run": Door(Verb.VIEW, OUTLET, args=("checked_import",)),
    "intake:columns": Door(Verb.IMPORT_FILE, OUTLET, args=("checked_import",)),
    "intake:findings": Door(Verb.VIEW, OUTLET, args=("checked_import",)),
    "intake:rejects": Door(Verb.VIEW, OUTLET, args=("checked_import",)),
    "intake:merge": post(Verb.IMPORT_FILE, OUTLET, "checked_import"),
    "intake:undo-import": post(Verb.UNDO_IMPORT, OUTLET, "written_import"),
    "intake:drop": post(Verb.IMPORT_FILE, OUTLET, "checked_import"),
}


def _new(t):
    return {"place_id": t.outlet, "source": "DMS", "name": "x.csv", "content": base64.b64encode(FILE).decode()}


OPERATIONS = {
    "guanxi_intake_api_add_run": call(Verb.IMPORT_FILE, OUTLET, _new),
    "guanxi_intake_api_list_runs": call(Verb.VIEW),
    "guanxi_intake_api_get_run": call(Verb.VIEW, OUTLET),
    "guanxi_intake_api_list_findings": call(Verb.VIEW, OUTLET),
    "guanxi_intake_api_get_rejects": call(Verb.VIEW, OUTLET),
    "guanxi_intake_api_choose_columns": call(Verb.IMPORT_FILE, OUTLET, lambda _t: {"mapping": {"name": 0, "vin": 1}}),
    "guanxi_intake_api_merge_run": call(Verb.IMPORT_FILE, OUTLET),
    "guanxi_intake_api_undo_run": call(Verb.UNDO_IMPORT, OUTLET),
    "guanxi_intake_api_drop_run": call(Verb.IMPORT_FILE, OUTLET),
}
INSIDE = frozenset()
PATH = {"import_id": "checked_import"}


def things(cast):
    """Return imports of the cast's outlet, made by nobody: one checked, one written. Their files are gone."""
    sheet = {
        "name": "x", "rows": 2, "columns": 2, "header_row": 1, "headings": ["客户姓名", "VIN码"],
        "sample": [["客户姓名", "VIN码"], ["王小明", "LVB00000000000001"]], "form": "delimited", "encoding": "utf-8",
        "delimiter": ",",
    }  # fmt: skip
    shared = {
        "at": clock.now(), "place_id": cast.outlet_id, "source": "DMS", "file_name": "x.csv", "digest": "0" * 64,
        "size": 1, "sheets": [sheet], "header_row": 1, "kind": "owners", "mapping": {"name": 0, "vin": 1},
    }  # fmt: skip
    checked = Run.objects.create(state="CHECKED", **shared)
    written = Run.objects.create(state="DONE", merged_at=clock.now(), **shared)
    Mapping.objects.filter(source="DMS").delete()
    return {"checked_import": checked.pk, "written_import": written.pk}
