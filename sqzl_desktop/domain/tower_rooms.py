"""楼栋图房屋: what is known of every dwelling of a building at a glance, what is asked of it, and
the signs that stand for it on screen and paper."""

import dataclasses
import datetime as dt
import functools
from collections.abc import Callable, Iterable, Mapping

from sqzl_desktop.domain import attention
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.tower import SHOP, Door

SELF, RENTED, VACANT, OTHER = "01", "02", "03", "99"
OLD = 80

TAG_SIGNS: Mapping[str, str] = {
    "K01": "保", "K02": "特", "K03": "残", "K04": "独", "K05": "高", "K06": "巢", "K07": "失",
    "K08": "留", "K09": "童", "K10": "计", "K11": "军", "K12": "优", "K13": "业", "K14": "毕",
    "K15": "孕", "K16": "慢", "K19": "危", "K20": "贫",
}  # fmt: skip
_HIDDEN = {tag for group in attention.GROUPS if group.is_sensitive for tag in group.tags}


@dataclasses.dataclass(frozen=True, slots=True)
class Use:
    """A use of a dwelling: its code in house_use ("" is not recorded), name and one-letter sign."""

    code: str
    label: str
    sign: str


USES = (
    Use(SELF, "自住", "自"), Use(RENTED, "出租", "租"), Use(VACANT, "空置", "空"),
    Use(OTHER, "其他", "他"), Use("", "未登记", "？"),
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Room:
    """A dwelling at a glance.

    `head` is masked (王**); `oldest_born_on` the earliest birthday of who lives there;
    `last_visit_on` the last visit that met somebody; `is_due` that somebody there is due one.
    """

    door: Door
    use: str = ""
    people: int = 0
    head: str = ""
    tags: tuple[str, ...] = ()
    oldest_born_on: dt.date | None = None
    last_visit_on: dt.date | None = None
    is_due: bool = False
    hazard: str = ""

    @property
    def is_shop(self) -> bool:
        """Is it a shop?"""
        return self.door.purpose == SHOP


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """What one may ask of the rooms of a building; `asks` gets a room and the day."""

    name: str
    label: str
    asks: Callable[[Room, dt.date], bool]


def quarter_start(day: dt.date) -> dt.date:
    """The first day of the day's quarter."""
    return dt.date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def old_before(day: dt.date) -> dt.date:
    """Who was born on this day or before is 80 on that day."""
    try:
        return day.replace(year=day.year - OLD)
    except ValueError:
        return dt.date(day.year - OLD, 2, 28)


def _unvisited(room: Room, today: dt.date) -> bool:
    is_lived_in = room.people > 0 or room.use in (SELF, RENTED)
    last = room.last_visit_on
    return is_lived_in and (last is None or last < quarter_start(today))


def _old(room: Room, today: dt.date) -> bool:
    return room.oldest_born_on is not None and room.oldest_born_on <= old_before(today)


def _unknown(room: Room, _today: dt.date) -> bool:
    return not room.people and room.use != VACANT and not room.is_shop


_ALWAYS = (
    Question("unvisited", "本季度未走访", _unvisited),
    Question("due", "走访到期", lambda room, _today: room.is_due),
    Question("old", "80岁以上", _old),
    Question("vacant", "空置", lambda room, _today: room.use == VACANT),
    Question("rented", "出租", lambda room, _today: room.use == RENTED),
    Question("unknown", "无人且未标空置", _unknown),
)


def questions(rooms: Iterable[Room]) -> tuple[Question, ...]:
    """What may be asked of these rooms: always the same, then each tag that is there."""
    there = {tag for room in rooms for tag in room.tags}
    return (*_ALWAYS, *(_of_tag(tag) for tag in TAG_SIGNS if tag in there))


def _of_tag(tag: str) -> Question:
    label = code_list("key_population").label(tag).partition("(")[0]
    return Question(tag, label, lambda room, _today: tag in room.tags)


def shown_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """The tags that may stand on a door, each once: never one of a sensitive group."""
    found = set(tags) - _HIDDEN
    return tuple(tag for tag in TAG_SIGNS if tag in found)


def counts(rooms: Iterable[Room]) -> dict[str, int]:
    """How many rooms are of each use, by code; a use nobody knows counts as 其他."""
    found = {use.code: 0 for use in USES}
    for room in rooms:
        found[room.use if room.use in found else OTHER] += 1
    return found


def use_of(code: str) -> Use:
    """The use of that code; 其他 where it is none of ours."""
    return next((use for use in USES if use.code == code), USES[3])


def masked_name(name: str) -> str:
    """王**: the first character, the rest hidden."""
    name = name.strip()
    return name[0] + "*" * min(max(len(name) - 1, 1), 2) if name else ""


@dataclasses.dataclass(frozen=True, slots=True)
class Care:
    """Why somebody is visited: the group, since when, until when, their own interval."""

    kind: str
    since_on: dt.date | None = None
    until_on: dt.date | None = None
    interval_days: int | None = None


def is_due(
    cares: Iterable[Care], *, last_on: dt.date | None, planned_on: dt.date | None, today: dt.date
) -> bool:
    """Is somebody due a visit: planned for today or before, or an interval after the last?"""
    if planned_on and planned_on <= today and (last_on is None or last_on < planned_on):
        return True
    for care in cares:
        days = attention.interval_of(care.kind, care.interval_days)
        due = attention.due_on(days, since_on=care.since_on, last_visit_on=last_on)
        if due and due <= today and attention.is_running(care.until_on, today):
            return True
    return False


@functools.lru_cache(maxsize=4096)
def marked(tags: tuple[str, ...]) -> tuple[Care, ...]:
    """What the tags at the door alone say of groups: no day, no interval of one's own."""
    found = set(tags)
    return tuple(
        Care(group.kind)
        for group in attention.GROUPS
        if not group.is_sensitive and found & set(group.tags)
    )
