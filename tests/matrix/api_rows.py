"""A program, a device with a reading, a receiver and a message at school A."""

from houqin.core.grants.models import Grant
from houqin.core.places.actions import record_place
from houqin.core.tables.ciphers import enciphered
from houqin.core.tables.ids import uuid7
from houqin.edge.api.models import SIGNS, Delivery, Metric, Reading, Webhook
from houqin.edge.api.tests.caller import caller, device
from tests.world import NOON, TODAY, World


def keep_api(world: World) -> None:
    """As the head of school A set them up."""
    caller(world.gao)
    fridge = record_place(world.school_a, by=world.system, kind="refrigerator", use="refrigerator", name="一号冰箱")
    probe = device(world.gao, "probe", fridge).token
    Reading.objects.create(
        day=TODAY, public_id=uuid7(), org=world.school_a, device=probe, metric=Metric.TEMPERATURE, at=NOON,
        received_at=NOON, value=45,
    )  # fmt: skip
    grant = Grant.objects.get(account=world.gao)
    webhook = Webhook.objects.create(
        org=world.school_a, grant=grant, label="区平台", url="https://district.example/hook", events=["canteen.kitchen_stopped"],
        made_at=NOON, secret=enciphered("x", use=SIGNS),
    )  # fmt: skip
    Delivery.objects.create(
        org=world.school_a, webhook=webhook, event="canteen.kitchen_stopped", event_key=1, body="{}", made_at=NOON,
        state=Delivery.State.FAILED,
    )  # fmt: skip
