"""Eight writers at once and writers killed in the middle leave chains without gap and without fork."""

import os
import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest
from django.db import connection, transaction

from houqin.core.orgs.models import OrgUnit
from houqin.flows.seals.checking import check
from houqin.flows.seals.erasing import seal_erasure
from houqin.flows.seals.models import Chain, Erasure, Seal
from tests.world import make_world

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS, EACH, KILLS = 8, 15, 5
WRITE = """
import sys
import django
django.setup()
from django.db import transaction
from houqin.core.orgs.models import OrgUnit
from houqin.core.scope.viewer import system_viewer
from houqin.flows.seals.erasing import seal_erasure
org = OrgUnit.objects.get(path=sys.argv[1])
while True:
    with transaction.atomic():
        seal_erasure(org, by=system_viewer(), part="content", items=[], why="race")
    print("sealed", flush=True)
"""


def write(org: OrgUnit, by, times: int) -> None:
    try:
        for _time in range(times):
            with transaction.atomic():
                seal_erasure(org, by=by, part="content", items=[], why="race")
    finally:
        connection.close()


def assert_whole(org: OrgUnit) -> int:
    """No gap, no fork, every record sealed and every seal with its record. Returns the length."""
    chain = Chain.objects.select_related("org").get(org=org)
    result = check(chain)
    numbers = list(Seal.objects.filter(org=org).order_by("number").values_list("number", flat=True))
    assert result.faults == []
    assert numbers == list(range(1, chain.length + 1))
    assert Erasure.objects.filter(org=org).count() == chain.length
    return chain.length


def test_eight_writers_make_one_chain_a_school():
    world = make_world()
    schools = [world.school_a, world.school_a, world.school_a, world.school_b] * 2
    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(lambda org: write(org, world.system, EACH), schools))
    assert assert_whole(world.school_a) == 6 * EACH
    assert assert_whole(world.school_b) == 2 * EACH


def database_url() -> str:
    """The test database, for another process."""
    about = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{about['NAME']}"
    user = f"{about['USER']}:{about['PASSWORD']}@" if about["USER"] else ""
    port = f":{about['PORT']}" if about["PORT"] else ""
    return f"postgresql://{user}{quote(str(about['HOST']), safe='')}{port}/{about['NAME']}"


def test_a_writer_killed_in_the_middle_leaves_a_chain_that_goes_on(tmp_path):
    world = make_world()
    environ = os.environ | {
        "DATABASE_URL": database_url(), "HOUQIN_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "houqin.config.settings",
    }  # fmt: skip
    lengths = []
    for _kill in range(KILLS):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITE, world.school_a.path], stdout=subprocess.PIPE, env=environ, text=True
        )
        assert writer.stdout is not None
        assert writer.stdout.readline() == "sealed\n"
        time.sleep(random.uniform(0.01, 0.15))
        writer.kill()
        assert writer.wait() == -9
        lengths.append(assert_whole(world.school_a))
    assert lengths == sorted(set(lengths))
