"""How rosters look: 学校基本情况, 食堂从业人员花名册, 学生名册."""

from houqin.flows.sheets.reading.shapes import Field, FieldType, Shape
from houqin.lib.notes import mark as _
from houqin.modules.console.sheets.finishing import finish_person, finish_pupil, finish_school

_SCHOOL = Field(
    "school", _("School"), FieldType.NAME,
    ("学校", "学校名称", "单位", "单位名称", "所在学校", "工作单位", "校名", "所属学校", "食堂名称", "所在单位", "就读学校", "园所"),
    refers_to="school", carried=True,
)  # fmt: skip
_NAME = ("姓名", "名字", "人员姓名", "员工姓名", "从业人员姓名", "学生姓名", "幼儿姓名")
_SEX = Field("sex", _("Sex"), FieldType.SEX, ("性别",), lenient=True)
_ID_NUMBER = Field(
    "id_number",
    _("Identity number"),
    FieldType.CODE,
    ("身份证号", "身份证号码", "身份证", "公民身份号码", "证件号码", "身份证件号"),
    secret=True,
    lenient=True,
)

SCHOOLS = Shape(
    code="schools",
    title=_("Schools"),
    fields=(
        Field("name", _("School"), FieldType.NAME,
              ("学校名称", "学校", "单位名称", "校名", "学校(幼儿园)名称", "园所名称", "学校全称", "单位", "校(园)名称", "名称", "学校(园)名称"),
              required=True, never=("代码", "编码", "标识", "类")),
        Field("code", _("School code"), FieldType.CODE, ("学校标识码", "学校代码", "标识码", "学校编码", "机构代码", "学校标识代码", "学校识别码", "国标码"), lenient=True),
        Field("school_type", _("Type of school"), FieldType.TEXT,
              ("办学类型", "学校类型", "学校类别", "学段", "类别", "办学层次", "类型", "办学类别", "学校性质"), lenient=True),
        Field("classes", _("Classes"), FieldType.COUNT, ("班级数", "教学班数", "班数", "教学班", "班级", "班级个数", "教学班级数"), lenient=True),
        Field("enrolment", _("Pupils"), FieldType.COUNT,
              ("学生数", "在校生数", "在校学生数", "学生人数", "在校学生", "在校人数", "学生总数", "在校生", "幼儿数", "在园幼儿数", "学生", "学生总人数",
               "学生数合计", "在籍学生数", "在校学生人数"),
              required=True, never=("寄宿", "住校", "住宿", "男", "女", "留守", "走读", "就餐", "受益")),
        Field("boarders", _("Boarders"), FieldType.COUNT,
              ("寄宿生数", "寄宿生", "住校生数", "住宿生数", "住校生", "寄宿学生数", "住宿生", "寄宿人数", "住校人数", "住宿学生数", "寄宿生人数", "其中寄宿生",
               "其中:寄宿", "内宿生", "住校学生数", "寄宿", "住校", "住校生人数", "住宿人数"), lenient=True, never=("男", "女", "床")),
        Field("staff", _("Staff"), FieldType.COUNT,
              ("教职工数", "教职工", "教职工人数", "教职员工数", "教师数", "教工数", "教师人数", "教职员工", "教职工总数"), lenient=True, never=("食堂",)),
        Field("canteen_mode", _("Canteen"), FieldType.TEXT,
              ("食堂经营方式", "经营方式", "供餐方式", "食堂运营方式", "食堂管理模式", "供餐模式", "经营模式", "食堂经营模式", "食堂类型", "食堂性质", "运营模式",
               "食堂供餐方式"), lenient=True),
        Field("principal_name", _("Head of school"), FieldType.NAME,
              ("负责人", "校长", "校长姓名", "负责人姓名", "学校负责人", "园长", "校(园)长", "校长(园长)", "法人代表", "法定代表人", "食品安全第一责任人",
               "联系人"), lenient=True, never=("电话", "手机")),
        Field("phone", _("Telephone"), FieldType.CODE, ("联系电话", "电话", "手机", "联系方式", "负责人电话", "电话号码", "办公电话", "校长电话", "手机号码"), lenient=True),
        Field("counted_on", _("Counted on"), FieldType.DAY, ("统计日期", "统计时间", "填报日期", "截止日期"), lenient=True, carried=True),
    ),
    hints=("基本情况", "学校信息", "基础数据", "学校概况", "办学", "基本信息", "学校一览", "学校名录", "统计表"),
    against=("花名册", "名册", "进货", "出库", "食谱", "学生名单", "从业人员"),
    finish=finish_school,
    sums=("enrolment", "boarders", "classes", "staff"),
    belongs_to_school=False,
)  # fmt: skip

