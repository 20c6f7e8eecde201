"""What is checked where and how often, and walking a round (R-086)."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.posts import post_kinds
from houqin.core.places.models import Place
from houqin.core.places.queries import uses_on
from houqin.core.scope.refusals import NotVisible, Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.duties.actions.doing import complete
from houqin.flows.duties.generation import replan
from houqin.flows.duties.holding import held
from houqin.flows.duties.models import Duty, DutyState
from houqin.flows.duties.words import EVERY
from houqin.flows.rectify.actions.opening import Found, Source, open_finding
from houqin.flows.rectify.models import Severity
from houqin.modules.inspections.asked import known_facts, topic_of
from houqin.modules.inspections.catalogue import ROUND_RHYTHMS
from houqin.modules.inspections.duties import PREFIX, checklist_of, code_of, standing_rounds, wishes
from houqin.modules.inspections.items import Item
from houqin.modules.inspections.lists import Held, list_on, lists_on
from houqin.modules.inspections.models import AskedRound, Walk
from houqin.modules.inspections.rounds import above, is_oftener
from houqin.modules.inspections.rules import outcome_of

WHY, WORDS = 200, 200

titled({
    "inspections.round_asked": gettext_lazy("Round asked for"),
    "inspections.round_ended": gettext_lazy("Round not asked for any more"),
    "inspections.round_walked": gettext_lazy("Round walked"),
})  # fmt: skip


@verb
def ask_round(
    org: OrgUnit, *, by: Viewer, use: str, checklist: str, every: str, why: str, post: str = ""
) -> AskedRound:
    """Ask that places of a use are checked by a list, so often, at a unit and all below it; takes the place of what it asked before.

    A unit below may ask for more often than one above, never for less. Duties follow from now on.
    """
    require(by, "inspections.set_rounds", at=org)
    row = OrgUnit.objects.select_for_update().get(pk=org.pk)
    if not row.is_open:
        raise Refused(_("This unit is closed. Rounds are asked for where work goes on."))
    if use not in uses_on(by.today):
        raise NotVisible
    _check_wish(checklist, every, post, why, by)
    standing = standing_rounds()
    _check_above(row, use, every, standing)
    now = next((one for one in standing.values() if one.org_id == row.pk and one.use == use), None)
    wanted = {"checklist": checklist, "every": every, "post": post, "why": why.strip()[:WHY]}
    if now is not None and all(getattr(now, name) == value for name, value in wanted.items()):
        return now
    if now is not None:
        AskedRound.objects.filter(pk=now.pk).update(ended_at=by.now)
    made = AskedRound(org=row, use=use, set_at=by.now, account_id=by.account_id, **wanted)
    made.full_clean(exclude=["account"])
    made.save()
    record("inspections.round_asked", made, by=by, org=row, use=use, **wanted)
    _lay_out(made, by, [*standing.values(), made])
    return made


def _check_wish(checklist: str, every: str, post: str, why: str, by: Viewer) -> None:
    if checklist not in lists_on(by.today):
        raise Refused(_("Choose the checklist from the list."), field="checklist")
    if every not in {one.value for one in ROUND_RHYTHMS}:
        raise Refused(_("Choose how often from the list."), field="every")
    if post and post not in post_kinds(by.today):
        raise Refused(_("Choose the post from the list."), field="post")
    if not why.strip():
        raise Refused(_("Say why: whoever walks the round is told the reason."), field="why")


def _check_above(org: OrgUnit, use: str, every: str, standing: Mapping[int, AskedRound]) -> None:
    """More often than every unit above, never for less."""
    for wish in above(org.path, use, wishes(standing.values())):
        if not is_oftener(every, wish.every):
            raise Refused(
                _("%(unit)s asks for it %(every)s already. Ask for it more often, or leave it.")
                % {"unit": standing[wish.key].org, "every": EVERY[wish.every]},
                field="every",
            )


@verb
def end_round(round_: AskedRound, *, by: Viewer, why: str) -> AskedRound:
    """Ask for it no more; what was walked stays. Only the unit that asked, or one above, may."""
    require(by, "inspections.set_rounds", at=round_.org)
    if not why.strip():
        raise Refused(_("Say why it is not asked for any more."), field="why")
    row: AskedRound = AskedRound.objects.select_for_update(of=("self",)).select_related("org").get(pk=round_.pk)
    if row.ended_at is not None:
        raise Refused(_("This is not asked for any more; somebody ended it before."))
    standing = standing_rounds()
    row.ended_at = by.now
    row.save(update_fields=["ended_at"])
    record("inspections.round_ended", row, by=by, org=row.org, use=row.use, why=why.strip()[:WHY])
    _lay_out(row, by, standing.values())
    return row


def _lay_out(row: AskedRound, by: Viewer, rows: Iterable[AskedRound]) -> None:
    """Duties of the same places anew: whose round holds may have changed for units below and above."""
    replan(row.org, by=by, codes=[code_of(one) for one in rows if one.use == row.use])


@verb
def walk_round(
    duty: Duty, *, by: Viewer, failed: Mapping[str, str], values: Mapping[str, Decimal] | None = None
) -> Walk:
    """Walk a round: all is in order but what is named, with what was wrong; measured items are read, never assumed.

    Each thing that is wrong opens a finding of the place; the duty is done.
    """
    require(by, "duties.do", at=duty.org)
    row = held(duty)
    _check_open(row, by)
    place = Place.objects.select_related("org").get(subject_id=row.about_id)
    asked_list = list_on(checklist_of(row.rule), by.today)
    asked = {item.code: item for item in items_at(asked_list, row.org, by)}
    read = dict(values or {})
    if set(failed) - set(asked) or set(read) - {code for code, item in asked.items() if item.kind == "measured"}:
        raise NotVisible
    wrong = {code: words.strip()[:WORDS] for code, words in failed.items()}
    for code, value in read.items():
        if outcome_of(asked[code], value=Fraction(value)) == "failed":
            wrong.setdefault(code, "")
    made = Walk(
        org=row.org, place=place, checklist=asked_list.checklist.code, version=asked_list.version, day=by.today,
        walked_at=by.moment, asked=len(asked), failed=wrong, values={code: str(value) for code, value in read.items()},
        account_id=by.account_id,
    )  # fmt: skip
    made.save()
    for code, words in wrong.items():
        _open(made, asked[code], words, read.get(code), by)
    complete(
        row.org, by=by, rule=row.rule, day=row.day, slot=row.slot, about_ids=[row.about_key], evidence_id=made.public_id,
        until=row.day,
    )  # fmt: skip
    record(
        "inspections.round_walked",
        made,
        by=by,
        org=row.org,
        checklist=made.checklist,
        place=str(place),
        failed=len(wrong),
    )
    return made


def _check_open(duty: Duty, by: Viewer) -> None:
    if not duty.rule.startswith(PREFIX):
        raise NotVisible
    if duty.state == DutyState.DONE:
        raise Refused(_("This round is walked already."))
    if duty.state == DutyState.EXCUSED:
        raise Refused(_("It was excused and need not be done: %(why)s") % {"why": duty.note})
    if duty.state == DutyState.SUSPENDED:
        raise Refused(
            _("It rests while an incident is looked into: nothing may be thrown away or cleaned. Ask your head.")
        )
    if by.moment < duty.opens_at:
        raise Refused(
            _("It can be done from %(when)s on.") % {"when": localtime(duty.opens_at).strftime("%m-%d %H:%M")}
        )


def items_at(asked: Held, org: OrgUnit, by: Viewer) -> list[Item]:
    """What a round asks at a school: the items that apply there."""
    facts = known_facts(org, by.today)
    found = asked.checklist.for_school(*facts) if facts else []
    return found or asked.checklist.items


def _open(walk: Walk, item: Item, words: str, value: Decimal | None, by: Viewer) -> None:
    detail = "\n".join(text for text in (f"{value} {item.unit}" if value is not None else "", words) if text)
    found = Found(
        title=item.zh, detail=detail, standard=item.good_zh, basis=item.basis, severity=Severity(item.severity),
        red_line=item.red_line, topic=topic_of(walk.checklist, item.code), post=item.post,
        days=item.days,
    )  # fmt: skip
    source = Source(
        "round", f"round:{walk.public_id}:{item.code}", walk.walked_at, f"{walk.place} {item.zh}",
        reverse("inspections:rounds-detail", args=[walk.public_id]),
    )  # fmt: skip
    open_finding(
        walk.org, by=by, found=found, source=source, about=walk.place.subject, place=str(walk.place), ordered=True
    )
