"""Rooms, appliances and equipment of a school, each with its label."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from benchmarks.province.copying import Rows
from benchmarks.province.dice import Ids
from benchmarks.province.tree import SINCE, Place
from houqin.config.demo.premises import GROUNDS, KITCHEN
from houqin.core.places.models import Place as PlaceRow
from houqin.core.places.models import PlaceKind
from houqin.core.subjects.models import Subject
from houqin.modules.canteen.models import CanteenCard

APPLIANCES = {"refrigerator", "freezer", "disinfection-cabinet", "hood-flue", "gas-alarm", "emergency-light", "dispenser",
              "extinguisher-powder", "switchgear-room"}  # fmt: skip
MADE = date(2024, 5, 10)
EXTINGUISHERS, DISPENSERS, DORMITORY_ROOMS = 4, 2, 6
LICENSED = date(2030, 8, 31)


@dataclass(frozen=True)
class Thing:
    """A place as duties and ledgers name it."""

    pk: int
    subject: int
    subject_id: UUID
    public_id: UUID
    name: str
    use: str


def things_of(school: Place) -> list[Thing]:
    """The same things whenever they are asked for."""
    return write_places(Rows(), Ids(school.owner), school)


def write_places(rows: Rows, ids: Ids, school: Place) -> list[Thing]:
    """Everything duties and ledgers of a school are about. Schools of one kind have the same things in the same order."""
    dice, found = school.dice("places"), []
    for use, name in _things(school):
        one = Thing(ids.next(PlaceRow), ids.next(Subject), dice.uuid7(SINCE), dice.uuid7(SINCE), name, use)
        rows.add(Subject, id=one.subject, public_id=one.subject_id, kind="place", org_id=school.pk, label=name)
        made = {"made_on": MADE, "serial": f"MFZ-{dice.getrandbits(24):08d}"} if use == "extinguisher-powder" else {}
        rows.add(
            PlaceRow, id=one.pk, public_id=one.public_id, subject_id=one.subject, org_id=school.pk, kind=_kind(use), name=name,
            use=use, label_code=dice.label(), **made,
        )  # fmt: skip
        found.append(one)
    return found


def _things(school: Place) -> Iterator[tuple[str, str]]:
    yield from KITCHEN
    yield from GROUNDS
    yield from (("dispenser", f"{number} 楼饮水机") for number in range(1, DISPENSERS + 1))
    yield from (("extinguisher-powder", f"{number} 号灭火器") for number in range(1, EXTINGUISHERS + 1))
    if school.what.boarding:
        yield from (("dormitory-room", f"宿舍 1{number:02d}") for number in range(1, DORMITORY_ROOMS + 1))


def _kind(use: str) -> str:
    if use in ("refrigerator", "freezer"):
        return PlaceKind.REFRIGERATOR.value
    if use == "sample-refrigerator":
        return PlaceKind.SAMPLE_REFRIGERATOR.value
    if use == "store-room":
        return PlaceKind.STORE.value
    return (PlaceKind.EQUIPMENT if use in APPLIANCES else PlaceKind.ROOM).value


def write_card(rows: Rows, ids: Ids, school: Place, first: date) -> None:
    """The canteen as it is registered."""
    dice, meals = school.dice("card"), school.what.meals
    rows.add(
        CanteenCard, id=ids.next(CanteenCard), public_id=dice.uuid7(SINCE), org_id=school.pk, valid_from=first, mode="own",
        licence_number=f"JY342{school.number:010d}", licence_until=LICENSED, area_m2=120 + school.pupils // 2,
        seats=school.pupils // 2 + 10, serves_breakfast="breakfast" in meals, serves_dinner="dinner" in meals,
        asked_at=SINCE, nutrition_plan=school.what.kind in ("小学", "初级中学"),
    )  # fmt: skip
