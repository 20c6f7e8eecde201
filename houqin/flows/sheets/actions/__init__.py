"""What can be done with an import."""

from houqin.flows.sheets.actions.correcting import correct_sheet, decide_proposal
from houqin.flows.sheets.actions.handing import discard_import, start_import
from houqin.flows.sheets.actions.undoing import undo_proposal
from houqin.flows.sheets.actions.writing import apply_import

__all__ = [
    "apply_import",
    "correct_sheet",
    "decide_proposal",
    "discard_import",
    "start_import",
    "undo_proposal",
]
