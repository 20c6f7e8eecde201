"""What the recipe tells is run as it stands there, with curl against a running server."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from houqin.edge.api.tests.caller import caller
from houqin.modules.canteen.models import Delivery
from houqin.modules.canteen.tests.door import GOODS, make_door
from tests.world import make_world

RECIPE = Path(__file__).resolve().parents[4] / "docs" / "recipes" / "use-the-api.md"
TOOLS = [shutil.which(name) for name in ("bash", "curl", "jq")]


@pytest.mark.skipif(not all(TOOLS), reason="the recipe takes bash, curl and jq")
@pytest.mark.django_db(transaction=True)
def test_the_recipe_does_what_it_tells(live_server: LiveServer, tmp_path: Path) -> None:
    world = make_world()
    make_door(world)
    blocks = re.findall(r"^```sh\n(.*?)^```", RECIPE.read_text("utf-8"), re.M | re.S)
    environment = os.environ | {"SERVER": live_server.url, "KEY": caller(world.an).secret, "no_proxy": "*"}
    done = subprocess.run(
        [str(TOOLS[0]), "-euo", "pipefail", "-c", "\n".join(blocks)], cwd=tmp_path, env=environment, text=True,
        capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "SH-20240304-0001", "true", "12500", *GOODS, "409", "The rules do not allow it",
        "Nothing is weighed yet. Weigh the first goods, or turn them away.",
    ]  # fmt: skip
    assert Delivery.objects.count() == 1
    assert len(blocks) == 5
