"""What a phone is given to work without network."""

import json
import re

import pytest
from django.test import Client

from houqin.ui import offline

pytestmark = [pytest.mark.django_db, pytest.mark.urls("houqin.ui.tests.playground")]


def client_of(account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def test_today_names_the_pages_that_the_phone_keeps(world, monkeypatch):
    monkeypatch.setattr(offline, "_sources", [])

    @offline.kept_pages
    def mine(viewer):
        return ["/play/persons/", f"/more/?of={viewer.name}", "/play/persons/"]

    text = client_of(world.an).get("/").content.decode()
    found = re.search(r'<script id="kept-pages" type="application/json">(.*?)</script>', text)
    assert found
    assert json.loads(found[1]) == ["/", "/waiting/", "/offline/", "/play/persons/", "/more/?of=安师傅"]


def test_the_worker_serves_the_whole_site_and_is_asked_for_anew(db):
    answer = Client().get("/sw.js")
    assert answer.headers["Content-Type"] == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.content.decode() == (
        'importScripts("/static/ui/offline/entries.js", "/static/ui/offline/sending.js", "/static/ui/offline/worker.js");\n'
    )


def test_it_can_be_put_on_the_home_screen(db):
    manifest = Client().get("/manifest.webmanifest").json()
    assert (manifest["start_url"], manifest["display"]) == ("/", "standalone")
    assert {icon["sizes"] for icon in manifest["icons"]} == {"any", "192x192", "512x512"}


def test_pages_say_whose_they_are(world):
    text = client_of(world.an).get("/more/").content.decode()
    assert f'data-account="{world.an.public_id}" data-account-name="安师傅"' in text
    assert "data-account" not in Client().get("/accounts/login/").content.decode()


def test_a_copy_for_later_leaves_the_messages_to_the_page_that_is_looked_at(world):
    client = client_of(world.gao)
    client.post("/play/odd/", headers={"Referer": "http://testserver/more/"})
    assert "Not on a Sunday." not in client.get("/", headers={"X-Houqin-Keep": "1"}).content.decode()
    assert "Not on a Sunday." in client.get("/more/").content.decode()
