"""Everything that writes records: the audit line, applied presets, exports, API replies, attachments."""

from guanxi.records.services.applying import apply_preset_part, record_preset
from guanxi.records.services.exporting import export, export_figures
from guanxi.records.services.replies import count_call, forget_replies, remember, remembered
from guanxi.records.services.trail import Line, audit, audit_many

__all__ = [
    "Line", "apply_preset_part", "audit", "audit_many", "count_call", "export", "export_figures",
    "forget_replies", "record_preset", "remember", "remembered",
]  # fmt: skip
