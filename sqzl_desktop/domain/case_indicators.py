"""案件考核指标: what a month of cases comes to, by class, handler, grid and day.

The indicators are those of digital city management (立案数, 处置率, 按期处置率, 结案率, 超期数,
返工率, 满意率); each says of which day a case counts, what stands above and what below the line.
Cases that were voided (作废) or merged into another (合并) count nowhere: the facts leave them out.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqzl_desktop.base.clock import BEIJING

DECLINED, ON_SPOT = "declined", "on_spot"
PLEASED, DISPLEASED = ("04", "01", "02"), ("03", "05")  # 非常满意、满意、基本满意
_DAY = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What is counted of a case. Moments are aware; "" and None where there is nothing.

    `handled_at` is the last feedback, or the end where nothing was fed back; a step back (返工)
    empties both. `paused` are the seconds its limits stood still (挂账), `paused_at` the beginning
    of a pause that goes on. `grade_before` was given `rated_before`, before a rework.
    """

    id: str
    grid: str
    class_code: str
    category: str
    handler: str
    close_kind: str
    satisfaction: str
    reported_at: dt.datetime | None
    filed_at: dt.datetime | None
    handled_at: dt.datetime | None
    closed_at: dt.datetime | None
    due_at: dt.datetime | None
    rated_at: dt.datetime | None
    paused_at: dt.datetime | None
    paused: float
    reworks: int
    grade_before: str = ""
    rated_before: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """From the first moment of a month to its end, or to now where it still runs."""

    begin: dt.datetime
    end: dt.datetime

    def holds(self, at: dt.datetime | None) -> bool:
        """Is the moment inside?"""
        return at is not None and self.begin <= at < self.end


@dataclass(frozen=True, slots=True)
class Measure:
    """A number of cases: which of them count in a span."""

    name: str
    label: str
    meaning: str
    holds: Callable[[Fact, Span], bool]


def month_span(month: dt.date, now: dt.datetime) -> Span:
    """The month of a day, in Beijing time."""
    first = month.replace(day=1)
    return Span(_midnight(first), min(_midnight(next_month(first)), max(now, _midnight(first))))


def next_month(month: dt.date) -> dt.date:
    """The first day of the month after."""
    return (month.replace(day=28) + dt.timedelta(days=4)).replace(day=1)


def month_before(month: dt.date) -> dt.date:
    """The first day of the month before."""
    return (month.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


def year_before(month: dt.date) -> dt.date:
    """The first day of the same month of last year."""
    return month.replace(year=month.year - 1, day=1)


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), BEIJING)


def _is_handled(fact: Fact, span: Span) -> bool:
    return fact.close_kind != DECLINED and span.holds(fact.handled_at)


def _is_late(fact: Fact, span: Span) -> bool:
    at, due = fact.handled_at, fact.due_at
    return _is_handled(fact, span) and at is not None and due is not None and at > due


def _is_open(fact: Fact, span: Span) -> bool:
    """Filed and not closed when the span ended."""
    begun = fact.filed_at is not None and fact.filed_at < span.end
    return begun and (fact.closed_at is None or fact.closed_at >= span.end)


def _is_parked(fact: Fact, span: Span) -> bool:
    return _is_open(fact, span) and fact.paused_at is not None and fact.paused_at < span.end


def _is_past_due(fact: Fact, span: Span) -> bool:
    passed = fact.due_at is not None and fact.due_at < span.end
    return passed and _is_open(fact, span) and not _is_parked(fact, span)


def _is_unhandled(fact: Fact, span: Span) -> bool:
    return _is_past_due(fact, span) and (fact.handled_at is None or fact.handled_at >= span.end)


def _is_closed(fact: Fact, span: Span) -> bool:
    return fact.close_kind != DECLINED and span.holds(fact.closed_at)


def grade(fact: Fact, span: Span) -> str:
    """The grade a case counts with in a span: what was said before a rework is not undone by it."""
    if fact.grade_before and span.holds(fact.rated_before):
        return fact.grade_before
    return fact.satisfaction if span.holds(fact.rated_at) else ""


