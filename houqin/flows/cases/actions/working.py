"""Working on a case: its steps and its log."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.files.actions import keep_photo
from houqin.core.files.models import StoredFile
from houqin.core.files.pictures import Upload
from houqin.core.files.queries import guarded
from houqin.core.orgs.models import OFFICES
from houqin.core.scope.models import DataClass
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer, covers
from houqin.flows.cases.actions.opening import set_due
from houqin.flows.cases.kinds import manner_of
from houqin.flows.cases.models import Case, Entry, EntryFile, Member, MemberRole, Step

titled(
    {
        "cases.step_done": _("Step done"),
        "cases.step_left_out": _("Step left out"),
        "cases.written": _("Written into the log"),
    }
)
FILES = "cases.view"


def _opens(viewer: Viewer, file: StoredFile) -> bool:
    """Whoever sees the case opens its photos, nobody else."""
    steps = Step.objects.visible_to(viewer).filter(photo=file)
    return bool(steps.exists() or EntryFile.objects.visible_to(viewer).filter(file=file).exists())


guarded(FILES, _opens)


@verb
def do_step(step: Step, *, by: Viewer, note: str = "", photo: Upload | None = None) -> Step:
    """Do a step: by a member, or by anybody who works on cases at the unit that leads it."""
    row = locked(step.case, by)
    one = row.steps.get(pk=step.pk)
    require_hands(row, by)
    if one.by_deed:
        raise Refused(_("This step is done by its own form."))
    if one.asks_note and not note.strip():
        raise Refused(_("Write how it was done."), field="note")
    if one.asks_photo and photo is None:
        raise Refused(_("Take a photo of it."), field="photo")
    return complete_step(row, one.code, by=by, note=note, photo=photo)


@verb
def leave_out_step(step: Step, *, by: Viewer, reason: str) -> Step:
    """Say why a step does not apply here; it stays on record with its reason."""
    row = locked(step.case, by)
    require_hands(row, by)
    one = row.steps.get(pk=step.pk)
    if one.by_deed:
        raise Refused(_("This step is done by its own form."))
    if not reason.strip():
        raise Refused(_("Write why not."), field="reason")
    needed = manner_of(row.kind).keeps(row, one.code)
    if needed:
        raise Refused(needed)
    one.not_applicable = True
    return _finish(row, one, by, reason, None, "cases.step_left_out")


@verb
def add_entry(
    case: Case,
    *,
    by: Viewer,
    text: str,
    photo: Upload | None = None,
    photos: Sequence[StoredFile] = (),
    step: Step | None = None,
) -> Entry:
    """Write into the log; offices above help by this, too. A closed case is read, not written."""
    row = locked(case, by)
    require(by, "cases.work", at=row.org)
    require_open(row)
    if step is not None and step.case_id != row.pk:
        raise NotVisible
    if not text.strip():
        raise Refused(_("Write what happened."), field="text")
    return log(row, by=by, text=text, photo=photo, photos=photos, step=step)


@verb
def log(
    case: Case,
    *,
    by: Viewer,
    text: str,
    photo: Upload | None = None,
    photos: Sequence[StoredFile] = (),
    step: Step | None = None,
) -> Entry:
    """Write one line inside a verb that holds the case and has asked everything."""
    require_fit(case, by, text, field="text")
    made = Entry.objects.create(case=case, step=step, at=by.moment, account_id=by.account_id, text=text)
    files = [*photos, *([_kept(case, by, photo)] if photo is not None else [])]
    EntryFile.objects.bulk_create(EntryFile(entry=made, file=file) for file in files)
    record("cases.written", case, by=by, org=case.trail_org)
    return made


@verb
def complete_step(
    case: Case, code: str, *, by: Viewer, note: str = "", photo: Upload | None = None, applies: bool = True
) -> Step:
    """Have a step done, or left out with the note, inside a verb that holds the case and has asked everything.

    The times of its followers begin.
    """
    step = case.steps.get(code=code)
    step.not_applicable = not applies
    return _finish(case, step, by, note, photo, "cases.step_done" if applies else "cases.step_left_out")


def _finish(case: Case, step: Step, by: Viewer, note: str, photo: Upload | None, event: str) -> Step:
    require_open(case)
    require_fit(case, by, note, field="note")
    if step.done_at is not None:
        raise Refused(_("%(who)s has done this already.") % {"who": step.done_by or _("Somebody else")})
    before = case.steps.filter(code=step.after, done_at__isnull=True).first() if step.after else None
    if before is not None:
        raise Refused(_("One thing after the other. First: %(step)s.") % {"step": before.title})
    step.done_at, step.done_by_id, step.note = by.moment, by.account_id, note
    step.photo = _kept(case, by, photo) if photo is not None else None
    step.save(update_fields=["done_at", "done_by", "not_applicable", "note", "photo"])
    for follower in case.steps.filter(after=step.code, done_at__isnull=True):
        set_due(follower, step.done_at)
        follower.save(update_fields=["due_at"])
    record(event, case, by=by, org=case.trail_org, step=step.code)
    return step


def _kept(case: Case, by: Viewer, photo: Upload) -> StoredFile:
    stamp = "" if case.restricted else f"{case.org.name} · {case.title}"
    return keep_photo(
        case.org, by=by, upload=photo, permission=FILES, name=case.number, stamp=stamp[:120],
        data_class=DataClass.PERSONAL if case.restricted else DataClass.OPERATIONAL,
    )  # fmt: skip


def locked(case: Case, by: Viewer) -> Case:
    """The case as it stands, held until the verb is over; none where it is kept from the viewer."""
    Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    seen = Case.objects.visible_to(by).select_related("org", "lead", "person", "finding")
    row: Case | None = seen.filter(pk=case.pk).first()
    if row is None:
        raise NotVisible
    return row


def require_fit(case: Case, by: Viewer, text: str, *, field: str) -> None:
    """Stop where the kind of case does not let these words stand for all who read it."""
    wrong = manner_of(case.kind).unfit(case, by, text)
    if wrong:
        raise Refused(wrong, field=field)


def require_open(case: Case) -> None:
    """Stop unless the case is open."""
    if not case.is_open:
        raise Refused(_("This case is closed."))


def works_on(case: Case, viewer: Viewer) -> bool:
    """Whether the viewer does its steps: a member, or who works on cases at the very unit that leads it.

    An office above helps by the log, and does steps only as a member. A restricted case knows members alone.
    """
    if viewer.is_system:
        return True
    if not viewer.may("cases.work", case.org.path):
        return False
    roles = [MemberRole.LEADS, MemberRole.WORKS]
    if case.members.filter(account=viewer.account_id, until_at__isnull=True, role__in=roles).exists():
        return True
    if case.restricted:
        return False
    at = [reach for reach in viewer.reaches if "cases.work" in reach.permissions]
    below = case.lead.kind not in OFFICES
    return any(one.org_id == case.lead_id or (below and covers(case.lead.path, one.path)) for one in at)


def require_hands(case: Case, by: Viewer) -> None:
    """Stop unless ``by`` does the steps of this case."""
    if not works_on(case, by):
        raise PermissionDenied("cases.work")


def leads(case: Case, viewer: Viewer) -> bool:
    """Whether the viewer leads this case: who may lead cases at the unit that leads it, or its leading member."""
    if viewer.is_system or viewer.may("cases.lead", case.lead.path):
        return True
    row = Member.objects.filter(case=case, account=viewer.account_id, role=MemberRole.LEADS, until_at__isnull=True)
    return viewer.may("cases.work", case.org.path) and bool(row.exists())


def require_lead(case: Case, by: Viewer) -> None:
    """Stop unless ``by`` leads this case."""
    if not leads(case, by):
        raise PermissionDenied("cases.lead")
