"""Tables of cases."""

from houqin.flows.cases.models.accountability import Accountability, AccountCause, Heard, Measure
from houqin.flows.cases.models.cases import (
    Case,
    CaseQuerySet,
    CaseState,
    Entry,
    EntryFile,
    Member,
    MemberRole,
    OfCaseQuerySet,
    Step,
)
from houqin.flows.cases.models.transfers import Department, SentHow, Transfer

__all__ = [
    "AccountCause",
    "Accountability",
    "Case",
    "CaseQuerySet",
    "CaseState",
    "Department",
    "Entry",
    "EntryFile",
    "Heard",
    "Measure",
    "Member",
    "MemberRole",
    "OfCaseQuerySet",
    "SentHow",
    "Step",
    "Transfer",
]
