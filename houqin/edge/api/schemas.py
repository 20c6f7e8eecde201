"""The shapes that all parts of the API share."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from ninja import Field, Schema
from pydantic import AfterValidator, AwareDatetime, ConfigDict
from pydantic_core import core_schema

FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)
MOST_GRAMS = 1_000_000_000


def _known_day(day: date) -> date:
    if not FIRST <= day < LAST:
        raise ValueError(day)
    return day


def _known_moment(moment: datetime) -> datetime:
    if not FIRST.year < moment.year < LAST.year:
        raise ValueError(moment)
    return moment


class OneOf:
    """A code of a fixed list. Inline in the schema: two lists of the house may be called the same."""

    def __init__(self, choices: Any) -> None:
        self.codes = list(choices.values)

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.literal_schema(self.codes)


Day = Annotated[date, AfterValidator(_known_day)]
Moment = Annotated[AwareDatetime, AfterValidator(_known_moment)]
Grams = Annotated[int, Field(gt=0, le=MOST_GRAMS)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,59}$")]
Words = Annotated[str, Field(max_length=200)]


def of(path: str, *, default: Any = ...) -> Any:
    """An entry that stands elsewhere on the row: ``of("org.public_id")``."""
    return Field(default, validation_alias=path)


class Out(Schema):
    """What is read: an answer holds public ids and codes, never keys of this database."""


class In(Schema):
    """What is sent: nothing that is not declared is taken."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Asked(Schema):
    """What every list can be asked for. ``lookups`` say which rows the other entries choose."""

    model_config = ConfigDict(extra="ignore")
    lookups: ClassVar[dict[str, str]] = {}

    unit: UUID | None = Field(None, description="this unit and everything below it")
    cursor: str = Field("", max_length=1000, description="what stood under next")
    limit: int = Field(50, ge=1, le=200)

    def chosen(self) -> dict[str, Any]:
        """The condition on rows."""
        given = {lookup: getattr(self, name) for name, lookup in self.lookups.items()}
        return {lookup: value for lookup, value in given.items() if value is not None}


class AskedByDay(Asked):
    """A list of things that have a day."""

    since: Day | None = Field(None, description="from this day on")
    until: Day | None = Field(None, description="up to this day")


def by_day(field: str) -> dict[str, str]:
    """The lookups of ``since`` and ``until``."""
    return {"since": f"{field}__gte", "until": f"{field}__lte"}


class UnitOut(Out):
    """A unit where something belongs."""

    id: UUID = of("public_id")
    name: str


class RefOut(Out):
    """Something that is named here and has more to it elsewhere."""

    id: UUID = of("public_id")
    name: str

    @staticmethod
    def resolve_name(row: Any) -> str:
        """As people call it."""
        return str(row)
