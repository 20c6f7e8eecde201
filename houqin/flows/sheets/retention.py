"""Spreadsheets as they were handed in hold names of children: their bytes go months after the import; what was read from them stays."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from houqin.core.people.retention import ends
from houqin.flows.sheets.models import ImportContent, ImportFile


def _over(last: date) -> QuerySet[Any]:
    """Contents of which no file belongs to an import that is under way or finished since."""
    younger = ImportFile.objects.filter(content=OuterRef("pk")).filter(
        Q(run__finished_at__isnull=True) | Q(run__finished_at__date__gte=last)
    )
    rows: QuerySet[Any] = ImportContent.objects.exclude(Exists(younger))
    return rows


def _let_go(ids: list[Any]) -> None:
    ImportFile.objects.filter(content__in=ids).update(content=None)


ends(ImportContent, _over, _let_go)
