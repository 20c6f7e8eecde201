"""录入更正: what was written wrongly is taken back by a reversing entry and written anew; nothing is edited."""

from houqin.modules.canteen.actions.corrections.asking import (
    correct_entry,
    correct_issue,
    correct_line,
    decide_correction,
)

__all__ = ["correct_entry", "correct_issue", "correct_line", "decide_correction"]
