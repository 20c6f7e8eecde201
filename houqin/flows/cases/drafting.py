"""What the papers of a case begin with, drawn from what is known."""

from django.utils.translation import gettext as _

from houqin.flows.rectify.models import Finding


def letter_of(finding: Finding) -> str:
    """The text of a letter of transfer, to be corrected by whoever sends it."""
    where = " · ".join(filter(None, [finding.org.name, finding.place]))
    told = [
        _("On %(day)s we found at %(where)s: %(title)s.")
        % {"day": finding.day.isoformat(), "where": where, "title": finding.title}
    ]
    told += [text for text in (finding.detail, finding.standard) if text]
    if finding.basis:
        told.append(_("Basis: %(basis)s.") % {"basis": finding.basis})
    told.append(
        _(
            "As this lies within your powers we hand it over to you. Please send back the receipt and tell us the outcome."
        )
    )
    return "\n".join(told)


def papers_of(finding: Finding) -> list[str]:
    """The papers that go with it: the description, and the photos of each look."""
    papers = [_("Description of what was found (%(number)s), 1 copy") % {"number": finding.number}]
    for look in finding.looks.prefetch_related("photos"):
        count = len(look.photos.all())
        if count:
            papers.append(
                _("Photos “%(kind)s” of %(day)s, %(count)s sheets")
                % {"kind": look.get_kind_display(), "day": f"{look.at:%Y-%m-%d}", "count": count}
            )
    return papers
