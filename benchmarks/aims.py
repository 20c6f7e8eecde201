"""What each benchmark is held to, and what keeps a figure from it."""

from dataclasses import dataclass
from itertools import product

POSTGRESQL, SQLITE = "postgresql", "sqlite"


@dataclass(frozen=True)
class Aim:
    """A figure by its path in what a benchmark prints, with its bound. ``why`` names the remark for when it is missed."""

    database: str
    name: str
    path: tuple[str, ...]
    words: str
    sign: str
    bound: float
    unit: str
    why: str

    @property
    def asked(self) -> str:
        """The bound in words."""
        return f"{self.sign} {self.bound:,} {self.unit}".strip()

    def reached(self, value: float) -> bool:
        """Whether the figure is within its bound."""
        return value <= self.bound if self.sign == "≤" else value >= self.bound


VISITS = ("sign-in, then forgotten password", "keeper: Today, then deliveries", "parent: home, then notices")
WHY = {
    "pages": (
        "A page's time is its statements: each costs the ORM about a millisecond of this processor beside the database's own. Today asks "
        "each part of the house in turn, over a hundred statements for a principal; lists ask a dozen; a trace draws two hundred meals; "
        "the board of credentials counts every paper of whoever looks, a province's too. Twenty at once share two cores with the "
        "database and with whoever asks. What would reach it: Today's parts told once and changed by events instead of asked at each "
        "look; that board from the night's figures; a processor a worker more."
    ),
    "trace": (
        "The question alone is eight statements, since goods and suppliers have several names, goods go from school to school, and a lot "
        "may say too little; the bare statement knows all that beforehand. What would reach it: names written out into a table of their "
        "own when two are merged, so that one statement follows them."
    ),
    "moves": (
        "A deed of nine lines is nine statements for goods issued and sixteen for goods accepted, beside its own insertions: every one "
        "guards something (the stop, the seal, the recall, the signature, the papers). Putting the statements together takes the ORM "
        "longer than the database takes to answer them. With eight workers client and server share two cores. What would reach it: "
        "more cores, since schools do not wait for one another; else statements that are put together once and kept."
    ),
    "files": (
        "Every value passes through the words of its reader, and through the check that no cell begins a formula. What would reach it: "
        "workbooks written by the parts of a list side by side; rosters staged as plain values without an object for each line."
    ),
    "paint": (
        "The phone waits for the page, its style and its script one after the other over a slow network, and the server's time comes "
        "before. What would reach it: Today told faster, the style of the first screen inside the page."
    ),
    "loss": "Nothing may be lost, done twice or end in an error: this is a fault to be mended.",
    "speed": "Four workers, the database and what watches them share two cores.",
    "tree": "The generator keeps every rule of the program (chains are sealed, duties follow from the calendar); more cores share its schools.",
    "earlier": "See the decision of its mechanism in docs/adr.",
}


def _pages(name: str) -> list[Aim]:
    summary = ("summary",)
    return [
        Aim(POSTGRESQL, name, (*summary, "alone", "within %"), "pages alone within 50 ms", "≥", 100, "%", "pages"),
        Aim(POSTGRESQL, name, (*summary, "alone", "worst"), "the slowest page alone, p95", "≤", 50, "ms", "pages"),
        Aim(POSTGRESQL, name, (*summary, "20 at once", "within %"), "pages by twenty at once within 200 ms", "≥", 100, "%", "pages"),
        Aim(POSTGRESQL, name, (*summary, "20 at once", "worst"), "the slowest page by twenty at once, p95", "≤", 200, "ms", "pages"),
        Aim(POSTGRESQL, name, (*summary, "20 at once", "errors"), "errors of twenty at once", "≤", 0, "", "loss"),
        Aim(POSTGRESQL, name, (*summary, "own school / administrator", "worst"), "own school through administrator, the worst page", "≤", 1.2, "×", "pages"),
    ]  # fmt: skip


def _load(name: str) -> list[Aim]:
    return [
        Aim(POSTGRESQL, name, ("200 users", "errors"), "errors of 200 users", "≤", 0, "", "loss"),
        Aim(POSTGRESQL, name, ("200 users", "most connections"), "connections of 200 users", "≤", 90, "", "loss"),
    ]  # fmt: skip


def _moves() -> list[Aim]:
    rates = [(POSTGRESQL, "1 workers", 1_000), (POSTGRESQL, "8 workers", 2_000), (SQLITE, "1 workers", 1_000)]
    return [
        Aim(database, "moves", (f"{size} rows", deed, workers), f"moves {deed}, {workers}, among {size}", "≥", bound, "a second", "moves")
        for (database, workers, bound), deed, size in product(rates, ("accepted", "issued"), ("10,000", "10,000,000"))
    ]  # fmt: skip