MEASURES = (
    Measure("reported", "上报数", "本月上报的案件，按上报时间",
            lambda fact, span: span.holds(fact.reported_at)),
    Measure("filed", "立案数", "本月立案的案件，按立案时间",
            lambda fact, span: span.holds(fact.filed_at)),
    Measure("declined", "不予立案数", "本月决定不予立案的案件，按决定时间",
            lambda fact, span: fact.close_kind == DECLINED and span.holds(fact.closed_at)),
    Measure("handled", "处置数",
            "本月处置完的案件，按最后一次反馈的时间；没有反馈的（自办自结）按结案时间",
            _is_handled),
    Measure("in_time", "按期处置数", "处置数中处置完时没有超过办理时限的；没有设时限的算按期",
            lambda fact, span: _is_handled(fact, span) and not _is_late(fact, span)),
    Measure("late", "超期处置数", "处置数中处置完时已超过办理时限的", _is_late),
    Measure("unhandled", "超期未处置数",
            "月末已立案、过了办理时限还没有处置完的，不含挂账", _is_unhandled),
    Measure("overdue", "超期数", "超期处置数加超期未处置数",
            lambda fact, span: _is_late(fact, span) or _is_unhandled(fact, span)),
    Measure("closed", "结案数", "本月结案的案件，按结案时间，含自办自结", _is_closed),
    Measure("unclosed", "到期未结数", "月末过了办理时限还没有结案的，不含挂账", _is_past_due),
    Measure("on_spot", "自办自结数", "本月当场办完、没有派遣的案件，按结案时间",
            lambda fact, span: fact.close_kind == ON_SPOT and span.holds(fact.closed_at)),
    Measure("reworked", "返工件数", "处置数中曾被退回返工的",
            lambda fact, span: fact.reworks > 0 and _is_handled(fact, span)),
    Measure("rated", "回访数", "本月得到满意度评价的案件，按回访时间",
            lambda fact, span: grade(fact, span) != ""),
    Measure("displeased", "不满意数", "回访数中不满意和非常不满意的，返工前说的也算",
            lambda fact, span: grade(fact, span) in DISPLEASED),
    Measure("waiting", "月末在办数", "月末已立案、没有结案的，含挂账", _is_open),
    Measure("parked", "月末挂账数", "月末因客观条件暂停办理的", _is_parked),
)  # fmt: skip
BY_NAME: Mapping[str, Measure] = {measure.name: measure for measure in MEASURES}


@dataclass(frozen=True, slots=True)
class Counted:
    """A case with the measures that count it in a span; `taken` are its seconds, if it closed.

    `grade` is what the reporter said of it in the span.
    """

    fact: Fact
    names: tuple[str, ...]
    taken: float | None
    grade: str


def counted(facts: Iterable[Fact], span: Span) -> list[Counted]:
    """The cases that count in a span for anything."""
    found = []
    for fact in facts:
        if _touches(fact, span):
            names = tuple(each.name for each in MEASURES if each.holds(fact, span))
            if names:
                found.append(Counted(fact, names, _time_taken(fact, span), grade(fact, span)))
    return found


def _touches(fact: Fact, span: Span) -> bool:
    """False where every moment is outside; a quick look, for most cases are of other months."""
    if fact.closed_at is None:
        return True
    moments = (fact.reported_at, fact.filed_at, fact.handled_at, fact.closed_at, fact.rated_at,
               fact.rated_before)  # fmt: skip
    known = [each for each in moments if each is not None]
    return min(known) < span.end and max(known) >= span.begin


def _time_taken(fact: Fact, span: Span) -> float | None:
    """From filing to closing in seconds, without the pauses, of a case closed in the span."""
    if not _is_closed(fact, span) or fact.filed_at is None or fact.closed_at is None:
        return None
    return max((fact.closed_at - fact.filed_at).total_seconds() - fact.paused, 0.0)


@dataclass(slots=True)
class Tally:
    """The numbers of some cases in a span; `seconds` is how long the `timed` ones took."""

    numbers: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    timed: int = 0

    def add(self, each: Counted) -> None:
        """Count one more case."""
        self.numbers.update(each.names)
        if each.taken is not None:
            self.seconds += each.taken
            self.timed += 1


def tally(some: Iterable[Counted]) -> Tally:
    """The numbers of all these cases."""
    made = Tally()
    for each in some:
        made.add(each)
    return made


def grouped(some: Iterable[Counted], key: Callable[[Fact], str]) -> dict[str, Tally]:
    """The numbers by a key."""
    found: dict[str, Tally] = {}
    for each in some:
        found.setdefault(key(each.fact), Tally()).add(each)
    return found


