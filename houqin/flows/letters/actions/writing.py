"""Writing what a letter asks, and writing it anew for the next year."""

from dataclasses import asdict, dataclass

from django.utils.translation import gettext_lazy as _

from houqin.core.audit.trail import record, titled, verb
from houqin.core.orgs.models import OrgUnit
from houqin.core.people.posts import post_kinds
from houqin.core.scope.refusals import Refused, require
from houqin.core.scope.viewer import Viewer
from houqin.flows.letters.models import Letter, Pattern

titled(
    {
        "letters.written": _("Text of a letter written"),
        "letters.renewed": _("Text of a letter renewed for another year"),
        "letters.ended": _("Text of a letter ended"),
    }
)


@dataclass(frozen=True)
class Asks:
    """What a letter asks: the three duties of 一岗三责, targets one a line, and what it rests on."""

    business: str
    safety: str
    integrity: str
    targets: str = ""
    basis: str = ""


@verb
def write_pattern(
    org: OrgUnit, *, by: Viewer, title: str, year: int, asks: Asks, unit_kind: str = "", post: str = ""
) -> Pattern:
    """Write the text of a letter, for the heads of units below or for the holders of a post."""
    require(by, "letters.issue", at=org)
    if bool(unit_kind) == bool(post):
        raise Refused(_("A letter is for units or for a post. Choose one of the two."), field="post")
    if post and post not in post_kinds(by.today):
        raise Refused(_("The catalogue knows no such kind of post. Choose one from the list."), field="post")
    return _write(org, by, title, year, asks, unit_kind, post, None)


def _write(
    org: OrgUnit, by: Viewer, title: str, year: int, asks: Asks, unit_kind: str, post: str, before: Pattern | None
) -> Pattern:
    if Pattern.objects.filter(org=org, title=title, year=year, ended_at__isnull=True).exists():
        raise Refused(
            _("There is a text of this title for this year already. Open it, or choose another title."), field="year"
        )
    row = Pattern(
        org=org, title=title, year=year, unit_kind=unit_kind, post=post, renews=before, set_at=by.now,
        account_id=by.account_id, **asdict(asks),
    )  # fmt: skip
    row.full_clean()
    row.save()
    record("letters.renewed" if before else "letters.written", row, by=by, org=org)
    return row


@verb
def renew_pattern(pattern: Pattern, *, by: Viewer, year: int, asks: Asks) -> Pattern:
    """Write it anew for another year: its letters follow on those of this one, which stay as they were signed."""
    require(by, "letters.issue", at=pattern.org)
    pattern = Pattern.objects.select_for_update(of=("self",)).select_related("org").get(pk=pattern.pk)
    if year <= pattern.year:
        raise Refused(_("It is renewed for a later year than %(year)s.") % {"year": pattern.year}, field="year")
    after = Pattern.objects.filter(renews=pattern, ended_at__isnull=True).first()
    if after:
        raise Refused(_("It has been renewed already: %(after)s.") % {"after": after})
    return _write(pattern.org, by, pattern.title, year, asks, pattern.unit_kind, pattern.post, pattern)


@verb
def end_pattern(pattern: Pattern, *, by: Viewer, reason: str) -> Pattern:
    """Issue no more letters of this text. Those that were issued stay."""
    require(by, "letters.issue", at=pattern.org)
    pattern = Pattern.objects.select_for_update(of=("self",)).select_related("org").get(pk=pattern.pk)
    if pattern.ended_at:
        raise Refused(_("This text has ended already."))
    pattern.ended_at = by.now
    pattern.save(update_fields=["ended_at"])
    count = Letter.objects.standing().filter(pattern=pattern).count()
    record("letters.ended", pattern, by=by, org=pattern.org, reason=reason, count=count)
    return pattern
