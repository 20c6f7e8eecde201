"""The register of the ill and how it is put right, the search of the classes, and the call to each family."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from houqin.core.audit.trail import record, titled, verb
from houqin.core.notices.actions import tell
from houqin.core.people.models import Account, ClassGroup, Guardianship, Pupil
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.cases.actions.working import log
from houqin.flows.cases.models import Case
from houqin.modules.canteen.actions.incidents.holding import LEAD, done_by_the_way, held, require_no_name
from houqin.modules.canteen.models import SIGNS, ClassSearch, Ill, IllAte, Meal, WellAte
from houqin.modules.canteen.queries.dishes import cooked_dishes
from houqin.modules.canteen.queries.incidents.figures import classes_of, meals_before
from houqin.modules.canteen.rules.heads import MOST_OF_CLASS
from houqin.ui import formats

titled({
    "canteen.ill_registered": gettext_lazy("Ill person registered"),
    "canteen.ill_corrected": gettext_lazy("Registration of an ill person corrected"),
    "canteen.ill_struck": gettext_lazy("Registration of an ill person struck out"),
    "canteen.class_searched": gettext_lazy("Class searched"),
    "canteen.parents_told": gettext_lazy("Parents told"),
    "canteen.parents_informed": gettext_lazy("Other parents informed"),
})  # fmt: skip
Eaten = tuple[Meal, str]


@verb
def register_ill(
    case: Case,
    *,
    by: Viewer,
    onset_at: datetime,
    signs: Collection[str],
    class_group: ClassGroup | None = None,
    pupil: Pupil | None = None,
    name: str = "",
    other: str = "",
    where: str = Ill.Where.SCHOOL,
    ate: Sequence[Eaten] = (),
    asked: bool = True,
) -> Ill:
    """Write down one who fell ill: class, since when, with what signs, what was eaten. Once a person.

    ``asked``: whether they were asked what they ate; who was not is in no table of dishes. A grown-up has no class.
    """
    row = held(case, by)
    if pupil is not None:
        class_group, name = pupil.class_group, pupil.name
    for one in (class_group, pupil):
        if one is not None and one.org_id != row.org_id:
            raise NotVisible
    name = name.strip()
    if not name:
        raise Refused(_("Write the name."), field="name")
    known = Ill.objects.standing().filter(case=row, class_group=class_group)
    same = Q(pupil=pupil) | Q(pupil__isnull=True, name=name) if pupil else Q(name=name)
    before: Ill | None = known.filter(same).first()
    if before is not None:
        raise Refused(
            _("%(name)s is registered already, at %(at)s by %(who)s.")
            % {"name": name, "at": formats.clock(before.at), "who": before.account or "—"},
            field="name",
        )
    ill = Ill(org=row.org, case=row, class_group=class_group, pupil=pupil, name=name[:40])
    _write(ill, by, onset_at, signs, other, where, ate, asked)
    record("canteen.ill_registered", ill, by=by, org=row.org, case=row.number, group=class_group)
    done_by_the_way(row, "register-ill", by)
    return ill


@verb
def correct_ill(
    ill: Ill,
    *,
    by: Viewer,
    onset_at: datetime,
    signs: Collection[str],
    reason: str,
    other: str = "",
    where: str = Ill.Where.SCHOOL,
    ate: Sequence[Eaten] = (),
    asked: bool = True,
) -> Ill:
    """Write the row of one who is ill anew: more is known now, or something was wrong. The old one stays, struck out.

    What the family was told stays told. Another name is another person: strike the row out and register who it was.
    """
    case = held(ill.case, by)
    old = _standing(case, ill, by)
    _strike(old, by, reason)
    new = Ill(
        org=old.org, case=case, class_group=old.class_group, pupil=old.pupil, name=old.name, corrects=old,
        parents_told_at=old.parents_told_at, parents_told_by=old.parents_told_by, parents_note=old.parents_note,
    )  # fmt: skip
    _write(new, by, onset_at, signs, other, where, ate, asked)
    record("canteen.ill_corrected", new, by=by, org=case.org, case=case.number, before=old.public_id)
    return new


@verb
def strike_ill(ill: Ill, *, by: Viewer, reason: str) -> Ill:
    """Take a wrong registration back: the row stays with the reason and counts nowhere."""
    case = held(ill.case, by)
    row = _standing(case, ill, by)
    _strike(row, by, reason)
    record("canteen.ill_struck", row, by=by, org=case.org, case=case.number)
    left = Ill.objects.standing().filter(case=case)
    if left.exists() and not left.filter(parents_told_at__isnull=True).exists():
        done_by_the_way(case, "parents-ill", by)
    return row


def _standing(case: Case, ill: Ill, by: Viewer) -> Ill:
    """The row as it stands, for who may read its name."""
    row: Ill | None = Ill.objects.visible_to(by).filter(case=case, pk=ill.pk).first()
    if row is None:
        raise NotVisible
    if row.struck_at is not None:
        raise Refused(_("This row was struck out already, at %(at)s.") % {"at": formats.clock(row.struck_at)})
    return row


def _strike(row: Ill, by: Viewer, reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Say why: the reason stays beside the row."), field="reason")
    row.struck_at, row.struck_by_id, row.struck_why = by.moment, by.account_id, reason.strip()[:200]
    row.save(update_fields=["struck_at", "struck_by", "struck_why"])


def _write(
    ill: Ill,
    by: Viewer,
    onset_at: datetime,
    signs: Collection[str],
    other: str,
    where: str,
    ate: Sequence[Eaten],
    asked: bool,
) -> None:
    """Signs, time and dishes of a new row, looked at."""
    if not set(signs) <= set(SIGNS):
        raise Refused(_("Choose from the signs that stand there."), field="signs")
    if not signs and not other.strip():
        raise Refused(_("Say what the person suffers from: tick at least one sign."), field="signs")
    if onset_at > by.moment:
        raise Refused(_("This time has not come yet."), field="onset_at")
    _check_dishes(ill.case, ate)
    for sign in signs:
        setattr(ill, sign, True)
    ill.onset_at, ill.other, ill.where, ill.asked = onset_at, other.strip()[:100], where, asked or bool(ate)
    ill.at, ill.account_id = by.moment, by.account_id
    ill.save()
    IllAte.objects.bulk_create(IllAte(ill=ill, meal=meal, dish=dish) for meal, dish in dict.fromkeys(ate))


@verb
def search_class(
    case: Case, *, by: Viewer, class_group: ClassGroup, well: int, ate: Mapping[Eaten, int]
) -> ClassSearch:
    """Write down how many of a class are well and how many of these ate each dish; a second look replaces the first."""
    row = held(case, by)
    if class_group.org_id != row.org_id:
        raise NotVisible
    if not 0 <= well <= MOST_OF_CLASS:
        raise Refused(_("A class has at most %(most)s pupils.") % {"most": MOST_OF_CLASS}, field="well")
    _check_dishes(row, list(ate))
    for (_meal, dish), count in ate.items():
        if not 0 <= count <= well:
            raise Refused(
                _("%(dish)s: of %(well)s who are well not more can have eaten it.") % {"dish": dish, "well": well}
            )
    search: ClassSearch
    search, made = ClassSearch.objects.update_or_create(
        case=row, class_group=class_group,
        defaults={"org": row.org, "well": well, "at": by.moment, "account_id": by.account_id},
    )  # fmt: skip
    search.ate.all().delete()
    WellAte.objects.bulk_create(
        WellAte(search=search, meal=meal, dish=dish, count=count) for (meal, dish), count in ate.items()
    )
    record("canteen.class_searched", search, by=by, org=row.org, case=row.number, well=well)
    if not made:
        log(row, by=by, text=_("%(class)s was searched again.") % {"class": class_group})
    searched = set(ClassSearch.objects.filter(case=row).values_list("class_group_id", flat=True))
    if searched >= {group.pk for group in classes_of(row.org, by.today)}:
        done_by_the_way(row, "search", by)
    return search


@verb
def tell_parents(ill: Ill, *, by: Viewer, note: str) -> Ill:
    """Note that the parents of one who is ill were told, and what they said. In a drill nobody is telephoned."""
    case = held(ill.case, by)
    row = _standing(case, ill, by)
    if row.parents_told_at is not None:
        raise Refused(_("They were told already, at %(at)s.") % {"at": formats.clock(row.parents_told_at)})
    row.parents_told_at, row.parents_told_by_id, row.parents_note = by.moment, by.account_id, note.strip()[:200]
    row.save(update_fields=["parents_told_at", "parents_told_by", "parents_note"])
    record("canteen.parents_told", row, by=by, org=row.org, case=case.number)
    if not Ill.objects.standing().filter(case=case, parents_told_at__isnull=True).exists():
        done_by_the_way(case, "parents-ill", by)
    return row


@verb
def tell_other_parents(case: Case, *, by: Viewer, text: str, also: str = "") -> int:
    """Send the prepared notice to the parents of those who are well, as far as they have an account; in a drill to nobody.

    ``also`` says how the others get it. The families of the ill are told one by one, not by this.
    """
    row = held(case, by)
    require(by, LEAD, at=row.org)
    if not text.strip():
        raise Refused(_("Write the notice; the draft stands there."), field="text")
    require_no_name(row, by, text, field="text")
    told = 0
    if not row.drill:
        ill = Ill.objects.standing().filter(case=row)
        by_name = ill.filter(pupil__isnull=True, class_group=OuterRef("class_group"), name=OuterRef("name"))
        pupils = Pupil.objects.on_roll(by.today).filter(org=row.org)
        pupils = pupils.exclude(pk__in=ill.filter(pupil__isnull=False).values("pupil")).exclude(Exists(by_name))
        near = Guardianship.objects.filter(pupil__in=pupils, ended_on__isnull=True).order_by().values("account")
        families = Account.objects.filter(pk__in=near, is_active=True)
        told = tell(
            families, lambda: (_("A word from %(school)s") % {"school": row.org}, text.strip()), by=by, org=row.org
        )
    record("canteen.parents_informed", row, by=by, org=row.org, count=told, drill=row.drill)
    count = ngettext("%(count)s family by its account", "%(count)s families by their accounts", told) % {"count": told}
    done_by_the_way(row, "parents-others", by, "；".join(filter(None, [count if told else "", also.strip()])))
    return told


def _check_dishes(case: Case, eaten: Sequence[Eaten]) -> None:
    """Only dishes of meals of the last days: others cannot be meant."""
    known = meals_before(case)
    dishes = cooked_dishes(known)
    for meal, dish in eaten:
        if dish not in dishes.get(meal.pk, ()):
            raise Refused(_("%(dish)s was not cooked for this meal.") % {"dish": dish}, field="ate")