def by_day(some: Iterable[Counted], span: Span, name: str) -> list[int]:
    """How many cases of 立案, 处置 or 结案 fell on each day of the span's month up to its end."""
    at: Callable[[Fact], dt.datetime | None] = {
        "filed": lambda fact: fact.filed_at,
        "handled": lambda fact: fact.handled_at,
        "closed": lambda fact: fact.closed_at,
    }[name]  # fmt: skip
    last = (span.end - dt.timedelta(microseconds=1)).astimezone(BEIJING).date()
    days = Counter(
        moment.astimezone(BEIJING).day
        for each in some
        if name in each.names and (moment := at(each.fact)) is not None
    )
    return [days[day] for day in range(1, last.day + 1)]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure of a tally. `unit` is 件, % or 天; `behind` names the cases to look at."""

    name: str
    label: str
    unit: str
    meaning: str
    behind: str
    value: Callable[[Tally], float | None] = field(repr=False)


def _of(name: str) -> Callable[[Tally], float | None]:
    return lambda each: float(each.numbers[name])


def _share(above: str, *below: str) -> Callable[[Tally], float | None]:
    def value(each: Tally) -> float | None:
        whole = sum(each.numbers[name] for name in below)
        return 100.0 * each.numbers[above] / whole if whole else None

    return value


def _pleased(each: Tally) -> float | None:
    rated = each.numbers["rated"]
    return 100.0 * (rated - each.numbers["displeased"]) / rated if rated else None


def _days(each: Tally) -> float | None:
    return each.seconds / each.timed / _DAY if each.timed else None


INDICATORS = (
    Indicator("filed", "立案数", "件", BY_NAME["filed"].meaning, "filed", _of("filed")),
    Indicator("handled", "处置数", "件", BY_NAME["handled"].meaning, "handled", _of("handled")),
    Indicator("handled_rate", "处置率", "%", "处置数÷应处置数；应处置数＝处置数＋超期未处置数",
              "unhandled", _share("handled", "handled", "unhandled")),
    Indicator("in_time_rate", "按期处置率", "%", "按期处置数÷应处置数",
              "overdue", _share("in_time", "handled", "unhandled")),
    Indicator("closed", "结案数", "件", BY_NAME["closed"].meaning, "closed", _of("closed")),
    Indicator("closed_rate", "结案率", "%", "结案数÷（结案数＋到期未结数）",
              "unclosed", _share("closed", "closed", "unclosed")),
    Indicator("overdue", "超期数", "件", BY_NAME["overdue"].meaning, "overdue", _of("overdue")),
    Indicator("rework_rate", "返工率", "%", "返工件数÷处置数", "reworked",
              _share("reworked", "handled")),
    Indicator("pleased_rate", "满意率", "%",
              "（非常满意＋满意＋基本满意）÷回访数", "displeased", _pleased),
    Indicator("days", "平均办理天数", "天", "本月结案的案件从立案到结案，扣除挂账时间，含节假日；"
              "没有立案环节的不计", "closed", _days),
    Indicator("on_spot", "自办自结数", "件", BY_NAME["on_spot"].meaning, "on_spot", _of("on_spot")),
    Indicator("declined", "不予立案数", "件", BY_NAME["declined"].meaning, "declined",
              _of("declined")),
    Indicator("waiting", "月末在办数", "件", BY_NAME["waiting"].meaning, "waiting", _of("waiting")),
    Indicator("parked", "月末挂账数", "件", BY_NAME["parked"].meaning, "parked", _of("parked")),
)  # fmt: skip
OF_A_GROUP = (
    "filed", "handled", "handled_rate", "in_time_rate", "closed", "closed_rate", "overdue",
    "rework_rate", "pleased_rate", "days",
)  # fmt: skip
GROUP_COLUMNS: Sequence[Indicator] = tuple(each for each in INDICATORS if each.name in OF_A_GROUP)


def shown(value: float | None, unit: str) -> str:
    """A value as people read it, "—" where there is nothing to divide by."""
    if value is None:
        return "—"
    if unit == "件":
        return f"{value:,.0f}"
    # 99.96% is not all of it: what is rounded must not say so
    text = "100" if value == 100 else f"{min(value, 99.9) if unit == '%' else value:.1f}"
    return f"{text}%" if unit == "%" else text


def change(now: float | None, then: float | None, unit: str) -> str:
    """What became of a value since: a difference, in percentage points of a share."""
    if now is None or then is None:
        return "—"
    digits = 0 if unit == "件" else 1
    difference = round(now - then, digits)
    if not difference:
        return "持平"
    return f"{difference:+,.{digits}f}" + ("点" if unit == "%" else "")


def best_first(groups: Mapping[str, Tally]) -> list[str]:
    """效率排名: by the share in time, then by how much was handled; those with nothing due last."""
    in_time = next(each for each in INDICATORS if each.name == "in_time_rate")

    def rank(name: str) -> tuple[float, int, str]:
        value = in_time.value(groups[name])
        return (-(value if value is not None else -1.0), -groups[name].numbers["handled"], name)

    return sorted(groups, key=rank)
