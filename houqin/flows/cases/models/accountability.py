"""Whether somebody answers for something: from the facts to the decision."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from houqin.core.scope.models import DataClass, ScopedModel
from houqin.flows.cases.models.cases import Case, OfCaseQuerySet


class AccountCause(models.TextChoices):
    """What an accountability case comes from."""

    FINDING = "finding", _("A finding")
    OVERDUE = "overdue", _("Rectification overdue")
    INCIDENT = "incident", _("An incident")
    FEES = "fees", _("A breach of the rules on fees")
    OTHER = "other", _("Other")


class Measure(models.TextChoices):
    """What is decided about a person."""

    REVIEW = "review", _("Written self-criticism")
    TALK = "talk", _("Admonishing talk")
    CIRCULAR = "circular", _("Criticism by circular")
    COMPENSATION = "compensation", _("Compensation")
    DISCIPLINE = "discipline", _("Handed over to discipline inspection")
    POLICE = "police", _("Handed over to the police")


class Heard(models.TextChoices):
    """How the right to be heard was used."""

    STATED = "stated", _("Stated their case")
    WAIVED = "waived", _("Gave it up in writing")
    SILENT = "silent", _("Stated nothing in time")


class Accountability(ScopedModel):
    """Whether somebody answers for what happened: facts, proposal, the person's statement, decision.

    A human opens it and a human other than the investigator decides; nothing is ever decided from lateness alone.
    """

    SCOPE_PATH = "case__org__path"
    DATA_CLASS = DataClass.PERSONAL
    RETENTION_MONTHS = None
    VIEW_PERMISSION = "cases.view"
    PURPOSE = _(
        "A decision about somebody, with facts, their statement and the reasons: proof towards them and authorities."
    )
    STATE_FIELDS = frozenset({"investigated_at", "proposed_at", "told_at", "heard_at", "decided_at"})

    case = models.OneToOneField(Case, models.PROTECT, related_name="accountability", verbose_name=_("Case"))
    cause = models.CharField(_("Cause"), max_length=10, choices=AccountCause)
    post = models.CharField(_("Their post then"), max_length=40)
    facts = models.TextField(_("Facts"), blank=True)
    evidence = models.TextField(_("Evidence"), blank=True)
    asked = models.TextField(_("Who was heard on it"), blank=True)
    investigated_at = models.DateTimeField(_("Investigated"), null=True, blank=True, editable=False)
    investigator = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Investigated by")
    )
    proposed = models.JSONField(_("Proposed"), default=list)
    proposed_fen = models.BigIntegerField(_("Compensation proposed"), default=0)
    proposed_why = models.TextField(_("Reasons and basis"), blank=True)
    proposed_at = models.DateTimeField(null=True, blank=True, editable=False)
    told_at = models.DateTimeField(_("Told"), null=True, blank=True, editable=False)
    told_how = models.CharField(_("Told how"), max_length=200, blank=True)
    hear_until = models.DateField(_("May state their case until"), null=True, blank=True, editable=False)
    heard = models.CharField(_("Heard"), max_length=10, choices=Heard, blank=True)
    statement = models.TextField(_("Their statement"), blank=True)
    heard_at = models.DateTimeField(_("Heard at"), null=True, blank=True, editable=False)
    decided = models.JSONField(_("Decided"), default=list)
    decided_fen = models.BigIntegerField(_("Compensation"), default=0)
    decided_why = models.TextField(_("Reasons of the decision"), blank=True)
    decided_at = models.DateTimeField(_("Decided at"), null=True, blank=True, editable=False)
    decider = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Decided by")
    )

    objects: ClassVar[Any] = OfCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("Accountability case")
        verbose_name_plural = _("Accountability cases")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True)
                | (
                    Q(decider__isnull=False, investigated_at__isnull=False, heard_at__isnull=False)
                    & ~Q(decider=models.F("investigator"))
                ),
                name="accountability_decided_by_another",
            )
        ]

    def __str__(self) -> str:
        return self.case.number
