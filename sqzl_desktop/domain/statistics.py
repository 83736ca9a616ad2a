"""统计: what the register counts on a day, as tables that are drawn, printed and exported alike.

Nothing here asks the store: facts of persons go in, figures come out, and every figure of persons
adds up to them.
"""

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from sqzl_desktop.domain.code_lists import code_list

Shape = Literal["pyramid", "bars", "stacked", "columns"]
UNKNOWN = "未登记"
BAND_YEARS, OLDEST_BAND = 5, 100
SMALLEST_SHOWN = 3  # below it, a number may point at a person
LARGEST_HOUSEHOLD = 6
_MOST_LABELS = 12


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """What is counted of a resident; codes as registered, "" where nothing is."""

    grid: str
    sex: str
    born_on: str
    population: str
    education: str
    political: str
    ethnic: str
    household: str


@dataclasses.dataclass(frozen=True, slots=True)
class Series:
    """A name and a number for each label of its figure; None is withheld."""

    name: str
    values: tuple[int | None, ...]

    @property
    def total(self) -> int | None:
        """The sum; withheld where a part is, or the part could be worked out."""
        known = [each for each in self.values if each is not None]
        return sum(known) if len(known) == len(self.values) else None


@dataclasses.dataclass(frozen=True, slots=True)
class Figure:
    """One table and how it is drawn. `unit` is what is counted.

    `has_sum` tells that the parts make a whole; `most` is the number that fills the width, 0 for
    the largest there is.
    """

    name: str
    title: str
    unit: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    shape: Shape = "bars"
    note: str = ""
    has_sum: bool = True
    most: int = 0

    @property
    def headings(self) -> tuple[str, ...]:
        """The head of its table."""
        sums = ("合计",) if len(self.series) > 1 else ()
        return ("", *(each.name for each in self.series), *sums)

    def rows(self) -> list[tuple[str, ...]]:
        """The lines of its table, the sums last."""
        several = len(self.series) > 1
        lines = []
        for place, label in enumerate(self.labels):
            values = [each.values[place] for each in self.series]
            sums = [Series("", tuple(values)).total] if several else []
            lines.append((label, *map(number, [*values, *sums])))
        if not self.has_sum:
            return lines
        totals = [each.total for each in self.series]
        whole = [Series("", tuple(totals)).total] if several else []
        return [*lines, ("合计", *map(number, [*totals, *whole]))]


@dataclasses.dataclass(frozen=True, slots=True)
class Report:
    """The statistics of a community or one grid, as of the end of a day."""

    place: str
    community: str
    day: dt.date
    facts: tuple[tuple[str, str], ...]
    figures: tuple[Figure, ...]


def pieces(figure: Figure, rows: int) -> list[Figure]:
    """A long figure as several of at most so many labels, drawn to one scale."""
    count = len(figure.labels)
    if count <= rows:
        return [figure]
    sums = (sum(each.values[n] or 0 for each in figure.series) for n in range(count))
    most = max(sums)
    return [
        dataclasses.replace(
            figure,
            labels=figure.labels[start : start + rows],
            series=tuple(Series(each.name, each.values[start : start + rows])
                         for each in figure.series),
            has_sum=False,
            most=most,
        )
        for start in range(0, count, rows)
    ]  # fmt: skip


def number(value: int | None) -> str:
    """A number as people read it."""
    return f"不足{SMALLEST_SHOWN}" if value is None else f"{value:,}"


def withheld(figure: Figure) -> Figure:
    """The figure without numbers so small that they may point at a person."""
    series = tuple(
        Series(each.name, tuple(_shown(value) for value in each.values)) for each in figure.series
    )
    return dataclasses.replace(figure, series=series)


def _shown(value: int | None) -> int | None:
    return None if value is not None and 0 < value < SMALLEST_SHOWN else value


def age_on(born_on: str, day: dt.date) -> int:
    """Full years on a day of somebody born on an ISO date."""
    later = f"{day:%m-%d}" < born_on[5:10]
    return day.year - int(born_on[:4]) - later


