"""A store to do deeds in: rice and pork in school A, accepted live, and the people who act on it."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from houqin.core.policies.models import PolicySetting
from houqin.core.scope.viewer import Viewer
from houqin.modules.canteen.models import Lot
from houqin.modules.canteen.tests.ledger import LATER, came, write
from tests.world import World

REASON = "袋破受潮"


def picture(name: str = "a.jpg") -> SimpleUploadedFile:
    """A small photo."""
    body = BytesIO()
    Image.new("RGB", (40, 30), (120, 160, 90)).save(body, "JPEG")
    return SimpleUploadedFile(name, body.getvalue(), content_type="image/jpeg")


@dataclass
class Store:
    """School A's store: rice A 10 kg older than B 20 kg, and pork P 30 kg."""

    world: World
    now: datetime = LATER

    def by(self, name: str, now: datetime | None = None) -> Viewer:
        """One of the cast."""
        return self.world.viewer(name, now=now or self.now)

    def lot(self, batch: str = "A", school: Any = None) -> Lot:
        """The lot as it is now."""
        rows = Lot.objects.select_related("org", "product", "supplier", "frozen_by")
        return rows.get(batch=batch, org=school or self.world.school_a)

    def left(self, batch: str = "A", school: Any = None) -> int:
        """Grams in store."""
        return int(self.lot(batch, school).on_hand_grams)

    def rule(self, code: str, value: Any) -> None:
        """Set a policy at the town."""
        PolicySetting.objects.create(
            org=self.world.town, code=code, value=value, set_at=self.now, account=self.world.bo
        )  # fmt: skip


def make_store(world: World) -> Store:
    """Goods on paper, which live deeds then move."""
    a = world.school_a
    write(
        world.town, world.viewer("bo", now=LATER), came(a, 1, 10, produced=0, batch="A"), came(a, 2, 20, produced=1, batch="B"),
        came(a, 3, 30, produced=2, batch="P", product="猪肉", supplier="鲜肉行"),
    )  # fmt: skip
    return Store(world)