STAFF = Shape(
    code="staff",
    title=_("Canteen staff"),
    fields=(
        _SCHOOL,
        Field("name", _("Full name"), FieldType.NAME, _NAME, required=True, never=("学校", "负责")),
        _SEX,
        Field("age", _("Age"), FieldType.COUNT, ("年龄", "年纪", "周岁"), lenient=True),
        Field("born_on", _("Born"), FieldType.DAY, ("出生年月", "出生日期", "出生年月日"), lenient=True),
        _ID_NUMBER,
        Field("post", _("Post"), FieldType.NAME, ("岗位", "工种", "职务", "工作岗位", "从事岗位", "岗位名称", "从事工种", "职位", "岗位工种", "工作岗位(工种)", "分工"),
              lenient=True),
        Field("certificate", _("Health certificate"), FieldType.CODE,
              ("健康证编号", "健康证号", "健康证号码", "健康证明编号", "健康合格证号", "健康证", "健康证书编号", "证件编号", "体检证号"), lenient=True, never=("日期", "期", "时间")),
        Field("certified_on", _("Issued on"), FieldType.DAY,
              ("发证日期", "办证日期", "健康证发证日期", "体检日期", "发证时间", "办理日期", "健康证办理日期", "签发日期", "体检时间"), lenient=True),
        Field("valid_until", _("Valid until"), FieldType.DAY,
              ("有效期至", "有效期", "到期日期", "有效期限", "健康证有效期", "健康证有效期至", "有效日期", "到期时间", "健康证到期日期", "有效截止日期", "失效日期"),
              lenient=True),
        Field("trained", _("Trained"), FieldType.YES_NO, ("培训合格", "是否培训", "培训情况", "食品安全培训", "培训", "是否培训合格", "培训考核", "培训考核合格"), lenient=True),
        Field("phone", _("Telephone"), FieldType.CODE, ("联系电话", "电话", "手机", "手机号", "联系方式", "手机号码", "电话号码"), lenient=True),
        Field("note", _("Remark"), FieldType.TEXT, ("备注", "说明"), lenient=True),
    ),
    hints=("从业人员", "花名册", "食堂人员", "工作人员", "员工", "健康证", "食堂工作", "炊事", "人员名册"),
    against=("学生", "幼儿名册", "进货", "出库", "食谱", "基本情况"),
    finish=finish_person,
)  # fmt: skip

PUPILS = Shape(
    code="pupils",
    title=_("Pupils"),
    fields=(
        _SCHOOL,
        Field("grade", _("Grade"), FieldType.NAME, ("年级", "年段", "届别"), carried=True, lenient=True),
        Field("class_name", _("Class"), FieldType.NAME, ("班级", "班", "班别", "班级名称", "所在班级", "教学班"), carried=True, lenient=True, never=("主任",)),
        Field("name", _("Full name"), FieldType.NAME, ("学生姓名", *_NAME), required=True, never=("家长", "监护人", "学校", "父", "母")),
        _SEX,
        _ID_NUMBER,
        Field("is_boarder", _("Boarder"), FieldType.YES_NO,
              ("是否寄宿", "是否住校", "是否住宿", "寄宿", "住校", "寄宿生", "住宿", "就读方式", "走读/寄宿", "住宿情况", "是否寄宿生", "是否住校生"), lenient=True),
    ),
    hints=("学生名册", "学生花名册", "学生名单", "学生", "在校生名册", "幼儿名册", "新生"),
    against=("从业人员", "食堂人员", "进货", "出库", "食谱", "基本情况", "营养餐"),
    finish=finish_pupil,
)  # fmt: skip
