"""The warnings that can be announced, and what each asks of every school by itself (DI-01)."""

from collections.abc import Iterable
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from houqin.flows.duties.registry import Demand, Rule, rules_from
from houqin.flows.duties.schedule import Every, Schedule

SOURCE = (
    "《气象灾害预警信号发布与传播办法》（中国气象局令第16号）；《中小学幼儿园安全管理办法》（教育部等十部门令第23号）"
)
WITHIN_HOURS = 6

WARNINGS: dict[str, Promise] = {
    "typhoon": _("Typhoon"),
    "rainstorm": _("Rainstorm"),
    "flood": _("Flood"),
    "gale": _("Gale"),
    "thunderstorm": _("Thunderstorm and lightning"),
    "hail": _("Hail"),
    "snow": _("Snow and icy roads"),
    "cold-wave": _("Cold wave"),
    "heat": _("Heat"),
    "fog": _("Fog and haze"),
    "geological": _("Landslides"),
    "epidemic": _("Infectious disease"),
}
IN_CHINESE = {
    "typhoon": "台风", "rainstorm": "暴雨", "flood": "洪水", "gale": "大风", "thunderstorm": "雷电", "hail": "冰雹",
    "snow": "暴雪、道路结冰", "cold-wave": "寒潮", "heat": "高温", "fog": "大雾、霾", "geological": "地质灾害", "epidemic": "传染病",
}  # fmt: skip
IN_ENGLISH = {
    "typhoon": "typhoon", "rainstorm": "rainstorm", "flood": "flood", "gale": "gale", "thunderstorm": "thunderstorm",
    "hail": "hail", "snow": "snow and ice", "cold-wave": "cold wave", "heat": "heat", "fog": "fog and haze",
    "geological": "landslides", "epidemic": "infectious disease",
}  # fmt: skip


@rules_from
def warning_rules(day: date) -> Iterable[Rule]:
    """A school reads each warning, does what its plan says and answers: whatever ledgers ask besides."""
    for event in WARNINGS:
        yield Rule(
            code=f"warning:{event}",
            title_zh=f"{IN_CHINESE[event]}预警：落实防范措施",
            title_en=f"Warning, {IN_ENGLISH[event]}: take precautions",
            post="safety-officer",
            schedules=(Schedule(Every.EVENT, event=event, within_hours=WITHIN_HOURS),),
            demand=Demand.LAW,
            source=SOURCE,
            tenth_minutes=100,
            red_line=True,
        )
