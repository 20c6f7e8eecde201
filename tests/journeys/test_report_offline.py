"""Something wrong is seen where there is no network: reported with its photo, sent once when the network is back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from houqin.core.files.tests.pictures import encoded, scene
from houqin.flows.rectify.models import Finding, LookPhoto
from tests.journeys.conftest import PHONE
from tests.journeys.phone import ALL_SENT, Phone, until
from tests.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
OpenPage = Callable[..., Any]


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def test_reported_in_the_cellar_with_a_photo(
    world: World, live_server: Any, open_page: OpenPage, tmp_path: Path
) -> None:
    here = reverse("rectify:findings-new")
    phone = Phone(open_page(width=PHONE, language="en"), live_server.url, "wu")
    phone.keeps(here)
    phone.cut()
    phone.reopened(here)
    page = phone.page
    if not page.input_value("[name=org]"):
        page.select_option("[name=org]", str(world.school_a.pk))
    page.fill("[name=what]", "水泵房积水")
    page.fill("[name=where]", "地下室")
    photo = tmp_path / "pump.jpg"
    photo.write_bytes(encoded(scene(), quality=80))
    page.set_input_files("[name=photo]", str(photo))
    phone.is_sound()
    phone.save()
    page.wait_for_url("**/waiting/")
    assert not Finding.objects.exists(), "nothing has reached the server"
    phone.reopened("/waiting/")
    assert [one["state"] for one in phone.entries()] == ["waiting"], "a closed tab loses nothing"
    phone.restore()
    phone.reopened("/")
    until(phone.page, ALL_SENT)
    row = Finding.objects.get()
    assert (row.title, row.place, row.org_id, row.found_by_id) == (
        "水泵房积水",
        "地下室",
        world.school_a.pk,
        world.wu.pk,
    )
    assert LookPhoto.objects.filter(look__finding=row).count() == 1
    phone.visit(f"/rectify/findings/{row.public_id}/")
    assert page_photo(phone) == 1
    phone.is_sound()


def page_photo(phone: Phone) -> int:
    """How many photos of looks the page shows."""
    return int(phone.page.locator(".looks img, .photo img").count())
