"""Parts of a detail page: facts, related rows, the story, or a template of one's own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from houqin.core.audit.models import AuditEntry
from houqin.core.audit.trail import subject_key
from houqin.core.scope.viewer import Viewer
from houqin.ui import formats
from houqin.ui.deeds import event_words, who
from houqin.ui.screens.columns import Column
from houqin.ui.screens.links import column_for, page_of
from houqin.ui.screens.look import Look

Text = str | Promise


@dataclass
class Drawn:
    """A panel ready for its template."""

    template: str
    context: dict[str, Any]


class Panel:
    """One part of a detail page; ``draw`` answers None when it has nothing to say."""

    def draw(self, row: Any, look: Look) -> Drawn | None:
        raise NotImplementedError


class Facts(Panel):
    """Facts in two columns, from columns or the names of fields; ``sparse`` leaves out what is not known or not yet so."""

    def __init__(self, columns: Sequence[Column | str], title: Text = "", *, sparse: bool = False) -> None:
        self.columns, self.title, self.sparse = columns, title, sparse

    def draw(self, row: Any, look: Look) -> Drawn | None:
        columns = [column_for(type(row), one) if isinstance(one, str) else one for one in self.columns]
        facts = [(column.label(type(row)), column.html(row, look)) for column in columns]
        if self.sparse:
            facts = [(label, html) for label, html in facts if html != formats.NOTHING]
        return Drawn("ui/panels/facts.html", {"title": self.title, "facts": facts})


class Rows(Panel):
    """Related rows as a short list with their count. ``source`` is a related name or a function (row, viewer) → rows.

    A related name is narrowed to what the viewer may see; a function narrows by itself. ``all_url(row)`` is the
    list with all of them; ``link`` opens a row's own page from its first column;
    ``keep_empty=False`` leaves the panel out when there is nothing in it.
    """

    def __init__(
        self,
        source: str | Callable[[Any, Viewer], QuerySet[Any]],
        columns: Sequence[Column],
        *,
        title: Text = "",
        limit: int = 10,
        all_url: Callable[[Any], str] | None = None,
        link: bool = True,
        keep_empty: bool = True,
        empty: Text = "",
    ) -> None:
        self.source, self.columns, self.title, self.limit = source, columns, title, limit
        self.keep_empty = keep_empty
        self.all_url, self.link, self.empty = all_url, link, empty or _("Nothing here yet.")

    def rows(self, row: Any, viewer: Viewer) -> QuerySet[Any]:
        """The related rows within the viewer's reach."""
        if callable(self.source):
            return self.source(row, viewer)
        found: Any = getattr(row, self.source).all()
        narrowed: QuerySet[Any] = found.visible_to(viewer) if hasattr(found, "visible_to") else found
        return narrowed

    def draw(self, row: Any, look: Look) -> Drawn | None:
        found = self.rows(row, look.viewer)
        model = found.model
        owner = str(getattr(model, "SCOPE_PATH", "")).rpartition("__")[0]
        joins = sorted({join for c in self.columns for join in c.joins(model)} | ({owner} if owner else set()))
        shown = found.select_related(*joins) if joins else found
        prefetches = [item for column in self.columns for item in column.prefetch]
        rows = list(shown.prefetch_related(*prefetches)[: self.limit + 1])
        if not rows and not self.keep_empty:
            return None
        count = len(rows) if len(rows) <= self.limit else found.count()
        body = [
            (
                page_of(one, look) if self.link else "",
                [(c.label(model), c.align, c.html(one, look)) for c in self.columns],
            )
            for one in rows[: self.limit]
        ]
        heads = [(column.label(model), column.align) for column in self.columns]
        title = self.title or str(model._meta.verbose_name_plural)
        return Drawn(
            "ui/panels/rows.html",
            {
                "title": title, "heads": heads, "body": body, "count": count, "empty": self.empty,
                "more": count > self.limit, "all_url": self.all_url(row) if self.all_url else "",
            },
        )  # fmt: skip


class Timeline(Panel):
    """The row's story: who did what and when, newest first."""

    def __init__(self, title: Text = "", limit: int = 30) -> None:
        self.title, self.limit = title or _("What happened"), limit

    def draw(self, row: Any, look: Look) -> Drawn | None:
        entries = AuditEntry.objects.filter(subject_id=subject_key(row))
        if not hasattr(row, "public_id"):
            entries = entries.filter(subject_kind=row._meta.label_lower)
        story = [(entry, event_words(entry.event), who(entry)) for entry in entries[: self.limit]]
        if not story:
            return None
        return Drawn("ui/panels/timeline.html", {"title": self.title, "story": story})


class Block(Panel):
    """A template of one's own: ``get(row, viewer)`` gives its context, None leaves it out."""

    def __init__(self, template: str, get: Callable[[Any, Viewer], dict[str, Any] | None]) -> None:
        self.template, self.get = template, get

    def draw(self, row: Any, look: Look) -> Drawn | None:
        context = self.get(row, look.viewer)
        return None if context is None else Drawn(self.template, {"row": row, **context})
