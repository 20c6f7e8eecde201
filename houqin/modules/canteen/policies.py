"""What a unit may set about its canteens, with what holds until one does."""

from django.utils.translation import gettext_lazy as _

from houqin.core.policies.registry import Policy, declare
from houqin.core.policies.rules import Kind

R45 = "《学校食品安全与营养健康管理规定》（教育部、市场监管总局、国家卫健委令第45号）"
GB31654 = "GB 31654-2021《食品安全国家标准 餐饮服务通用卫生规范》"

HEADS_DUE = "canteen.heads_due"
RECALL_ACKNOWLEDGE = "canteen.recall_acknowledge"
RECALL_REPORT = "canteen.recall_report"
QUICK_CORRECTION = "canteen.quick_correction"
SAMPLE_GRAMS = "canteen.sample_grams"
SAMPLE_HOURS = "canteen.sample_hours"
SERVE_WITHIN = "canteen.serve_within"
CORE_TEMPERATURE = "canteen.core_temperature"
CONDITION_DAYS = "canteen.condition_days"
SIGNATURE_FIRST = "canteen.signature_first"
BREAKFAST_AT = "canteen.breakfast_at"
LUNCH_AT = "canteen.lunch_at"
DINNER_AT = "canteen.dinner_at"
RETURN_PHOTO = "canteen.return_photo"
RETURN_COUNTERSIGN = "canteen.return_countersign"
WRITE_OFF_PHOTO = "canteen.write_off_photo"
WRITE_OFF_COUNTERSIGN = "canteen.write_off_countersign"
SEND_COUNTERSIGN = "canteen.send_countersign"
COUNT_REASON = "canteen.count_reason"
COUNT_COUNTERSIGN = "canteen.count_countersign"
EXPIRY_DAYS = "canteen.expiry_days"
REFUSE_WITHOUT_PAPERS = "canteen.refuse_without_papers"
PUBLISH_CERTIFICATES = "canteen.publish_certificates"
FIRST_REPORT = "canteen.first_report"
FOLLOW_UP_REPORT = "canteen.follow_up_report"
PLAN = "《国家食品安全事故应急预案》；《中华人民共和国食品安全法》第103条"

declare(
    Policy(HEADS_DUE, _("Classes report who eats by"), Kind.CLOCK, "08:00", "earlier"),
    Policy(RECALL_ACKNOWLEDGE, _("A school acknowledges a recall within"), Kind.MINUTES, 30, "less"),
    Policy(RECALL_REPORT, _("A school reports what it found within"), Kind.MINUTES, 120, "less"),
    Policy(QUICK_CORRECTION, _("A slip of one's own is corrected without ceremony within"), Kind.MINUTES, 15, "less"),
    Policy(SAMPLE_GRAMS, _("A food sample weighs at least"), Kind.GRAMS, 125, "more", R45, "A*"),
    Policy(SAMPLE_HOURS, _("A food sample is kept at least"), Kind.HOURS, 48, "more", R45, "A*"),
    Policy(SERVE_WITHIN, _("Food is served after cooking within"), Kind.MINUTES, 120, "less", GB31654, "B"),
    Policy(CORE_TEMPERATURE, _("Food is cooked through at a core of at least"), Kind.TEMPERATURE, 700, "more", GB31654, "B"),
    Policy(CONDITION_DAYS, _("What a conditional acceptance asks for comes within"), Kind.DAYS, 3, "less"),
    Policy(SIGNATURE_FIRST, _("A delivery is signed by a second person before its first issue"), Kind.SWITCH, True, "on"),
    Policy(BREAKFAST_AT, _("Breakfast is served at"), Kind.CLOCK, "07:00"),
    Policy(LUNCH_AT, _("Lunch is served at"), Kind.CLOCK, "11:40"),
    Policy(DINNER_AT, _("Dinner is served at"), Kind.CLOCK, "17:30"),
    Policy(RETURN_PHOTO, _("Goods returned or exchanged are photographed"), Kind.SWITCH, False, "on"),
    Policy(RETURN_COUNTERSIGN, _("Goods returned or exchanged are countersigned from"), Kind.GRAMS, 50_000, "less"),
    Policy(WRITE_OFF_PHOTO, _("Goods written off are photographed"), Kind.SWITCH, True, "on"),
    Policy(WRITE_OFF_COUNTERSIGN, _("Goods written off are countersigned from"), Kind.GRAMS, 5_000, "less"),
    Policy(SEND_COUNTERSIGN, _("Goods sent to another school are countersigned from"), Kind.GRAMS, 50_000, "less"),
    Policy(COUNT_REASON, _("A difference in weight is explained above"), Kind.GRAMS, 500, "less"),
    Policy(COUNT_COUNTERSIGN, _("A difference found by counting is countersigned from"), Kind.GRAMS, 10_000, "less"),
    Policy(EXPIRY_DAYS, _("Goods are shown before they expire, days ahead"), Kind.DAYS, 7, "more"),
    Policy(REFUSE_WITHOUT_PAPERS, _("Goods whose papers are missing are turned away"), Kind.SWITCH, False, "on"),
    Policy(PUBLISH_CERTIFICATES, _("Everybody may see until when the kitchen staff's health certificates hold"), Kind.SWITCH, False),
    Policy(FIRST_REPORT, _("A suspected food poisoning is reported in writing within"), Kind.MINUTES, 120, "less", PLAN, "B"),
    Policy(FOLLOW_UP_REPORT, _("Until the final report a follow-up report is written within"), Kind.MINUTES, 1440, "less"),
)  # fmt: skip
