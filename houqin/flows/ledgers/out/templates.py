"""The superior's template: how entries of a ledger become the rows that a provincial platform takes, as a catalogue says."""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from houqin.core.catalogues.loading import Entry, area

AREA = "uploads"
SOURCES = frozenset(
    {"day", "slot", "at", "where", "who", "second", "remark", "seal", "number", "line", "school.name", "school.code"}
)


class Gives(StrEnum):
    """What makes a row."""

    ENTRY = "entry"
    LINE = "line"


class UploadColumn(BaseModel):
    """One column of the file. ``takes`` names where its value comes from; ``fixed`` stands there instead.

    ``takes``: ``day`` ``slot`` ``at`` (time of writing) ``where`` ``who`` ``second`` ``remark`` ``seal`` ``number`` (of the
    row) ``line`` (whom or what the line is about) ``school.name`` ``school.code``, or ``value.CODE`` and ``line.CODE``: a
    column of the ledger or of its lines. ``words`` replaces stored codes ("yes", "steam") by the platform's own words.
    ``form`` is how days and times are written (Python's strftime). Figures go out as figures, times ``times`` (kilograms
    to grams: 1000).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    takes: str = ""
    fixed: str = ""
    words: dict[str, str] = Field(default_factory=dict)
    form: str = ""
    times: int = Field(default=1, gt=0)

    @model_validator(mode="after")
    def _one_source(self) -> "UploadColumn":
        if bool(self.takes) == bool(self.fixed):
            raise ValueError(f"{self.title}: takes a value or has a fixed one")
        if self.takes and self.takes not in SOURCES and not self.takes.startswith(("value.", "line.")):
            raise ValueError(f"{self.title}: {self.takes} is no source")
        return self


class UploadTemplate(Entry):
    """One platform's form for one ledger. ``rows``: one an entry, or one for each of its lines.

    ``encoding`` is that of a CSV ("utf-8-sig", "gb18030"). ``heading`` stands above the columns when the platform's own
    template has a title row. ``is_example`` ones show how it is done and are no platform's real form.
    """

    ledger: str
    platform_zh: str
    platform_en: str
    is_example: bool = False
    format: Literal["xlsx", "csv"] = "xlsx"
    encoding: Literal["utf-8-sig", "utf-8", "gb18030"] = "utf-8-sig"
    sheet: str = Field(default="Sheet1", max_length=31)
    heading: str = ""
    rows: Gives = Gives.ENTRY
    day_form: str = "%Y-%m-%d"
    columns: list[UploadColumn] = Field(min_length=1)

    @model_validator(mode="after")
    def _lines_where_asked(self) -> "UploadTemplate":
        if self.rows == Gives.ENTRY and any(one.takes.startswith("line") for one in self.columns):
            raise ValueError(f"{self.code}: a column of lines needs rows: line")
        titles = [one.title for one in self.columns]
        if len(set(titles)) < len(titles):
            raise ValueError(f"{self.code}: a column stands twice")
        return self

    def title(self, language: str) -> str:
        """Its name in a language."""
        return self.title_zh if language.startswith("zh") else self.title_en

    def platform(self, language: str) -> str:
        """Whose form it is."""
        return self.platform_zh if language.startswith("zh") else self.platform_en


area(AREA, UploadTemplate)
