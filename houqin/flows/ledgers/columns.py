"""What is written down in a ledger: columns, their limits and choices, the list inside an entry. Pure: no database."""

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

CODE = r"^[a-z][a-z0-9_]*$"
_PER_UNIT = {"temperature": 10, "count": 1}
_GRAMS_PER_KILOGRAM = 1000


class Strict(BaseModel):
    """A part of a definition: nothing unknown in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Limit(Strict):
    """A published limit of a field (standards §0.1): only A of national law may refuse, all others warn.

    ``when`` narrows it to entries whose other fields have these values (method: steam). At least one of the bounds.
    """

    min: Decimal | None = None
    max: Decimal | None = None
    when: dict[str, str] = Field(default_factory=dict)
    source: str
    clause: str = ""
    confidence: Literal["A", "A*", "B", "C"]
    region: str = ""

    @model_validator(mode="after")
    def _bounded(self) -> "Limit":
        if self.min is None and self.max is None:
            raise ValueError("a limit has a bound")
        return self


class Choice(Strict):
    """One answer to choose. ``breach`` marks an answer that is out of order and needs a remark."""

    code: str = Field(pattern=CODE)
    zh: str
    en: str
    breach: bool = False


Kind = Literal[
    "text", "long", "choice", "choices", "yes_no", "number", "count", "temperature", "weight", "clock", "moment", "day",
    "person", "place",
]  # fmt: skip


class Column(Strict):
    """One thing that is written down.

    ``number`` has ``unit`` and ``decimals``; ``temperature`` is °C with one decimal, ``weight`` grams typed as kg or g by
    ``unit``; ``count`` a whole number. ``yes_no`` is in order when it equals ``expects``. ``plausible`` bounds are those
    beyond which the typed value is asked again (78 for 7.8). ``prefill``: ``last`` (the entry before), ``now``, ``me``, a
    fixed value in ``default``, or the code of a registered source ("menu", "heads"). ``personal`` values are sealed as
    salted commitments and masked. Only measured kinds (number, temperature, weight, count) have limits; they are never
    filled in by exception. ``odd`` is the answer of a ``choice`` that follows once another answer of its line is out of order
    (ill: off the post); it can be chosen otherwise. A ``clock`` or ``moment`` is when something happened: it lies not in the future, unless ``ahead``.
    """

    code: str = Field(pattern=CODE)
    zh: str
    en: str
    kind: Kind
    unit: str = ""
    decimals: int = Field(default=0, ge=0, le=3)
    choices: list[Choice] = Field(default_factory=list)
    expects: bool = True
    required: bool = True
    prefill: str = ""
    default: str = ""
    odd: str = ""
    plausible: tuple[Decimal, Decimal] | None = None
    limits: list[Limit] = Field(default_factory=list)
    personal: bool = False
    ahead: bool = False
    help_zh: str = ""
    help_en: str = ""

    @model_validator(mode="after")
    def _complete(self) -> "Column":
        if self.kind in ("choice", "choices") and not self.choices:
            raise ValueError(f"{self.code}: a choice needs choices")
        if self.limits and not self.is_measured:
            raise ValueError(f"{self.code}: only measured values have limits")
        if self.odd and self.odd not in {one.code for one in self.choices}:
            raise ValueError(f"{self.code}: odd names none of the choices")
        if self.kind == "number" and not self.unit:
            raise ValueError(f"{self.code}: a number needs its unit")
        return self

    @property
    def is_measured(self) -> bool:
        """Whether somebody reads it off an instrument: never filled in by exception."""
        return self.kind in ("number", "count", "temperature", "weight")

    @property
    def per_unit(self) -> int:
        """How many of what is stored make one of what is typed: 10 tenths a degree, 1000 grams a kilogram."""
        if self.kind == "weight":
            return _GRAMS_PER_KILOGRAM if self.unit == "kg" else 1
        return _PER_UNIT.get(self.kind) or int(10**self.decimals)

    def title(self, language: str) -> str:
        """Its name in a language."""
        return self.zh if language.startswith("zh") else self.en


class Lines(Strict):
    """The list inside an entry: a line for each place, person, dish or thing.

    ``by_exception``: every line is in order unless something else is said; then ``columns`` hold no measured value.
    """

    of: Literal["places", "staff", "dishes", "classes", "free"]
    uses: list[str] = Field(default_factory=list, description="codes of the catalogue places")
    zh: str
    en: str
    by_exception: bool = False
    columns: list[Column] = Field(min_length=1)

    @model_validator(mode="after")
    def _measured(self) -> "Lines":
        if self.by_exception and any(column.is_measured and column.required for column in self.columns):
            raise ValueError("measured values are never filled in by exception")
        return self
