"""Campaigns, draws, visits, rounds and reports, as tables."""

from houqin.modules.inspections.models.contracts import Service, ServiceContract
from houqin.modules.inspections.models.kept import Flag, Report
from houqin.modules.inspections.models.planning import Campaign, CampaignKind, CampaignState, Draw, Inspector
from houqin.modules.inspections.models.rounds import AskedRound, OwnFramework, Walk
from houqin.modules.inspections.models.visits import Answer, AnswerPhoto, Signature, Visit, VisitInspector, VisitState

__all__ = [
    "Answer",
    "AnswerPhoto",
    "AskedRound",
    "Campaign",
    "CampaignKind",
    "CampaignState",
    "Draw",
    "Flag",
    "Inspector",
    "OwnFramework",
    "Report",
    "Service",
    "ServiceContract",
    "Signature",
    "Visit",
    "VisitInspector",
    "VisitState",
    "Walk",
]
