"""How a case of suspected food poisoning behaves: who opens it, its own page, what it lacks before it is closed."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from houqin.core.places.models import Stop
from houqin.core.scope.viewer import Viewer
from houqin.flows.cases.kinds import Manner, behaves
from houqin.flows.cases.models import Case
from houqin.flows.duties.models import Suspension
from houqin.modules.canteen.models import Ill, KitchenStop

KIND = "food-poisoning"


def page_of(case: Case) -> str:
    """The page of the first two hours."""
    return reverse("canteen:incident", args=[case.public_id])


def _lacks(case: Case, outcome: str) -> StrOrPromise:
    if (outcome == "drilled") != case.drill:
        return _("A drill ends as a drill, and only a drill does.")
    if Suspension.objects.filter(cause_id=str(case.public_id), lifted_at__isnull=True).exists():
        return _(
            "The kitchen is still as it was found. Open it on its written release, or call a false alarm off, on the page of the first two hours."
        )
    if outcome == "false-alarm" and Ill.objects.standing().filter(case=case).exists():
        return _("Somebody is registered as ill, so this is no false alarm. Go on until it is explained.")
    source = case.incident.subject
    if any(stop.objects.standing().filter(source=source).exists() for stop in (KitchenStop, Stop)):
        return _(
            "The kitchen is still as it was found. Open it on its written release, or call a false alarm off, on the page of the first two hours."
        )
    return ""


def names_in(case: Case, by: Viewer, text: str) -> StrOrPromise:
    """What is wrong with a text that offices read: it names somebody who is ill, as far as the writer may know who is.

    Whoever may not know learns nothing by trying names.
    """
    names = Ill.objects.visible_to(by).filter(case=case).values_list("name", flat=True)
    found = next((name for name in names if len(name) > 1 and name in text), "")
    if found:
        return _("The name of an ill person stands in it: %(name)s. Others read this; write numbers, no names.") % {
            "name": found
        }
    return ""


behaves(KIND, Manner(opens="cases.work", lacks=_lacks, page=page_of, unfit=names_in))
