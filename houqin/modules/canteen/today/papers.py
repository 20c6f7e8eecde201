"""Papers of suppliers that end: beside the credentials on their board, and on the list of a school until the new one is shown."""

from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import Viewer
from houqin.flows.credentials.boards import Spans, beside
from houqin.flows.credentials.queries import within_own_schools
from houqin.modules.canteen.queries.certificates import SOON, ends_by_kind, recorded
from houqin.ui.today import TodayRow, source

MOST = 6


@beside
def suppliers_papers(
    viewer: Viewer, unit: OrgUnit | None, spans: Spans
) -> Iterator[tuple[str, list[int], Callable[[int | None], str]]]:
    """By kind: how many of the newest papers of each supplier end when."""
    if not viewer.may_anywhere("canteen.view"):
        return
    for code, title, counts in ends_by_kind(viewer, unit, spans):
        yield gettext("Suppliers: %(paper)s") % {"paper": title}, counts, partial(_listing, code, spans)


def _listing(code: str, spans: Spans, number: int | None) -> str:
    first, last = spans[number] if number is not None else (None, None)
    asked = {"view": "newest", "kind": code}
    if first:
        asked["valid_until_after"] = first.isoformat()
    if last:
        asked["valid_until_before"] = last.isoformat()
    return f"{reverse('canteen:certificates')}?{urlencode(asked)}"


@source
def to_ask_for(viewer: Viewer) -> Iterator[TodayRow]:
    """A supplier whose paper ends within a month, until a newer one is shown; for who runs the school's canteen."""
    own_school = within_own_schools(viewer, "canteen.record")
    if own_school is None:
        return
    rows = (
        recorded(viewer)
        .filter(own_school, is_newest=True, valid_until__lt=viewer.today + SOON)
        .select_related("supplier", "org")
    )
    for row in rows.filter(valid_until__gte=viewer.today - SOON).order_by("valid_until")[:MOST]:
        yield TodayRow(
            what=gettext("%(supplier)s: ask for the new “%(paper)s”") % {"supplier": row.supplier, "paper": row.kind_title},
            where=row.org.name, until=row.valid_until, icon="certificate", button=_("Look"),
            url=reverse("canteen:certificates-detail", args=[row.public_id]),
        )  # fmt: skip
