"""What duties ask of each post in minutes, who asks for it, and what an office's additions cost (PR-19, PR-20)."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import covers
from houqin.flows.duties.models import Duty
from houqin.flows.duties.registry import DEMANDS, Addition, Demand, Rule
from houqin.flows.duties.reminding_words import rules_named

SPAN = timedelta(days=14)
DAYS = 7


@dataclass
class PostMinutes:
    """The minutes a week that one post is asked for at one school on average, by who asks."""

    post: str
    name: str
    by_demand: dict[str, float] = field(default_factory=lambda: dict.fromkeys(Demand, 0.0))

    @property
    def shares(self) -> list[tuple[object, float]]:
        """Minutes a week by who asks, in the order of the demands."""
        return [(DEMANDS[demand], round(self.by_demand[demand], 1)) for demand in Demand]

    @property
    def week(self) -> float:
        """Minutes a week."""
        return round(sum(self.by_demand.values()), 1)

    @property
    def day(self) -> float:
        """Minutes a day, of five days."""
        return round(self.week / 5, 1)


@dataclass
class Asked:
    """What one unit asks (or law, or the schools themselves): minutes a week of all schools together, and of how many."""

    who: str
    demand: Demand
    minutes: float = 0
    schools: int = 0
    rules: list["RuleMinutes"] = field(default_factory=list)

    @property
    def hours(self) -> float:
        """Hours a week in sum."""
        return round(self.minutes / 60, 1)


@dataclass(frozen=True)
class RuleMinutes:
    """What one duty asks: minutes each time, how often a week in sum, minutes a week in sum."""

    rule: Rule
    post: str
    times: float
    schools: int
    minutes: float
    addition: Addition | None = None

    @property
    def each(self) -> float:
        """Minutes each time; of what was added only these."""
        return (self.addition or self.rule).tenth_minutes / 10


@dataclass(frozen=True)
class Minutes:
    """Minutes at or below a unit, from the duties of a week before and a week after today."""

    first: date
    last: date
    schools: int
    posts: list[PostMinutes]
    asked: list[Asked]

    @property
    def total(self) -> float:
        """Minutes a week of all posts of one school on average."""
        return round(sum(post.week for post in self.posts), 1)


def minutes_at(org: OrgUnit, today: date, names: dict[str, str]) -> Minutes:
    """The minutes that duties ask of the posts of a school, or of the schools below an office on average.

    Read from the duties as they were laid out for the week before and the week after: meals served, places in use, holidays
    and the school's own arrangement are in them. Six queries at most.
    """
    first, last = today - SPAN / 2, today + SPAN / 2 - timedelta(days=1)
    duties = Duty.objects.under(org.path).filter(day__range=(first, last)).order_by()
    rows = list(duties.values_list("rule", "post").annotate(n=Count("id"), schools=Count("org", distinct=True)))
    schools = duties.aggregate(n=Count("org", distinct=True))["n"]
    days = duties.aggregate(n=Count("day", distinct=True))["n"]
    rules = rules_named({row[0] for row in rows}, today)
    weeks = max(1, round(days / DAYS))
    posts: dict[str, PostMinutes] = {}
    asked: dict[tuple[Demand, str], Asked] = {}
    for code, post, count, where in rows:
        rule = rules.get(code)
        if rule is None:
            continue
        minutes = count * rule.tenth_minutes / 10 / weeks
        one = posts.setdefault(post, PostMinutes(post, names.get(post, post)))
        one.by_demand[rule.demand] += minutes / max(1, schools)
        who = rule.asked_by.name if rule.asked_by else ""
        by = asked.setdefault((rule.demand, who), Asked(who, rule.demand))
        by.minutes += minutes
        by.schools = max(by.schools, where)
        by.rules.append(RuleMinutes(rule, names.get(post, post), round(count / weeks, 1), where, round(minutes, 1)))
    for post, addition, rule, count, where in _additions(org, first, last, rules):
        minutes = count * addition.tenth_minutes / 10 / weeks
        one = posts.setdefault(post, PostMinutes(post, names.get(post, post)))
        one.by_demand[Demand.OFFICE] += minutes / max(1, schools)
        by = asked.setdefault((Demand.OFFICE, addition.asked_by.name), Asked(addition.asked_by.name, Demand.OFFICE))
        by.minutes += minutes
        by.schools = max(by.schools, where)
        more = RuleMinutes(rule, names.get(post, post), round(count / weeks, 1), where, round(minutes, 1), addition)
        by.rules.append(more)
    for by in asked.values():
        by.rules.sort(key=lambda one: -one.minutes)
    order = list(Demand)
    return Minutes(
        first, last, schools,
        sorted(posts.values(), key=lambda one: -one.week),
        sorted(asked.values(), key=lambda one: (order.index(one.demand), -one.minutes)),
    )  # fmt: skip


def _additions(
    org: OrgUnit, first: date, last: date, rules: dict[str, Rule]
) -> Iterator[tuple[str, Addition, Rule, int, int]]:
    """What units added to rules of others: post, addition, rule, how many duties it concerns, at how many schools."""
    added = {code: rule for code, rule in rules.items() if rule.additions}
    duties = Duty.objects.under(org.path).filter(day__range=(first, last), rule__in=added).order_by()
    rows = list(duties.values_list("rule", "post", "org__path").annotate(n=Count("id"))) if added else []
    for code, rule in added.items():
        for addition in rule.additions:
            counts: dict[str, Counter[str]] = defaultdict(Counter)
            for of, post, path, count in rows:
                if of == code and covers(addition.path, path):
                    counts[post][path] += count
            for post, by_school in counts.items():
                yield post, addition, rule, by_school.total(), len(by_school)
