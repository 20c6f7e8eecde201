"""How canteen ledgers look: 进货验收, 出库, 带量食谱."""

from houqin.flows.sheets.reading.shapes import Field, FieldType, Matrix, Shape
from houqin.lib.notes import mark as _
from houqin.modules.canteen.sheets.finishing import finish_delivery, finish_issue, finish_menu_line, gather_menu

_SCHOOL = Field(
    "school", _("School"), FieldType.NAME,
    ("学校", "学校名称", "单位名称", "校名", "食堂", "收货单位", "使用单位", "校区"), refers_to="school", carried=True,
    never=("供货", "供应"),
)  # fmt: skip
_PRODUCT = Field(
    "product", _("Food"), FieldType.NAME,
    ("食品名称", "品名", "名称", "物品名称", "食品原料名称", "原料名称", "商品名称", "货物名称", "食材名称", "食材", "产品名称", "品种",
     "物资名称", "货品名称", "菜品名称", "原材料名称", "采购品种", "食品", "材料名称", "进货品种", "货名", "物品"),
    required=True, refers_to="product", never=("供", "单位", "厂", "人"),
)  # fmt: skip
_SPEC = Field(
    "spec",
    _("Specification"),
    FieldType.TEXT,
    ("规格", "规格型号", "包装规格", "型号规格", "规格/包装", "包装", "型号"),
)
_UNIT = Field(
    "unit",
    _("Unit"),
    FieldType.TEXT,
    ("单位", "计量单位", "数量单位", "计价单位", "重量单位", "计量"),
    never=("供", "学校", "名称", "收货", "使用"),
)
_BATCH = Field(
    "batch",
    _("Batch"),
    FieldType.CODE,
    ("批号", "批次", "生产批号", "批次号", "产品批号", "批号批次", "产品批次", "生产批次", "入库批号"),
)

DELIVERIES = Shape(
    code="deliveries",
    title=_("Deliveries"),
    fields=(
        _SCHOOL,
        Field("day", _("Day"), FieldType.DAY,
              ("日期", "进货日期", "进货时间", "购进日期", "采购日期", "入库日期", "入库时间", "到货日期", "到货时间", "收货日期", "验收日期",
               "购货日期", "送货日期", "供货日期", "配送日期", "登记日期", "验收时间", "时间", "购入日期", "月日"),
              required=True, carried=True, never=("生产", "保质", "到期", "有效", "失效", "出厂", "截止")),
        _PRODUCT,
        _SPEC,
        Field("quantity", _("Quantity"), FieldType.QUANTITY,
              ("数量", "进货数量", "购进数量", "采购数量", "入库数量", "实收数量", "到货数量", "验收数量", "收货数量", "购买数量", "供货数量",
               "进货量", "采购量", "入库量", "送货数量", "实际数量", "数量重量", "件数"),
              required=True, or_else="weight", never=("单位", "价", "额", "出库", "结存", "库存")),
        _UNIT,
        Field("weight", _("Weight"), FieldType.QUANTITY, ("重量", "净重", "总重量", "折合重量", "实际重量", "验收重量", "合计重量", "折合公斤"), never=("单位", "价", "额")),
        Field("unit_price", _("Unit price"), FieldType.UNIT_PRICE, ("单价", "进货单价", "采购单价", "价格", "含税单价", "进价", "单价元"), lenient=True),
        Field("amount", _("Amount"), FieldType.MONEY,
              ("金额", "总价", "合计金额", "总金额", "进货金额", "价款", "合计", "小计", "总额", "采购金额", "货款", "金额合计", "价税合计"),
              never=("量", "重")),
        Field("produced_on", _("Produced"), FieldType.DAY, ("生产日期", "生产时间", "出厂日期", "制造日期", "屠宰日期", "生产加工日期", "生产年月日"), lenient=True,
              never=("批",)),
        Field("produced_or_batch", _("Produced / batch"), FieldType.TEXT,
              ("生产日期/批号", "生产日期或批号", "生产日期及批号", "生产日期（批号）", "生产批号日期", "批号/生产日期", "生产日期、批号", "批号或生产日期",
               "生产日期或生产批号", "生产日期/生产批号", "生产批号或生产日期"), never=()),
        _BATCH,
        Field("shelf_life", _("Shelf life"), FieldType.SHELF_LIFE, ("保质期", "保质期限", "保质时间", "质保期", "保鲜期", "有效期", "保存期", "贮存期"), lenient=True,
              never=("至", "到期", "日期")),
        Field("use_by", _("Best before"), FieldType.DAY, ("到期日期", "保质期至", "有效期至", "保质期到期日", "失效日期", "到期日", "保质日期", "保质截止日期"), lenient=True),
        Field("supplier", _("Supplier"), FieldType.NAME,
              ("供货单位", "供应商", "供货商", "供货者", "供货方", "供应单位", "供货者名称", "供应商名称", "供货单位名称", "供货商名称", "进货单位",
               "配送单位", "配送公司", "配送商", "经销商", "销售单位", "供货企业", "来源", "供货渠道", "进货来源", "购货单位", "供应者", "供货公司",
               "送货单位", "供货人", "购进单位", "采购地点", "进货渠道", "供货来源", "供货户", "货源"),
              refers_to="supplier", never=("电话", "联系", "地址", "许可", "资质", "日期")),
        Field("certificate", _("Certificate"), FieldType.CODE,
              ("检验检疫证明编号", "检疫证明编号", "检验检疫证号", "检疫证号", "合格证明编号", "检验报告编号", "合格证号", "检验合格证号", "票证编号",
               "检验检疫证明", "索证情况", "合格证明文件", "检验报告", "索证索票", "票证", "证明文件", "动物检疫证号", "检疫合格证明"), lenient=True),
        Field("senses", _("Look and smell"), FieldType.TEXT,
              ("感官检查", "感官", "感官性状", "感官检验", "感官情况", "外观检查", "外观", "质量情况", "验收情况", "验收结果", "查验情况", "质量状况", "质量",
               "验收意见", "查验结果", "感官验收"), lenient=True),
        Field("accepted_by", _("Accepted by"), FieldType.NAME,
              ("验收人", "验收人员", "验收人签名", "验收人签字", "收货人", "验收员", "查验人", "验收", "签收人", "经手人", "经办人", "保管员", "记录人", "签字",
               "验收签字", "验货人", "双人验收", "收货人签字", "签名"), lenient=True),
        Field("note", _("Remark"), FieldType.TEXT, ("备注", "说明", "备 注", "附注", "备考"), lenient=True),
    ),
    hints=("进货", "验收", "采购", "购进", "入库", "进货查验", "收货", "索证", "购货", "到货", "来货", "入仓"),
    against=("出库", "领用", "领料", "消耗", "留样", "库存盘点", "出仓"),
    finish=finish_delivery,
    sums=("amount",),
)  # fmt: skip

