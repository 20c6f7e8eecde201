"""What a screen declares: plain attributes and three hooks, nothing that knows how a page is drawn."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise, classproperty

from houqin.core.scope.viewer import Viewer
from houqin.core.tables.veils import unveil, veil
from houqin.ui import formats
from houqin.ui.labels import Label
from houqin.ui.nav import Family
from houqin.ui.screens.actions import Action, Button
from houqin.ui.screens.columns import Column
from houqin.ui.screens.look import Look
from houqin.ui.screens.panels import Facts, Panel, Timeline
from houqin.ui.screens.states import Badge

Text = str | Promise
Saved = Q | Callable[[Viewer], Q]
ALL = "all"


STAND_INS: Mapping[type[Any], Any] = {int: 10**17, UUID: UUID(int=10**17)}
"""What stands for a row in an address that is made once for all rows of a list."""


@cache
def _address(name: str, kind: Any) -> str:
    return reverse(name, args=[STAND_INS[kind]])


@cache
def _namespace(module: str) -> str:
    config = apps.get_containing_app_config(module)
    return config.label if config else ""


class Declared:
    """One model's pages. ``columns`` drive table, cards, export and masks; ``actions`` are verbs in their order.

    ``filters`` maps a field path to choice, range, text, bool, a django-filter filter, or a function of the viewer
    that makes one or none. ``search`` names text fields.
    ``views`` are saved views: name → (label, condition or function of the viewer). ``opens_on`` names the one that is shown
    while the address asks for nothing; then ``?view=all`` is every row. ``sort`` is the first order.
    ``family`` None keeps the screen out of the navigation. ``labelled`` rows carry a printed label with their ``label_code``.
    ``veiled``: rows without a public id whose counted-up key stands in no address, where a gap would tell of rows that are a secret.
    """

    model: type[Model]
    slug: str
    title: Text
    family: Family | None = None
    icon: str = "list-details"
    order: int = 100
    columns: Sequence[Column] = ()
    filters: Mapping[str, Any] | type[Any] = {}
    search: Sequence[str] = ()
    views: Mapping[str, tuple[Text, Saved]] = {}
    opens_on: str = ""
    sort: str = ""
    panels: Sequence[Panel] = ()
    actions: Sequence[Action] = ()
    create: Action | None = None
    empty: Text = ""
    phone: bool = False
    permission: str = ""
    has_detail: bool = True
    labelled: bool = False
    veiled: bool = False

    # Hooks --------------------------------------------------------------------------------------------------

    def get_queryset(self, viewer: Viewer) -> QuerySet[Any]:
        """The rows of the list, not yet narrowed to the viewer's reach: ``rows_for`` does that, whatever this gives."""
        return self.model.objects.all()  # type: ignore[attr-defined, no-any-return]

    def get_panels(self, row: Any, viewer: Viewer) -> Sequence[Panel]:
        """The parts of the detail page."""
        return self.panels or (Facts(self.columns), Timeline())

    def get_form_kwargs(self, action: Action, row: Any, viewer: Viewer) -> dict[str, Any]:
        """More arguments for an action's form."""
        return {}

    def get_search(self, word: str) -> Q:
        """The rows that a word finds besides those in whose fields of ``search`` it stands."""
        return Q()

    def get_export(self, rows: QuerySet[Any], look: Look) -> tuple[Sequence[Column], Iterable[Any]]:
        """The columns of the file and its rows, one after the other: those of the list, unless the file tells more."""
        return self.columns, rows

    def get_label(self, row: Any, look: Look) -> Label:
        """What is printed on the row's label: its name, and below it what its card says on a phone."""
        facts = [column.text(row, look) for column in self.columns if column.card == "fact"]
        return Label(self.name_of(row, look), [fact for fact in facts if fact != formats.NOTHING], row.label_code)

    def rows_for(self, viewer: Viewer) -> QuerySet[Any]:
        """The rows of the screen within reach, whatever the hook gave."""
        rows: Any = self.get_queryset(viewer)
        narrowed: QuerySet[Any] = rows.visible_to(viewer, self.view_permission)
        return narrowed

    # Derived ------------------------------------------------------------------------------------------------

    @classproperty
    def namespace(cls) -> str:  # noqa: N805
        """The app that declares the screen mounts it, whatever app owns the model."""
        return _namespace(cls.__module__)

    @classproperty
    def view_permission(cls) -> str:  # noqa: N805
        return cls.permission or cls.model.VIEW_PERMISSION  # type: ignore[attr-defined, no-any-return]

    @classproperty
    def whole(cls) -> str:  # noqa: N805
        """How an address asks for every row: needed only where the list opens on less."""
        return ALL if cls.opens_on else ""

    @classmethod
    def url(cls, what: str = "", *args: Any) -> str:
        """The address of the list, or of ``detail``, ``export``, ``new`` or an action with the row's reference."""
        name = f"{cls.namespace}:{cls.slug}-{what}" if what else f"{cls.namespace}:{cls.slug}"
        if len(args) == 1 and type(args[0]) in STAND_INS:
            kind: Any = type(args[0])
            return _address(name, kind).replace(str(STAND_INS[kind]), str(args[0]))
        return reverse(name, args=args)

    @classmethod
    def ref(cls, row: Any) -> Any:
        """How the row is named in an address."""
        return veil(cls.model, row.pk) if cls.veiled else getattr(row, "public_id", None) or row.pk

    @classmethod
    def lookup(cls, ref: Any) -> dict[str, Any]:
        """Which row an address names: the inverse of ``ref``."""
        if cls.veiled:
            return {"pk": unveil(cls.model, ref)}
        return {"public_id": ref} if hasattr(cls.model, "public_id") else {"pk": ref}

    @classmethod
    def row_url(cls, row: Any) -> str:
        """The row's own page."""
        return cls.url("detail", cls.ref(row)) if cls.has_detail else ""

    @classmethod
    def title_column(cls) -> Column:
        """The column that names the row."""
        return next((column for column in cls.columns if column.card == "title"), cls.columns[0])

    @classmethod
    def name_of(cls, row: Any, look: Look) -> str:
        """What the row is called on its page: covered where its name is covered in the list."""
        title = cls.title_column()
        return title.text(row, look) if title.mask else str(row)

    @classmethod
    def state_column(cls) -> Badge | None:
        """The column that says the row's state, if there is one."""
        return next((column for column in cls.columns if isinstance(column, Badge)), None)

    def with_joins(self, queryset: QuerySet[Any], columns: Sequence[Column] | None = None) -> QuerySet[Any]:
        """The rows with everything that columns, buttons and scope read, in a fixed number of queries."""
        chosen = self.columns if columns is None else columns
        owner = self.model.SCOPE_PATH.rpartition("__")[0]  # type: ignore[attr-defined]
        joins = {join for column in chosen for join in column.joins(self.model)} | ({owner} if owner else set())
        prefetches = [item for column in chosen for item in column.prefetch]
        queryset = queryset.select_related(*sorted(joins)) if joins else queryset
        return queryset.prefetch_related(*prefetches) if prefetches else queryset

    def buttons(self, row: Any, viewer: Viewer, *, on_list: bool = False) -> list[Button]:
        """What the viewer may do with this row now."""
        return [
            Button(action, self.url(action.slug, self.ref(row)), action.label)
            for action in self.actions
            if (action.on_list or not on_list) and action.possible(row, viewer)
        ]
