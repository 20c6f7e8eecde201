"""报餐: who eats, who is away, who slept at school."""

from houqin.modules.canteen.actions.heads.absences import end_absence, record_absences
from houqin.modules.canteen.actions.heads.night import record_night_roll
from houqin.modules.canteen.actions.heads.others import remind_missing, report_others
from houqin.modules.canteen.actions.heads.reporting import report_heads

__all__ = [
    "end_absence", "record_absences", "record_night_roll", "remind_missing", "report_heads", "report_others",
]  # fmt: skip
