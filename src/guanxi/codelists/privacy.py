"""Code lists say nothing about people."""

from guanxi.foundation.personal_data import Holding, Sensitivity, declare

_LIST = (
    "id", "code", "name_zh", "name_en", "description_zh", "description_en", "is_extensible", "is_hierarchical",
    "expected_levels", "source",
)  # fmt: skip
_CODE = (
    "id", "list", "code", "name_zh", "name_en", "parent", "level", "position", "attributes", "valid_from",
    "valid_to", "node", "source", "is_retired_here", "is_placed_here",
)  # fmt: skip
_WORDING = ("id", "code", "name_zh", "name_en", "valid_from", "source")


def register() -> None:
    """Classify every field of this capability."""
    declare(
        Holding("codelists.CodeList", dict.fromkeys(_LIST, Sensitivity.NONE)),
        Holding("codelists.Code", dict.fromkeys(_CODE, Sensitivity.NONE)),
        Holding("codelists.CodeWording", dict.fromkeys(_WORDING, Sensitivity.NONE)),
    )
