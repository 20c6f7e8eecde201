"""What toilets have, what people say at their door, and how a school judges them once a year."""

from typing import Any, ClassVar, Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from houqin.core.places.models import Place
from houqin.core.scope.models import DataClass, ScopedModel, ScopedQuerySet


class Fittings(ScopedModel):
    """How many squats, urinals and basins a toilet has. A trough counts: 1.20 m one squat, 0.60 m one urinal or basin (WC-14)."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "environment.view"

    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    place = models.OneToOneField(Place, models.PROTECT, related_name="fittings", verbose_name=_("Toilet"))
    boys_squats = models.PositiveSmallIntegerField(_("Squats for boys"), default=0, validators=[MaxValueValidator(200)])
    boys_urinals = models.PositiveSmallIntegerField(_("Urinals"), default=0, validators=[MaxValueValidator(200)])
    girls_squats = models.PositiveSmallIntegerField(
        _("Squats for girls"), default=0, validators=[MaxValueValidator(200)]
    )
    basins = models.PositiveSmallIntegerField(_("Basins"), default=0, validators=[MaxValueValidator(200)])

    class Meta:
        ordering = ["org__path", "place__name"]
        verbose_name = _("What a toilet has")
        verbose_name_plural = _("What toilets have")

    def __str__(self) -> str:
        return str(self.place)


class Saying(models.TextChoices):
    """What somebody taps at the door of a toilet: something is wrong, or how it is."""

    NO_PAPER = "no-paper", _("No paper or soap")
    BLOCKED = "blocked", _("Blocked")
    SMELL = "smell", _("It smells")
    BROKEN = "broken", _("Broken: water, lock or light")
    GOOD = "good", _("Good")
    FAIR = "fair", _("So-so")
    BAD = "bad", _("Bad")


WRONG = (Saying.NO_PAPER, Saying.BLOCKED, Saying.SMELL, Saying.BROKEN)
HOW_IT_IS = (Saying.GOOD, Saying.FAIR, Saying.BAD)


class WordQuerySet(ScopedQuerySet):
    """Words by what they are."""

    def wrong(self) -> Self:
        """Reports that something is wrong."""
        return self.filter(saying__in=WRONG)


class Word(ScopedModel):
    """One tap at the door of a toilet, by nobody in particular: neither who nor from where is kept. Never changed."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = 24
    VIEW_PERMISSION = "environment.view"

    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("Toilet"))
    saying = models.CharField(_("What was said"), max_length=10, choices=Saying)
    day = models.DateField(_("Day"))
    at = models.DateTimeField(_("Time"))

    objects: ClassVar[Any] = WordQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("Word from a toilet")
        verbose_name_plural = _("Words from toilets")
        indexes = [models.Index(fields=["org", "day"], name="word_by_school")]

    def __str__(self) -> str:
        return f"{self.place} · {self.get_saying_display()}"


class Judgement(ScopedModel):
    """How a school judges one thing about its toilets in a year, with the reason. Judged again, the trail keeps both."""

    SCOPE_PATH = "org__path"
    DATA_CLASS = DataClass.OPERATIONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "environment.view"

    org = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+", verbose_name=_("School"))
    year = models.PositiveSmallIntegerField(_("Year"))
    evidence = models.CharField(_("What is judged"), max_length=40)
    percent = models.PositiveSmallIntegerField(_("Reached"), validators=[MaxValueValidator(100)], help_text="percent")
    reason = models.CharField(_("Reason"), max_length=300)
    at = models.DateTimeField(_("Time"))
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("By"))

    class Meta:
        ordering = ["org__path", "-year", "evidence"]
        verbose_name = _("Judgement of toilets")
        verbose_name_plural = _("Judgements of toilets")
        constraints = [
            models.UniqueConstraint(fields=["org", "year", "evidence"], name="judged_once_a_year"),
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="judged_at_most_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.org} {self.year} {self.evidence}"