def _of(name: str, databases: str, why: str, *aims: tuple[tuple[str, ...], str, str, float, str]) -> list[Aim]:
    """What must not happen at all has one reason, whatever the benchmark."""
    return [
        Aim(database, name, path, words, sign, bound, unit, why if bound else "loss")
        for database in databases.split()
        for path, words, sign, bound, unit in aims
    ]


AIMS: tuple[Aim, ...] = (
    *_of("province of 1,000", POSTGRESQL, "tree", (("seconds",), "a year of 1,000 schools made", "≤", 900, "s")),
    *(aim for name in ("province of 100", "province of 1,000", "province of 20,000") for aim in _pages(name)),
    *(aim for name in ("province of 100", "province of 1,000") for aim in _load(name)),
    *_of(
        "recall", POSTGRESQL, "trace",
        (("lots and meals", "p95_ms"), "the question: which lots and meals, p95", "≤", 10, "ms"),
        (("lots and meals / bare",), "the question through the bare SQL", "≤", 3, "×"),
        (("page", "p95_ms"), "the page, p95", "≤", 100, "ms"),
    ),
    *_moves(),
    *_of("exports", POSTGRESQL, "files",
        (("csv", "seconds"), "1,000,000 rows as CSV", "≤", 20, "s"), (("xlsx", "seconds"), "as XLSX", "≤", 90, "s"),
        (("csv", "more memory, MB"), "memory for CSV", "≤", 100, "MB"), (("xlsx", "more memory, MB"), "for XLSX", "≤", 100, "MB"),
    ),
    *_of("jobs", POSTGRESQL, "speed",
        (("jobs a second",), "jobs by four workers", "≥", 200, "a second"), (("lost",), "jobs lost", "≤", 0, ""),
        (("done twice",), "jobs done twice", "≤", 0, ""),
    ),
    *_of(
        "imports", f"{POSTGRESQL} {SQLITE}", "files",
        (("first", "rows written a second"), "rows that an import writes into all its tables", "≥", 5_000, "a second"),
        (("first", "lines a second"), "lines of sheets that it reads, compares and writes", "≥", 5_000, "a second"),
        (("first", "memory at most, MB"), "memory of an import of 100,000 lines", "≤", 500, "MB"),
    ),
    *_of(
        "indicators", POSTGRESQL, "speed",
        (("the night with duties on every day, s",), "indicators of 20,000 schools, a night", "≤", 600, "s"),
    ),
    *_of(
        "one_school", SQLITE, "pages",
        (("the slowest, p95 ms",), "one school after three years, the slowest page, p95", "≤", 150, "ms"),
        (("keepers at once", "errors"), "errors of twenty keepers at once", "≤", 0, ""),
    ),
    *_of("first_page", SQLITE, "paint", *(
        (
            (visit, figure), f"{visit}: {words}", "≤", bound, unit)
            for visit in VISITS for figure, words, bound, unit in (
                ("KB", "first page", 200, "KB"), ("KB of the next", "next page", 40, "KB"), ("LCP, ms", "largest paint", 1_500, "ms"),
            )
    )),
    *_of("town", f"{POSTGRESQL} {SQLITE}", "earlier", (("first", "seconds"), "a town's ledgers read and written", "≤", 10, "s")),
    *_of("trace", f"{POSTGRESQL} {SQLITE}", "trace", (("trace page", "p95_ms"), "who had the bad batch, seven schools", "≤", 1_000, "ms")),
    *_of("keepers", f"{POSTGRESQL} {SQLITE}", "earlier", (("during", "longest_ms"), "the longest wait of a keeper during an import", "≤", 2_000, "ms")),
    *_of("ledgers", POSTGRESQL, "earlier",
        (("many schools", "entries/s"), "ledger entries by eight, many schools", "≥", 700, "a second"),
        (("one school", "entries/s"), "ledger entries by eight, one school", "≥", 300, "a second"),
    ),
    *_of("duties", POSTGRESQL, "earlier",
        (("laid out, s",), "a day's duties of 15,000 schools", "≤", 60, "s"),
        (("times the bare one",), "through the bare INSERT … SELECT", "≤", 3, "×"),
    ),
    *_of("boards", POSTGRESQL, "earlier",
        *(((name, "page, 30 days", "p95_ms"), f"board, {name}, p95", "≤", 200, "ms") for name in ("school", "town of 20", "district of 200", "city of all")),
    ),
)  # fmt: skip
