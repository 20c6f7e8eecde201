"""The kinds of cases in force, typed, and what the code that stands on them adds to each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from houqin.core.catalogues.loading import COMMON, entry, read
from houqin.core.catalogues.models import CatalogueItem
from houqin.core.scope.refusals import Refused
from houqin.flows.cases.catalogue import AREA, CaseKind, Outcome, StepKind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from houqin.core.scope.viewer import Viewer
    from houqin.flows.cases.models import Case


def _nothing(case: "Case", code: str) -> str:
    return ""


def _anything(case: "Case", by: "Viewer", text: str) -> str:
    return ""


@dataclass(frozen=True)
class Manner:
    """What a kind asks beyond its catalogue entry.

    ``opens`` is the permission to open one. ``lacks(case, outcome)`` says what has to be done before it is
    closed like this, empty when nothing is. ``keeps(case, step)`` says why a step may not be left out, empty when it may.
    ``page(case)`` is the address of a page of its own. ``unfit(case, by, text)`` says why these words may not stand in
    its log, its steps or its end, empty when they may.
    """

    opens: str
    lacks: Callable[["Case", str], "StrOrPromise"] = _nothing
    keeps: Callable[["Case", str], "StrOrPromise"] = _nothing
    page: Callable[["Case"], str] | None = None
    unfit: Callable[["Case", "Viewer", str], "StrOrPromise"] = _anything


_manners: dict[str, Manner] = {}
_typed_once: dict[tuple[str, str], CaseKind] = {}


def behaves(code: str, manner: Manner) -> None:
    """Make a kind's manner known, once: from the app's ``catalogue`` or ``subscribers`` module."""
    if _manners.setdefault(code, manner) != manner:
        raise ValueError(f"the manner of the kind of case {code} is declared twice")


def manner_of(code: str) -> Manner:
    """What the kind asks; a kind without any is opened by whoever may lead cases."""
    return _manners.get(code, Manner("cases.lead"))


def kind_of(code: str, on: date) -> CaseKind:
    """The kind that holds on a day, from the files where none has been loaded; refused when there is none."""
    item = entry(AREA, code, on)
    kind = _typed(item) if item is not None else _from_files().get(code)
    if kind is None:
        raise Refused(_("The catalogue knows no such kind of case."))
    return kind


def _typed(item: CatalogueItem) -> CaseKind:
    key = (item.code, item.digest)
    if key not in _typed_once:
        common = {name: getattr(item, name) for name in COMMON}
        _typed_once[key] = CaseKind.model_validate({**common, "code": item.code, **item.body})
    return _typed_once[key]


@cache
def _from_files() -> Mapping[str, CaseKind]:
    root = settings.ROOT / "catalogues"
    return {one.code: one for _area, one in read(root, only=AREA) if isinstance(one, CaseKind)}


def titled_in(part: CaseKind | StepKind | Outcome | Any) -> str:
    """A kind, a step or an outcome in the reader's language."""
    return str(part.title_zh if (get_language() or "").startswith("zh") else part.title_en)
