"""A drill in the sample town: three classes ill after a real lunch of its ledgers, the dish found, every school with the lot reached."""

from datetime import UTC, date, datetime, timedelta

from houqin.core.grants.viewers import viewer_for
from houqin.core.people.models import ClassGroup
from houqin.core.scope.viewer import system_viewer
from houqin.flows.duties.models import Suspension
from houqin.modules.canteen.actions.incidents import (
    Thing,
    end_drill,
    raise_alarm,
    register_ill,
    seal_things,
    search_class,
    send_report,
    suspect,
)
from houqin.modules.canteen.actions.paper import record_from_paper
from houqin.modules.canteen.actions.recalls import launch_recall, propose_recall
from houqin.modules.canteen.models import Lot, Meal, RecallAnswer, StockMove
from houqin.modules.canteen.queries.dishes import cooked_dishes, dishes_with
from houqin.modules.canteen.queries.incidents.drafting import report_draft
from houqin.modules.canteen.queries.incidents.figures import attack_of, figures_of
from houqin.modules.canteen.queries.incidents.pages import suspects_of
from houqin.modules.canteen.tests.dining import children
from houqin.modules.canteen.tests.town import open_schools, read_town, truth
from tests.world import World, make_account

SCHOOL = "双南中心小学"
PORTIONS, ILL, WELL_ATE = (
    20,
    9,
    3,
)  # of each class: nine ate the dish and are ill, three ate it and are well, eight did not


def test_a_drill_finds_the_dish_and_reaches_every_school_that_had_the_lot(world: World) -> None:
    asked = truth()["recall"]
    schools = open_schools(world.town)
    record_from_paper(
        world.town, by=system_viewer(now=datetime(2024, 5, 1, tzinfo=UTC)), book=read_town(world.town, schools)
    )
    school = schools[SCHOOL]
    lot = Lot.objects.get(org=school, product__name=asked["product"], produced_on=date.fromisoformat(asked["produced"]))
    move = StockMove.objects.filter(lot=lot, meal__isnull=False).order_by("day").first()
    assert move is not None
    meal = Meal.objects.select_related("org").get(pk=move.meal_id)
    guilty = dishes_with([meal], [lot.product_id])[meal.pk][0]
    other = next(dish for dish in cooked_dishes([meal])[meal.pk] if dish != guilty)
    now = datetime(meal.day.year, meal.day.month, meal.day.day, 6, 0, tzinfo=UTC)
    account = make_account("tang", "唐校长", "principal", school)
    head, later = viewer_for(account, now=now), viewer_for(account, now=now + timedelta(minutes=9))

    case = raise_alarm(school, by=head, is_drill=True)
    for number in range(3):
        group = ClassGroup.objects.create(org=school, name=f"五年级{number + 1}班", grade="五年级", school_year=2023)
        pupils = children(group, PORTIONS, name="甲乙丙"[number])
        for pupil in pupils[:ILL]:
            register_ill(
                case,
                by=later,
                pupil=pupil,
                onset_at=now,
                signs=["vomiting", "pain"],
                ate=[(meal, guilty), (meal, other)],
            )
        well = PORTIONS - ILL
        search_class(
            case, by=later, class_group=group, well=well, ate={(meal, guilty): WELL_ATE, (meal, other): well - 1}
        )
    found = attack_of(case).guilty
    assert found is not None
    assert (found[0], [one.dish for one in found[1]]) == (meal, [guilty])
    cells = found[1][0].cells
    assert (cells.ill_ate, cells.well_ate, cells.ill_not, cells.well_not) == (27, 9, 0, 24)

    suspect(case, by=later, meal=meal, dish=guilty)
    case.incident.refresh_from_db()
    assert lot in suspects_of(case).lots
    seal_things(case, by=later, kind="lots", things=[Thing(lot=one) for one in suspects_of(case).lots])
    draft = report_draft(case, "first", figures_of(case, meal), attack_of(case))
    for word in (guilty, SCHOOL, "五年级1班"):
        assert word in draft
    send_report(case, by=later, kind="first", body=draft, to="区市场监管局")

    by = {name: world.viewer(name, now=now + timedelta(minutes=12)) for name in ("bo", "bai")}
    recall = propose_recall(
        world.town, by=by["bo"], supplier=lot.supplier, product=lot.product, produced_on=lot.produced_on, reason=case.number,
        is_drill=True,
    )  # fmt: skip
    launch_recall(recall, by=by["bai"])
    assert set(RecallAnswer.objects.filter(recall=recall).values_list("org__name", flat=True)) == set(asked["schools"])
    assert not Lot.objects.filter(frozen_by__isnull=False).exists()
    assert not Suspension.objects.exists()
    end_drill(case, by=later, found="分工清楚；卫健电话要贴墙上")
    case.refresh_from_db()
    assert not case.is_open
