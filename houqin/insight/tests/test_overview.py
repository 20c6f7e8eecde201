"""The overview counts what lies below, no more, and every figure opens its rows."""

import pytest
from django.test import Client

from houqin.insight.queries import daily, overview
from houqin.modules.canteen.actions.recalls import acknowledge_recall
from houqin.modules.canteen.models import RecallAnswer
from houqin.modules.canteen.tests.recall_scene import BAD_DAY, Scene, make_scene
from tests.world import TODAY, World


@pytest.fixture
def scene(world: World) -> Scene:
    return make_scene(world)


def figures(world: World, person: str, focus: str = "") -> dict[str, tuple[int, ...]]:
    board = overview(world.viewer(person), focus)
    return {
        row.unit.name: (row.schools, row.recorded, row.received_grams, row.meals, row.servings, row.pending, row.frozen)
        for row in board.rows
    }


def test_a_town_s_office_sees_its_schools_one_by_one(scene: Scene) -> None:
    assert figures(scene.world, "bo") == {
        "柳河中心小学": (1, 1, 33_000, 2, 280, 0, 0),
        "柳河初级中学": (1, 1, 30_000, 0, 0, 0, 0),
    }


def test_a_province_sees_its_cities_and_drills_down(scene: Scene) -> None:
    world = scene.world
    assert figures(world, "eve") == {
        "东城市": (2, 2, 63_000, 2, 280, 0, 0),
        "西城市": (1, 1, 9_000, 0, 0, 0, 0),
    }
    assert figures(world, "eve", world.district.path) == {"柳河镇": (2, 2, 63_000, 2, 280, 0, 0)}


def test_the_other_city_counts_nothing_of_ours(scene: Scene) -> None:
    assert figures(scene.world, "chen") == {"白水区": (1, 1, 9_000, 0, 0, 0, 0)}


def test_units_where_a_recall_waits_come_first(scene: Scene) -> None:
    scene.launched()
    acknowledge_recall(RecallAnswer.objects.get(org=scene.world.school_a), by=scene.world.viewer("an"))
    rows = figures(scene.world, "bo")
    assert list(rows) == ["柳河初级中学", "柳河中心小学"]
    assert [row[5] for row in rows.values()] == [1, 0]


def test_days_without_a_delivery_are_shown_as_nothing(scene: Scene) -> None:
    days = dict(daily(scene.world.viewer("bo")))
    assert len(days) == 7
    assert (days[BAD_DAY], days[TODAY]) == (53_000, 10_000)
    assert sum(days.values()) == 63_000


def test_every_figure_opens_rows_that_add_up_to_it(scene: Scene) -> None:
    client = Client()
    client.force_login(scene.world.eve, backend="allauth.account.auth_backends.AuthenticationBackend")
    for row in overview(scene.world.viewer("eve")).rows:
        for name, url in row.urls.items():
            assert client.get(url).status_code == 200, name
        listed = {name: client.get(row.urls[name]).context["count"] for name in ("schools", "meals", "lots")}
        assert listed == {"schools": row.schools, "meals": row.meals, "lots": row.frozen}
