"""Both sides sign: the score stands, what failed becomes findings, the record is sealed."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.events.bus import emit
from houqin.core.files.actions import keep_photo
from houqin.core.files.pictures import Upload
from houqin.core.orgs.models import OFFICES, OrgUnit
from houqin.core.people.models import Account
from houqin.core.scope.models import DataClass
from houqin.core.scope.refusals import Refused
from houqin.core.scope.viewer import Viewer
from houqin.flows.rectify.actions.checking import close_as_seen
from houqin.flows.rectify.actions.opening import Found, Source, open_finding
from houqin.flows.rectify.models import Finding, FindingState, Severity
from houqin.flows.seals.chaining import append, hold
from houqin.flows.seals.rules import digest_of
from houqin.modules.inspections.actions.visiting import inspecting, locked
from houqin.modules.inspections.asked import Asked, asked_of, figure_of, result_for, topic_of
from houqin.modules.inspections.items import Item
from houqin.modules.inspections.models import Answer, CampaignKind, Signature, Visit, VisitState
from houqin.modules.inspections.records import text_of

SIGNED = "inspections.signed"
titled({SIGNED: _("Visit signed and sealed")})
SHOWN = 3


@dataclass(frozen=True)
class Sign:
    """One signature: the drawing, or for the school why there is none. ``objection`` is what the school says to it."""

    side: Signature.Side
    name: str
    image: Upload | None = None
    account: Account | None = None
    objection: str = ""
    refused_why: str = ""


@verb
def sign_visit(visit: Visit, *, by: Viewer, signs: Sequence[Sign], remark: str = "") -> Visit:
    """Sign for both sides. Each failed item opens a finding that is ordered at once; then nothing changes any more."""
    hold(visit.org)
    row = locked(visit, by)
    inspector = inspecting(row, by)
    if row.state != VisitState.UNDERWAY:
        raise Refused(_("Only a visit that is under way is signed: %(state)s.") % {"state": row.get_state_display()})
    asked = asked_of(row, by.today)
    answers = list(row.answers.prefetch_related("photos__file"))
    result = result_for(asked, answers)
    if result.missing:
        names = "、".join(item.title(get_language() or "") for item in result.missing[:SHOWN])
        words = {"count": len(result.missing), "names": names}
        raise Refused(
            _("%(count)d items have no answer yet: %(names)s. If others answer them, let them send first.") % words
        )
    school = _checked(row, signs, spots=any(one.on_the_spot for one in answers))
    row.score_hundredths, row.red_lines, row.remark = result.score, len(result.red), remark.strip()
    row.grade = "" if result.grade is None else asked[0].grades[result.grade].zh
    row.state, row.signed_at = VisitState.SIGNED, by.now
    for sign in signs:
        _sign(row, sign, inspector)
    items = {(one.code, item.code): (one, item) for one in asked for item in one.items}
    for answer in answers:
        if answer.outcome == Answer.Outcome.FAILED:
            _open(row, answer, *items[answer.checklist, answer.item], by=inspector, school=school)
    row.content = text_of(row)
    row.save(
        update_fields=["score_hundredths", "red_lines", "remark", "grade", "state", "signed_at", "content"],
    )
    emit(SIGNED, by=by, org=row.org, subject=row)
    failed = sum(one.outcome == Answer.Outcome.FAILED for one in answers)
    record(SIGNED, row, by=by, org=row.org, score=row.score_hundredths, findings=failed)
    append(row.org, by=by, item_id=row.public_id, kind="visit", digest=digest_of(row.content))
    return row


def _checked(row: Visit, signs: Sequence[Sign], *, spots: bool) -> Sign | None:
    """The school's signature, when both sides are there as they must be."""
    ours = [one for one in signs if one.side == Signature.Side.INSPECTORS]
    schools = [one for one in signs if one.side == Signature.Side.SCHOOL]
    if not ours or any(not one.name.strip() or one.image is None for one in ours):
        raise Refused(_("An inspector signs on the screen, with their name."), field="inspector")
    if len(schools) > 1:
        raise Refused(_("One person signs for the school."), field="school")
    school = schools[0] if schools else None
    if school is None and row.kind == CampaignKind.SELF and not spots:
        return None
    if school is None or not school.name.strip():
        raise Refused(_("Somebody of the school signs beside you; write their name."), field="school")
    if school.image is None and not school.refused_why.strip():
        raise Refused(_("The school signs on the screen, or it stands here why it would not."), field="school")
    if school.name.strip() in {one.name.strip() for one in ours}:
        raise Refused(_("Two different persons sign, one for each side."), field="school")
    if spots and school.image is None:
        raise Refused(
            _("What was put right on the spot needs the school's signature. Take the mark away, or let them sign.")
        )
    return school


def _sign(row: Visit, sign: Sign, inspector: Viewer) -> None:
    image = None
    if sign.image is not None:
        name = f"{row.number} {sign.side.label}"
        image = keep_photo(
            row.org, by=inspector, upload=sign.image, permission="inspections.view", name=name,
            data_class=DataClass.PERSONAL,
        )  # fmt: skip
    Signature.objects.create(
        visit=row, side=sign.side, name=sign.name.strip()[:60], salt=secrets.token_hex(16), account=sign.account,
        image=image, objection=sign.objection.strip()[:500], refused_why=sign.refused_why.strip()[:200],
        signed_at=inspector.moment,
    )  # fmt: skip


def _open(row: Visit, answer: Answer, asked: Asked, item: Item, *, by: Viewer, school: Sign | None) -> None:
    """The finding of a failed item; one that was put right on the spot is closed with the school's signature."""
    figure = figure_of(item, answer.value_thousandths) if answer.value_thousandths is not None else ""
    found = Found(
        title=item.zh, detail="\n".join(filter(None, [figure, answer.remark])), standard=item.good_zh, basis=item.basis,
        severity=Severity(item.severity), red_line=item.red_line, topic=topic_of(asked.code, item.code), post=item.post,
        days=item.days,
    )  # fmt: skip
    address = reverse("inspections:visits-detail", args=[row.public_id])
    source = Source(
        "visit", f"answer:{answer.public_id}", answer.answered_at, f"{row.number} {item.zh}", address,
        campaign=str(row.campaign.public_id) if row.campaign else "",
    )  # fmt: skip
    photos = [one.file for one in answer.photos.all()]
    finding: Finding = open_finding(
        row.org, by=by, found=found, source=source, place=answer.place, unit=_finder(row), photos=photos, ordered=True
    )
    if answer.on_the_spot and school is not None and finding.state == FindingState.ORDERED:
        close_as_seen(finding, by=by, remark=answer.remark, account=school.account, name=school.name)
    answer.finding = finding
    answer.save(update_fields=["finding"])


def _finder(row: Visit) -> OrgUnit:
    """The unit that found it and looks again: in a cross-check the office whose campaign it is, never the other school."""
    if row.kind == CampaignKind.SELF:
        return row.org
    if row.office.kind not in OFFICES and row.campaign is not None and row.campaign.org.kind in OFFICES:
        return row.campaign.org
    return row.office
