"""What is done with tables: written and sent by an office, answered by a school, taken over or sent back."""

from houqin.flows.collect.actions.answering import acknowledge_notice, answer_notice, ask_for_time, withdraw_answer
from houqin.flows.collect.actions.checking import decide_time, send_back, take_all, take_over
from houqin.flows.collect.actions.ending import close_notice, copy_notice, reopen_notice
from houqin.flows.collect.actions.sending import remind_schools, send_notice
from houqin.flows.collect.actions.templates import keep_template
from houqin.flows.collect.actions.writing import Col, change_notice, choose_schools, discard_notice, write_notice

__all__ = [
    "Col", "acknowledge_notice", "answer_notice", "ask_for_time", "change_notice", "choose_schools", "close_notice",
    "copy_notice", "decide_time", "discard_notice", "keep_template", "remind_schools", "reopen_notice", "send_back",
    "send_notice", "take_all", "take_over", "withdraw_answer", "write_notice",
]  # fmt: skip