ISSUES = Shape(
    code="issues",
    title=_("Issues to meals"),
    fields=(
        _SCHOOL,
        Field("day", _("Day"), FieldType.DAY,
              ("日期", "出库日期", "出库时间", "领用日期", "领料日期", "使用日期", "领用时间", "发放日期", "时间", "领取日期", "用料日期", "登记日期", "供餐日期", "月日"),
              required=True, carried=True, never=("生产", "保质", "到期", "有效", "入库")),
        Field("meal", _("Meal"), FieldType.MEAL, ("餐次", "餐别", "用餐", "供餐餐次", "餐", "餐时", "用途", "使用餐次", "供应餐次", "领用餐次"),
              carried=True, lenient=True),
        _PRODUCT,
        _SPEC,
        Field("quantity", _("Quantity"), FieldType.QUANTITY,
              ("数量", "出库数量", "领用数量", "领料数量", "使用数量", "发放数量", "用量", "重量", "出库量", "领用量", "实发数量", "实领数量", "使用量", "领取数量",
               "消耗数量", "消耗量", "净重"),
              required=True, never=("单位", "价", "额", "结存", "库存", "入库", "剩余")),
        _UNIT,
        _BATCH,
        Field("produced_on", _("Produced"), FieldType.DAY, ("生产日期", "生产时间", "出厂日期"), lenient=True),
        Field("eaters", _("Eaters"), FieldType.COUNT,
              ("就餐人数", "用餐人数", "实际就餐人数", "供餐人数", "就餐人次", "用餐人次", "供餐人次", "吃饭人数", "就餐学生数"), lenient=True, never=("标准", "费", "元")),
        Field("taken_by", _("Taken by"), FieldType.NAME,
              ("领用人", "领料人", "领取人", "使用人", "领用人签字", "领用人签名", "厨师", "经手人", "领用", "签字", "经办人", "领料人签字"), lenient=True),
        Field("note", _("Remark"), FieldType.TEXT, ("备注", "说明", "附注"), lenient=True),
    ),
    hints=("出库", "领用", "领料", "发放", "消耗", "出仓", "出货", "用料"),
    against=("进货", "验收", "采购", "入库", "留样", "库存盘点", "收货"),
    finish=finish_issue,
)  # fmt: skip

MENUS = Shape(
    code="menus",
    title=_("Weighed menus"),
    fields=(
        _SCHOOL,
        Field("day", _("Day"), FieldType.DAY, ("日期", "供餐日期", "用餐日期", "时间", "食谱日期", "星期"), required=True, carried=True),
        Field("meal", _("Meal"), FieldType.MEAL, ("餐次", "餐别", "餐", "用餐"), required=True, carried=True),
        Field("dish", _("Dish"), FieldType.NAME, ("菜名", "菜品名称", "菜品", "菜肴", "食谱", "餐品名称", "菜谱", "菜肴名称", "餐点"), carried=True),
        Field("ingredients", _("Ingredients"), FieldType.TEXT, ("配料", "食材及用量", "带量食谱", "食材用量", "原料及用量", "带量", "主要食材", "食材组成", "食材明细")),
        Field("ingredient", _("Ingredient"), FieldType.NAME, ("食材", "原料", "原料名称", "食材名称", "食物名称", "主料", "材料")),
        Field("amount", _("Grams a head"), FieldType.QUANTITY,
              ("用量", "重量", "人均用量", "每人用量", "克重", "克数", "带量克", "单人用量", "人均克数", "份量", "生重", "可食部重量")),
        Field("dishes", _("Dishes"), FieldType.TEXT, ("菜品及用量", "食谱内容", "菜谱内容", "供餐内容")),
    ),
    hints=("食谱", "菜谱", "带量", "营养餐", "菜单", "供餐"),
    against=("进货", "验收", "出库", "留样", "花名册"),
    finish=finish_menu_line,
    gather=gather_menu,
    matrix=Matrix(cell="dishes"),
    belongs_to_school=False,
)  # fmt: skip
