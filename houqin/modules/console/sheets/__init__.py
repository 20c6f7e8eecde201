"""What rosters mean: 学校基本情况, 食堂从业人员花名册, 学生名册."""

from houqin.flows.sheets.kinds import SheetKind, register
from houqin.modules.console.sheets.applying import apply_pupils, apply_schools, apply_staff
from houqin.modules.console.sheets.shapes import PUPILS, SCHOOLS, STAFF

register(SheetKind(SCHOOLS, 10, "orgs.record_facts", ("name",), apply_schools, creates_schools=True))
register(SheetKind(STAFF, 20, "people.change", ("name",), apply_staff))
register(SheetKind(PUPILS, 30, "people.change_pupils", ("grade", "class_name", "name"), apply_pupils))
