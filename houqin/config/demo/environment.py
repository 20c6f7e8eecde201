"""Who answers for the demo's places, its waste by the pupil, its toilets with what was tapped at their doors, and answers."""

import random
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from houqin.core.grants.viewers import viewer_for
from houqin.core.orgs.models import OrgUnit, SchoolFacts
from houqin.core.people.models import Account
from houqin.core.places.actions import name_owner
from houqin.core.places.models import Place
from houqin.core.scope.viewer import Viewer, system_viewer
from houqin.flows.duties.actions.doing import do_duty
from houqin.flows.duties.models import Duty
from houqin.flows.ledgers.actions.settling import answer_breach, settle_breaches
from houqin.flows.ledgers.models import Breach
from houqin.modules.environment.actions.toilets import hear, judge_toilets, record_fittings
from houqin.modules.environment.models import HOW_IT_IS, WRONG
from houqin.modules.environment.queries.goals import goals_on

LASTS, DAY, MINUTE = 28, timedelta(days=1), timedelta(minutes=1)
GRAMS_A_PUPIL = {"recyclable": 28, "hazardous": 0, "food": 105, "other": 66}
LATE_CLEARING = {"石塘小学": 0.12, "云岭小学": 0.06}
OWNERS = {
    "guard": ("gate", "extinguisher-powder", "emergency-light", "switchgear-room"), "canteen-manager": ("", "dispenser"),
}  # fmt: skip
UNNAMED = "石塘小学"
HOLIDAY = frozenset({5, 6})
REASONS = {
    "floors": (90, "教学楼每层有男女厕所，三楼男厕只有两个蹲位"), "outdoor": (100, "教学楼一楼厕所离操场中心不到60米"),
    "sewage": (70, "水龙头、冲水阀为节水型，化粪池按期清掏，尚无雨污分流"), "taught": (80, "每学期一次主题班会，门后有提示"),
}  # fmt: skip
ANSWERS = ("已调低温度，半小时后复测正常", "已补做并复查，当面提醒当班人员", "已联系维修，修好前换一台用")


def answer_for_places(org: OrgUnit, by: Viewer) -> None:
    """Name posts where a small school has not the usual one; one school has left some places open."""
    for post, uses in OWNERS.items():
        rows = Place.objects.in_use().filter(org=org, use__in=uses)
        for place in rows.exclude(use="switchgear-room") if org.name == UNNAMED else rows:
            name_owner(place, by=by, post=post)


def waste(org: OrgUnit, chance: random.Random) -> dict[str, Any]:
    """A day's waste of a school: by its pupils, mostly removed the same day, sold now and then."""
    pupils = SchoolFacts.objects.filter(org=org).values_list("enrolment", flat=True)[0]
    weighed: dict[str, Any] = {
        kind: int(pupils * grams * chance.uniform(0.8, 1.2)) // 100 * 100 for kind, grams in GRAMS_A_PUPIL.items()
    }
    if chance.random() < LATE_CLEARING.get(org.name, 0.01):
        weighed |= {"left": [chance.choice(("food", "other"))], "remark": "环卫车故障，已电话催运，次日一早清走"}
    if chance.random() < 0.2:
        weighed["income"] = weighed["recyclable"] * chance.randint(3, 5) // 50
    return weighed


def toilets(org: OrgUnit, now: datetime) -> None:
    """Counted, judged, and four weeks of taps at the doors, most of them answered within two hours."""
    chance = random.Random(f"toilets {org.code}")  # noqa: S311
    head, hand = _viewer(org, "principal", now), _viewer(org, "worker", now) or _viewer(org, "keeper", now)
    assert head is not None
    assert hand is not None
    rows = list(Place.objects.in_use().filter(org=org, use="toilet"))
    pupils = SchoolFacts.objects.filter(org=org).values_list("enrolment", flat=True)[0]
    for place in rows:
        each = pupils / 2 / len(rows)
        record_fittings(
            place, by=head, boys_squats=int(each / 36) + 1, boys_urinals=int(each / 22) + 1, girls_squats=int(each / 17) + 1,
            basins=int(2 * each / 50) + 1,
        )  # fmt: skip
    judged = [one.code for goal in goals_on(head.today) for one in goal.evidence if one.measure is None]
    for code in judged if org.name != UNNAMED else judged[:1]:
        percent, reason = REASONS[code]
        judge_toilets(org, by=head, year=head.today.year, evidence=code, percent=percent, reason=reason)
    for days_ago in range(LASTS, -1, -1):
        _a_day(rows, now - days_ago * DAY, now, hand, chance)


def _a_day(rows: list[Place], day: datetime, now: datetime, hand: Viewer, chance: random.Random) -> None:
    if day.weekday() in HOLIDAY:
        return
    taps = [HOW_IT_IS[chance.choices((0, 1, 2), (7, 2, 1))[0]] for _n in range(chance.randint(0, 3))]
    if chance.random() < 0.3:
        taps.append(chance.choice(WRONG))
    morning = day.replace(hour=0, minute=10, second=0, microsecond=0)  # 08:10 there
    for saying in taps:
        at = morning + chance.randint(0, 480) * MINUTE
        if at >= now:
            continue
        place = chance.choice(rows)
        hear(place, by=system_viewer(now=at), saying=saying)
        done = at + chance.choice((15, 25, 40, 55, 80, 110, 190)) * MINUTE
        duty = Duty.objects.open().filter(about=place.subject_id, rule=f"toilet:{saying}").first()
        if duty is not None and done < now and duty.opens_at <= at:
            do_duty(duty, by=replace(hand, now=done))


def answers(schools: list[OrgUnit], now: datetime) -> None:
    """Values out of limits stood when their time was over, and heads answered them, the latest of the worst school not yet."""
    chance = random.Random("answers")  # noqa: S311
    heads = {org.pk: _viewer(org, "principal", now) for org in schools}
    waiting = Breach.objects.filter(org__in=schools, state=Breach.State.PENDING, settles_at__lt=now)
    for row in waiting.select_related("org").order_by("settles_at", "pk"):
        settle_breaches(by=system_viewer(now=row.settles_at))
        answered = row.settles_at + chance.choice((8, 15, 20, 35, 50, 75, 130, 260)) * MINUTE
        head = heads[row.org_id]
        if head is not None and answered < now and (row.org.name != UNNAMED or answered < now - 3 * DAY):
            answer_breach(row, by=replace(head, now=answered), words=chance.choice(ANSWERS))


def _viewer(org: OrgUnit, username: str, now: datetime) -> Viewer | None:
    found = Account.objects.filter(home=org, is_demo=True, username__startswith=username).order_by("pk").first()
    return viewer_for(found, now=now) if found else None


def environment(schools: list[OrgUnit], now: datetime) -> None:
    """All of it, after the month of ledgers was written."""
    answers(schools, now)
    for org in schools:
        answer_for_places(org, system_viewer(now=now))
        toilets(org, now)
