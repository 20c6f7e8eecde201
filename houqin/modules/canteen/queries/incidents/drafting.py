"""What the system writes first: reports, words for the telephone, a notice for parents. People read, change and send it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from houqin.core.scope.viewer import Viewer
from houqin.flows.cases.models import Case
from houqin.modules.canteen.models import Body, IncidentReport, Recall, SealedKind, SealedThing
from houqin.modules.canteen.queries.eaters import eaten_sentence
from houqin.modules.canteen.queries.incidents.figures import Attack, Figures
from houqin.modules.canteen.rules.attack import Finding
from houqin.ui import formats

INFINITE = float("inf")


def share(value: float | None) -> str:
    """A rate as people read it."""
    return "—" if value is None else f"{formats.number(100 * value, 1)} %"


def risk_words(one: Finding) -> str:
    """Relative risk with its interval: "3.2 (1.4–7.1)"; only those who ate it: "∞"."""
    if one.risk is None or one.bounds is None:
        return "—"
    middle = "∞" if one.risk == INFINITE else formats.number(one.risk, 1)
    return f"{middle}（{formats.number(one.bounds[0], 1)}–{formats.number(one.bounds[1], 1)}）"


def chance_words(one: Finding) -> str:
    """The probability by chance: never as if it were nothing."""
    return "p < 0.001" if one.chance < 0.001 else f"p = {one.chance:.3f}"


def dish_sentence(one: Finding) -> str:
    """One dish in a sentence: who ate it and who did not, and how much more often the first fell ill."""
    cells = one.cells
    told = _("%(dish)s: of %(ate)s who ate it %(ill)s fell ill, of %(not)s who did not %(ill_not)s; relative risk %(risk)s, %(chance)s.") % {
        "dish": one.dish, "ate": cells.ate, "ill": cells.ill_ate, "not": cells.did_not, "ill_not": cells.ill_not,
        "risk": risk_words(one), "chance": chance_words(one),
    }  # fmt: skip
    return f"{told} {_('The numbers are small: a hint, no proof.')}" if cells.is_small else told


def report_draft(case: Case, kind: str, figures: Figures, attack: Attack) -> str:
    """A written report as far as it is known: discovery, diners, cases, rates, suspicion, measures. Numbers, no names."""
    incident = case.incident
    head = IncidentReport.Kind(kind).label
    parts = [
        _("%(school)s: %(kind)s on a suspected food poisoning") % {"school": case.org, "kind": head},
        _("1. Discovered %(at)s. Case %(number)s.") % {"at": formats.instant(case.opened_at), "number": case.number},
        f"2. {_ill_words(figures)}",
        f"3. {_meal_words(case, figures)}",
        f"4. {_dish_words(incident.dish, attack)}",
        _("5. Measures: %(measures)s") % {"measures": _measures(case)},
        _("6. Contact: %(school)s, to be reached at any time. This report holds numbers only; the register of names is handed to the investigators on site.")
        % {"school": case.org},
    ]  # fmt: skip
    return "\n".join([*([_("[DRILL – not to be sent on]")] if case.drill else []), *parts])


def _ill_words(figures: Figures) -> str:
    if not figures.ill:
        return _("Nobody has been registered as ill so far.")
    told = ngettext("%(count)s ill person registered", "%(count)s ill people registered", figures.ill) % {
        "count": figures.ill
    }
    since = _("the first since %(first)s, the last since %(last)s") % {
        "first": formats.instant(figures.first_at), "last": formats.instant(figures.last_at),
    }  # fmt: skip
    signs = "、".join(f"{word} {count}" for word, count in figures.signs)
    hospital = _("in hospital: %(count)s") % {"count": figures.in_hospital}
    classes = "；".join(
        f"{one.group} {one.ill}{'' if one.ate is None else '/' + str(one.ate)}（{share(one.rate)}）"
        for one in figures.ill_classes
    )
    missing = len(figures.missing)
    searched = _("All classes were searched.") if not missing else ngettext(
        "%(count)s class is still to be searched.", "%(count)s classes are still to be searched.", missing
    ) % {"count": missing}  # fmt: skip
    by_class = _("by class (ill/diners): %(classes)s") % {"classes": classes} if classes else ""
    return "；".join(filter(None, [told, since, signs, hospital, by_class])) + "。" + searched


def _meal_words(case: Case, figures: Figures) -> str:
    meal = case.incident.meal
    if meal is None or figures.eaters is None:
        return _("Which meal it was is not known yet.")
    return _("Suspected meal: %(meal)s. %(eaten)s") % {"meal": meal, "eaten": eaten_sentence(figures.eaters)}


def _dish_words(dish: str, attack: Attack) -> str:
    parts = [_("Suspected dish: %(dish)s.") % {"dish": dish}] if dish else [_("No dish is suspected yet.")]
    if attack.guilty is not None:
        meal, guilty = attack.guilty
        parts += [f"{meal} · {dish_sentence(one)}" for one in guilty]
    parts.append(
        _("Reckoned from %(classes)s classes and %(ill)s ill people.") % {"classes": attack.classes, "ill": attack.ill}
    )
    return " ".join(parts)


def _measures(case: Case) -> str:
    done = [
        f"{step.title}（{formats.clock(step.done_at)}）"
        for step in case.steps.filter(done_at__isnull=False, not_applicable=False)
    ]
    sealed = dict[str, int]()
    for one in SealedThing.objects.filter(case=case):
        sealed[one.kind] = sealed.get(one.kind, 0) + 1
    if sealed:
        counts = "、".join(f"{SealedKind(kind).label} {count}" for kind, count in sealed.items())
        done.append(_("sealed: %(things)s") % {"things": counts})
    recalls = recalls_since(case)
    if recalls:
        done.append(_("recalls: %(numbers)s") % {"numbers": "、".join(str(one) for one in recalls)})
    return "；".join(done) or _("none so far")


def recalls_since(case: Case) -> list[Recall]:
    """Recalls prepared since the alarm of goods that this school has, drills apart."""
    rows = Recall.objects.filter(proposed_at__gte=case.opened_at, is_drill=case.drill, lots__org=case.org)
    mine = Recall.objects.filter(proposed_at__gte=case.opened_at, is_drill=case.drill, org=case.org)
    return list((rows | mine).distinct().order_by("pk"))


def call_words(case: Case, body: str, figures: Figures, by: Viewer) -> str:
    """What to say on the telephone."""
    start = _("This is %(name)s of %(school)s. At %(at)s we found a suspected food poisoning.") % {
        "name": by.name, "school": case.org, "at": formats.clock(case.opened_at),
    }  # fmt: skip
    ill = ngettext("%(count)s person is ill so far", "%(count)s people are ill so far", figures.ill) % {
        "count": figures.ill
    }
    signs = "、".join(word for word, _count in figures.signs)
    told = f"{start} {ill}{f'（{signs}）' if signs else ''}。"
    more = {
        Body.AMBULANCE: _("Please send ambulances to the main gate; somebody waits there. We tell you the number of lying patients."),
        Body.EDUCATION: _("The plan has been started, that food is not served any more; the written report follows within two hours."),
        Body.MARKET: _("Samples, leftovers, goods and the kitchen are sealed. When will you be here, and what else shall we keep?"),
        Body.HEALTH: _("Which hospital shall they go to, and which specimens shall be taken before any medicine?"),
        Body.POLICE: _("We cannot rule out poisoning on purpose. Kitchen and store are closed and guarded; we ask you to come."),
    }  # fmt: skip
    return f"{told} {more[Body(body)]}"


def parents_notice(case: Case, figures: Figures) -> str:
    """For the parents of those who are well: what is verified, no name, no guess at a dish."""
    return _(
        "Dear parents, on %(day)s some pupils of %(school)s felt unwell; %(count)s have been registered and are looked after. "
        "Their families have been told one by one. The school has started its plan, reported to the authorities and stopped "
        "the food concerned; other meals are provided. If your child vomits, has diarrhoea, belly ache or fever, see a doctor "
        "and tell the class teacher at once. The cause is being investigated; please rely on official word alone."
    ) % {"day": formats.day(case.opened_at), "school": case.org, "count": figures.ill}
