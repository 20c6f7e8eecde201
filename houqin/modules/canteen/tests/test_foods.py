"""The catalogue of common foods: well formed, loaded, and used before anybody loads it."""

import pytest

from houqin.core.catalogues.loading import load_catalogues
from houqin.modules.canteen.queries.foods import food_named, foods, foods_by_name, synonym_groups
from tests.world import World


@pytest.mark.django_db
def test_names_are_known_before_the_catalogue_is_loaded() -> None:
    tomato = food_named("番茄")
    assert tomato
    assert (tomato.name, tomato.category) == ("西红柿", "vegetable")
    assert food_named("没有的东西") is None


def test_loading_changes_nothing_in_what_they_mean(world: World) -> None:
    before = set(foods())
    load_catalogues(by=world.system)
    assert set(foods()) == before
    assert len(before) > 60


@pytest.mark.django_db
def test_no_name_means_two_foods() -> None:
    names = [name for food in foods() for name in food.names]
    assert len(names) == len(set(names)) == len(foods_by_name())


@pytest.mark.django_db
def test_synonyms_begin_with_the_usual_name() -> None:
    assert ("土豆", "马铃薯", "洋芋", "山药蛋") in synonym_groups()
    assert all(len(group) > 1 for group in synonym_groups())
