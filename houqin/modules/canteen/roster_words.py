"""What is said of somebody who may not work with food."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from houqin.modules.canteen.queries.roster import Fitness
from houqin.modules.canteen.rules.roster import Verdict


def month_day(day: date, today: date) -> str:
    """3 月 2 日; of another year with its year."""
    return date_format(day, _("j F") if day.year == today.year else _("j F Y"))


def why_off(one: Fitness, day: date, today: date) -> str:
    """The reason and what to do now; empty for somebody who works."""
    told = {"name": one.person.name, "day": month_day(day, today)}
    if one.verdict == Verdict.UNWELL:
        return (
            _(
                "%(name)s did not pass the morning check and does not handle food. Ask somebody else; the head may decide otherwise."
            )
            % told
        )
    if one.verdict == Verdict.NO_CERTIFICATE:
        return (
            _(
                "No health certificate of %(name)s is recorded: no work with food. Record it first, or ask somebody else."
            )
            % told
        )
    if one.verdict != Verdict.ENDED:
        return ""
    until = one.certificate.expires_on if one.certificate else None
    if until is None or until >= day:
        return (
            _(
                "The health certificate of %(name)s does not hold on %(day)s. Record the new one first, or ask somebody else."
            )
            % told
        )
    told["until"] = month_day(until, today)
    if day == today:
        return (
            _(
                "%(name)s's health certificate ended on %(until)s: no work with food today. Record the new one first, or ask somebody else."
            )
            % told
        )
    return (
        _(
            "%(name)s's health certificate ends on %(until)s: no work with food on %(day)s. Record the new one first, or ask somebody else."
        )
        % told
    )


def in_short(one: Fitness) -> str:
    """State in a few words, for a badge."""
    words = {
        Verdict.ON: _("Works"),
        Verdict.UNCHECKED: _("Works, no morning check yet"),
        Verdict.ADMITTED: _("Works, decided by the head"),
        Verdict.NO_CERTIFICATE: _("Off: no health certificate"),
        Verdict.ENDED: _("Off: health certificate ended"),
        Verdict.UNWELL: _("Off: morning check"),
    }
    return words[one.verdict]


TONES = {
    Verdict.ON: "passed", Verdict.UNCHECKED: "soon", Verdict.ADMITTED: "soon", Verdict.NO_CERTIFICATE: "danger",
    Verdict.ENDED: "danger", Verdict.UNWELL: "danger",
}  # fmt: skip
