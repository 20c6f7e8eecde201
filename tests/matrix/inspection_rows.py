"""A row of everything about inspections that the town plans."""

from datetime import timedelta

from houqin.core.places.actions import record_place
from houqin.modules.inspections.actions.contracts import agree_service
from houqin.modules.inspections.actions.drawing import commit_draw
from houqin.modules.inspections.actions.inspectors import register_inspector
from houqin.modules.inspections.actions.planning import Brief, plan_campaign, start_campaign
from houqin.modules.inspections.actions.reporting import issue_report
from houqin.modules.inspections.actions.visiting import plan_visit
from houqin.modules.inspections.models import Flag, Walk
from tests.world import NOON, TODAY, World


def keep_campaigns(world: World) -> None:
    """Two inspectors of the town, a campaign that runs, a draw that is committed, and a visit that is planned."""
    bo = world.viewer("bo")
    for account in (world.bo, world.bai):
        register_inspector(world.town, by=bo, account=account)
    brief = Brief("term_opening", "春季开学检查", ["term-opening"], TODAY, TODAY + timedelta(days=11))
    commit_draw(start_campaign(plan_campaign(world.town, by=bo, brief=brief), by=bo), by=bo, wanted=1)
    plan_visit(world.school_a, by=bo, office=world.town, kind="routine", lists=["term-opening"], inspectors=[world.bo])


def keep_rounds(world: World) -> None:
    """A round that was walked at school A."""
    gate = record_place(world.school_a, by=world.system, kind="room", use="gate", name="南门")
    Walk.objects.create(
        org=world.school_a, place=gate, checklist="surroundings", version=1, day=TODAY, walked_at=NOON, asked=20,
        failed={"signs": "减速带破损"}, account=world.wu,
    )  # fmt: skip


def keep_reports(world: World) -> None:
    """A monthly report of school A, a hint about it, and a contract of a service."""
    issue_report(world.school_a, by=world.viewer("gao"), month=TODAY)
    Flag.objects.create(
        org=world.school_a, kind=Flag.Kind.PERFECT, key="perfect:1", flagged_at=NOON,
        facts={"check": "2024-02-28", "visit": "2024-03-01", "failed": 4, "red": 1},
    )  # fmt: skip
    agree_service(
        world.school_a, by=world.viewer("gao"), service="cleaning", firm="洁净物业", fee_fen=860_000, steps=[(90, 0), (0, 5)],
        from_on=TODAY, until_on=TODAY + timedelta(days=365),
    )  # fmt: skip
