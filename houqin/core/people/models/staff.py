"""Persons and the posts they hold over time (R-002)."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.models import DataClass, ScopedModel, ScopedQuerySet
from houqin.core.tables.ids import PublicIdField


class Sex(models.TextChoices):
    """As the roster says it."""

    FEMALE = "f", _("Female")
    MALE = "m", _("Male")
    UNSAID = "", _("Not stated")


class Person(ScopedModel):
    """Somebody who works in or for a unit. Identity numbers are not collected: no job here needs one."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.PERSONAL
    RETENTION_MONTHS = 36
    VIEW_PERMISSION = "people.view"
    PURPOSE = _("Who works here, for posts, duties, certificates and emergencies. No identity number is collected.")

    public_id = PublicIdField()
    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="persons", verbose_name=_("Unit"))
    name = models.CharField(_("Name"), max_length=40)
    sex = models.CharField(_("Sex"), max_length=1, choices=Sex, blank=True, default=Sex.UNSAID)
    birth_year = models.PositiveSmallIntegerField(_("Year of birth"), null=True, blank=True)
    phone = models.CharField(_("Telephone"), max_length=30, blank=True)
    left_on = models.DateField(_("Left on"), null=True, blank=True, editable=False)

    STATE_FIELDS = frozenset({"left_on"})

    class Meta:
        ordering = ["org__path", "name"]
        verbose_name = _("Person")
        verbose_name_plural = _("Staff")
        indexes = [models.Index(fields=["name"], name="person_name")]

    def __str__(self) -> str:
        return self.name


class Post(ScopedModel):
    """A post of a unit, whoever holds it. The kind is a code of the catalogue ``posts``."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "people.view"

    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="posts", verbose_name=_("Unit"))
    kind = models.CharField(_("Kind of post"), max_length=40, default="other")
    title = models.CharField(_("Post"), max_length=40)

    class Meta:
        ordering = ["org__path", "title"]
        verbose_name = _("Post")
        constraints = [models.UniqueConstraint(fields=["org", "title"], name="post_once_in_unit")]
        indexes = [models.Index(fields=["kind", "org"], name="post_by_kind")]

    def __str__(self) -> str:
        return self.title


class HoldingQuerySet(ScopedQuerySet):
    """Holdings by day."""

    def on(self, day: date) -> Self:
        """Who holds a post on a day."""
        return self.filter(from_on__lte=day).filter(Q(to_on__isnull=True) | Q(to_on__gte=day))


class PostHolding(ScopedModel):
    """A person holds a post from a day to a day. One person may hold several, a post may have several holders."""

    SCOPE_PATH = "post__org__path"
    DATA_CLASS = DataClass.PERSONAL
    RETENTION_MONTHS = 36
    RETENTION_FROM = "to_on"
    VIEW_PERMISSION = "people.view"
    PURPOSE = _("Who held which post when, and so answers for it.")
    STATE_FIELDS = frozenset({"to_on"})

    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings", verbose_name=_("Post"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="holdings", verbose_name=_("Person"))
    from_on = models.DateField(_("From"))
    to_on = models.DateField(_("Until"), null=True, blank=True, editable=False)
    is_deputy = models.BooleanField(_("Deputy"), default=False)

    objects: ClassVar[Any] = HoldingQuerySet.as_manager()

    class Meta:
        verbose_name = _("Post held")
        ordering = ["-from_on"]
        constraints = [
            models.UniqueConstraint(fields=["post", "person", "from_on"], name="holding_once_a_day"),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="holding_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.post}"


class Countersignature(ScopedModel):
    """The head of a small school answers for one person holding posts that belong in several hands (R-016).

    It stands for exactly these ``kinds`` (codes, sorted) until the person holds others or it is taken back.
    """

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.PERSONAL
    RETENTION_MONTHS = 36
    VIEW_PERMISSION = "people.view"
    PURPOSE = _("Who answers for posts that lie in one hand at a small school.")
    STATE_FIELDS = frozenset({"taken_back_at"})

    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("Unit"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("Person"))
    kinds = models.CharField(_("Posts"), max_length=300)
    reason = models.CharField(_("Reason"), max_length=200)
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))
    at = models.DateTimeField(_("Time"))
    taken_back_at = models.DateTimeField(_("Taken back"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-at"]
        verbose_name = _("Countersignature")
        constraints = [
            models.UniqueConstraint(
                fields=["org", "person", "kinds"], condition=Q(taken_back_at__isnull=True), name="countersigned_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.kinds}"
