"""疑似食物中毒: the deeds of the first two hours, and of what comes after."""

from houqin.modules.canteen.actions.incidents.alarm import call_off, end_drill, raise_alarm
from houqin.modules.canteen.actions.incidents.calling import note_call, set_number
from houqin.modules.canteen.actions.incidents.feeding import provide_meal
from houqin.modules.canteen.actions.incidents.handing import ask_package, receive_package, take_package
from houqin.modules.canteen.actions.incidents.ill import (
    correct_ill,
    register_ill,
    search_class,
    strike_ill,
    tell_other_parents,
    tell_parents,
)
from houqin.modules.canteen.actions.incidents.reopening import note_release, reopen_kitchen
from houqin.modules.canteen.actions.incidents.reporting import send_report, suspect
from houqin.modules.canteen.actions.incidents.sealing import Thing, seal_things

__all__ = [
    "Thing",
    "ask_package",
    "call_off",
    "correct_ill",
    "end_drill",
    "note_call",
    "note_release",
    "provide_meal",
    "raise_alarm",
    "receive_package",
    "register_ill",
    "reopen_kitchen",
    "seal_things",
    "search_class",
    "send_report",
    "set_number",
    "strike_ill",
    "suspect",
    "take_package",
    "tell_other_parents",
    "tell_parents",
]
