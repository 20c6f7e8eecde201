"""What is told at the door of a toilet is a duty of whoever answers for it: within two hours, and it climbs like any other."""

from collections.abc import Iterable
from datetime import date

from houqin.flows.duties.registry import Demand, Rule, rules_from
from houqin.flows.duties.schedule import Every, Schedule
from houqin.modules.environment.models import Saying

SOURCE = "湖北省学校后勤工作办公室2018年工作要点（鄂教后办〔2018〕1号）：厕所管理有效、服务到位"
WITHIN_HOURS = 2
PREFIX = "toilet:"
TITLES = {
    Saying.NO_PAPER: ("厕所缺纸、缺洗手液：补齐", "Toilet without paper or soap: fill it up"),
    Saying.BLOCKED: ("厕所堵了：疏通", "Toilet blocked: clear it"),
    Saying.SMELL: ("厕所有异味：清扫通风", "Toilet smells: clean and air it"),
    Saying.BROKEN: ("厕所坏了：修理或报修", "Toilet broken: repair it or have it repaired"),
}


@rules_from
def toilet_rules(day: date) -> Iterable[Rule]:
    """A rule for each thing that can be wrong."""
    for saying, (zh, en) in TITLES.items():
        yield Rule(
            code=f"{PREFIX}{saying.value}",
            title_zh=zh,
            title_en=en,
            post="cleaner",
            schedules=(Schedule(Every.EVENT, event=f"{PREFIX}{saying.value}", within_hours=WITHIN_HOURS),),
            demand=Demand.OFFICE,
            source=SOURCE,
            tenth_minutes=50,
            family="environment",
        )
