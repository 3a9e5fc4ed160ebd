"""Who may see, make and undo imports."""

from enum import StrEnum


class Verb(StrEnum):
    VIEW = "intake.view"
    IMPORT_FILE = "intake.import_file"
    UNDO_IMPORT = "intake.undo_import"
