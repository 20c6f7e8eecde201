"""What canteen ledgers mean: 进货验收, 出库 and 带量食谱."""

from houqin.flows.sheets.kinds import SheetKind, register, register_names
from houqin.modules.canteen.sheets.applying import apply_ledgers
from houqin.modules.canteen.sheets.names import Foods, Suppliers
from houqin.modules.canteen.sheets.shapes import DELIVERIES, ISSUES, MENUS
from houqin.modules.canteen.sheets.summing import sum_deliveries

register(SheetKind(MENUS, 35, "canteen.record", ("day", "meal"), apply_ledgers))
register(SheetKind(DELIVERIES, 40, "canteen.record", ("day", "product"), apply_ledgers, summarise=sum_deliveries))
register(SheetKind(ISSUES, 50, "canteen.record", ("day", "meal", "product"), apply_ledgers))
register_names(Suppliers())
register_names(Foods())