def age_pyramid(people: Sequence[Person], day: dt.date) -> Figure:
    """Five-year bands by sex, the oldest first; those whose age or sex is unknown apart."""
    counted: Counter[tuple[str, str]] = Counter()
    bands: dict[str, str] = {}
    for (sex, born_on), count in Counter((each.sex, each.born_on) for each in people).items():
        if born_on not in bands:
            bands[born_on] = _band(age_on(born_on, day)) if born_on else UNKNOWN
        counted[bands[born_on], sex if sex in ("1", "2") else ""] += count
    labels = [_band(age) for age in range(OLDEST_BAND, -1, -BAND_YEARS)]
    labels += [UNKNOWN] if any(label == UNKNOWN for label, _ in counted) else []
    sexes = [("1", "男"), ("2", "女")]
    sexes += [("", "性别未登记")] if any(sex == "" for _, sex in counted) else []
    series = tuple(Series(name, tuple(counted[label, sex] for label in labels))
                   for sex, name in sexes)  # fmt: skip
    return Figure("ages", "年龄结构", "人", tuple(labels), series, "pyramid")


def _band(age: int) -> str:
    first = max(age, 0) // BAND_YEARS * BAND_YEARS
    return (
        f"{OLDEST_BAND}岁以上" if first >= OLDEST_BAND else f"{first}～{first + BAND_YEARS - 1}岁"
    )


def by_code(name: str, title: str, codes: Iterable[str], *, of: str, unit: str = "人") -> Figure:
    """How many have each code of a list, most first where the list is long; unknown last."""
    entries = code_list(of)
    counted = Counter(codes)
    known = [entry.code for entry in entries.codes if entry.code in counted]
    strange = sorted(code for code in counted if code and code not in entries)
    known += strange
    if len(known) > _MOST_LABELS:
        known.sort(key=lambda code: -counted[code])
    shown, rest = known[:_MOST_LABELS], known[_MOST_LABELS:]
    pairs = [(entries.label(code), counted[code]) for code in shown]
    pairs += [("其余", sum(counted[code] for code in rest))] if rest else []
    pairs += [(UNKNOWN, counted[""])] if counted[""] else []
    return _single(name, title, unit, pairs)


def education(people: Sequence[Person]) -> Figure:
    """By the main classes of GB/T 4658, whose codes end in 0."""
    codes = (each.education[:1] + "0" if each.education else "" for each in people)
    return by_code("education", "文化程度", codes, of="education")


def household_sizes(homes: Mapping[str, str], members: Mapping[str, int]) -> Figure:
    """Households by how many live in them now; `homes` are the households' ids."""
    counted = Counter(min(members.get(home, 0), LARGEST_HOUSEHOLD) for home in homes)
    pairs = [(_persons(size), counted[size]) for size in range(1, LARGEST_HOUSEHOLD + 1)]
    pairs += [("没有成员", counted[0])] if counted[0] else []
    return _single("household_sizes", "户规模", "户", pairs)


def _persons(size: int) -> str:
    return f"{size}人及以上" if size == LARGEST_HOUSEHOLD else f"{size}人"


def _single(
    name: str, title: str, unit: str, pairs: Sequence[tuple[str, int]], *, note: str = ""
) -> Figure:
    labels = tuple(label for label, _ in pairs)
    values = Series(f"{unit}数", tuple(value for _, value in pairs))
    return Figure(name, title, unit, labels, (values,), "bars", note)


def counted_pairs(
    name: str, title: str, unit: str, pairs: Sequence[tuple[str, int]], note: str = ""
) -> Figure:
    """A figure of numbers that are counted already."""
    return _single(name, title, unit, pairs, note=note)


def split(
    name: str, title: str, unit: str, rows: Sequence[tuple[str, int, int]], *,
    names: tuple[str, str], note: str = "",
) -> Figure:  # fmt: skip
    """A figure whose bars have two parts, such as done and still to do."""
    labels = tuple(label for label, _, _ in rows)
    series = (
        Series(names[0], tuple(first for _, first, _ in rows)),
        Series(names[1], tuple(second for _, _, second in rows)),
    )
    return Figure(name, title, unit, labels, series, "stacked", note)


def people_figures(people: Sequence[Person], day: dt.date) -> list[Figure]:
    """Every figure that adds up to the people."""
    kinds: tuple[tuple[str, str, Callable[[Person], str], str], ...] = (
        ("population", "人口类型", lambda each: each.population, "population_type"),
        ("political", "政治面貌", lambda each: each.political, "political"),
        ("ethnic", "民族", lambda each: each.ethnic, "ethnic"),
    )
    counted = [by_code(name, title, map(field, people), of=codes)
               for name, title, field, codes in kinds]  # fmt: skip
    return [age_pyramid(people, day), counted[0], education(people), *counted[1:]]
