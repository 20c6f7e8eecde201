"""停用封存与追溯排查: the deeds of a recall, from its preparation to its report."""

from houqin.core.audit.trail import titled
from houqin.modules.canteen.actions.recalls.answering import acknowledge_recall, report_found
from houqin.modules.canteen.actions.recalls.ending import close_recall, lift_freeze, withdraw_recall
from houqin.modules.canteen.actions.recalls.launching import launch_recall, widen_recall
from houqin.modules.canteen.actions.recalls.proposing import open_recall_by_two, propose_recall
from houqin.modules.canteen.recall_words import EVENT_WORDS

titled(EVENT_WORDS)

__all__ = [
    "acknowledge_recall",
    "close_recall",
    "launch_recall",
    "lift_freeze",
    "open_recall_by_two",
    "propose_recall",
    "report_found",
    "widen_recall",
    "withdraw_recall",
]
