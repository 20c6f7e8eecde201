"""What happens to goods in store besides meals: 退货 换货 报损 调拨 盘点, and what becomes of what a recall stopped."""

from houqin.modules.canteen.actions.deeds.counting import Counted, count_store
from houqin.modules.canteen.actions.deeds.leaving import (
    dispose_of_frozen,
    give_back_for_exchange,
    replacement_came,
    return_to_supplier,
    write_off,
)
from houqin.modules.canteen.actions.deeds.signing import countersign_entry
from houqin.modules.canteen.actions.deeds.transferring import receive_from_school, send_to_school, take_back

__all__ = [
    "Counted",
    "count_store",
    "countersign_entry",
    "dispose_of_frozen",
    "give_back_for_exchange",
    "receive_from_school",
    "replacement_came",
    "return_to_supplier",
    "send_to_school",
    "take_back",
    "write_off",
]
