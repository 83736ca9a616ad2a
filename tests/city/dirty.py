"""A table of residents as a community would send it, spoiled on purpose, and the truth about it."""

import csv
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from sqzl_desktop.domain.code_lists import code_list
from tests.city import dirty_cells as cells
from tests.city.chance import happens, words
from tests.city.numbers import phone
from tests.city.site import Home
from tests.city.tables import Row

_HEADINGS = words(
    "序号 楼号 单元 室号 姓名 性别 身份证号 出生日期 民族 与户主关系 联系电话 户籍地址 备注"
)
_TRUTH = words(
    "line action reason name sex id_number birth_date ethnic relation phone building unit room"
    " hukou_address warnings"
)
_REPEATED = 12
_ROWS_OF_A_PAGE = 60
_SEX_NAMES = {"1": "男", "2": "女"}
_REMARKS = ("", "", "", "低保", "租户", "党员", "空巢")
_EMPTY_MARKS = ("待核实", "无人", "空户", "出租")

Source = tuple[Row, Home]
Texts = dict[str, str]


def write_dirty(folder: Path, residents: Sequence[Source], *, seed: int) -> Counter[str]:
    """Write the table in two encodings and its truth; how many lines go which way."""
    sheet = _Sheet(random.Random(f"{seed}:dirty"))
    sheet.fill(residents)
    for name, encoding in (
        ("dirty_residents.csv", "utf-8-sig"),
        ("dirty_residents_gb18030.csv", "gb18030"),
    ):
        _write_csv(folder / name, encoding, sheet.lines)
    _write_csv(folder / "dirty_truth.csv", "utf-8", [_TRUTH, *sheet.truth])
    return Counter(":".join(filter(None, line[1:3])) for line in sheet.truth)


def _write_csv(path: Path, encoding: str, lines: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(lines)


class _Sheet:
    """The lines of the table, and for every line what should become of it."""

    def __init__(self, rng: random.Random) -> None:
        self.lines: list[list[str]] = []
        self.truth: list[list[str]] = []
        self._rng = rng
        self._serial = 0
        self._accepted: set[str] = set()
        self._above: Texts = {}

    def fill(self, residents: Sequence[Source]) -> None:
        """Everything: title, residents, some of them twice, empty dwellings, signature."""
        self._skip(["XX社区居民基本情况登记台账（2026年）"], "title")
        self._skip(["填报单位：XX社区居民委员会", *[""] * 5, "填报时间：2026.6.30"], "title")
        self._skip(["", "房屋信息", "", "", "人员信息"], "group_header")
        self._skip(_HEADINGS, "header")
        repeated = self._rng.sample(range(len(residents)), min(_REPEATED, len(residents)))
        for count, source in enumerate([*residents, *(residents[i] for i in sorted(repeated))]):
            if _is_usual(source[0]):
                self._break_page(count)
                self._add_resident(*source)
        for count in range(6):
            self._skip(self._empty_dwelling(count), "vacant_marker")
        self._skip([f"合计：{self._serial}人"], "summary")
        self._skip(["填表人：", "", "", "审核人：", "", "", "联系电话：0951-"], "footer")

    def _break_page(self, count: int) -> None:
        if count and count % _ROWS_OF_A_PAGE == 0:
            self._skip([f"小计：{count}人"], "summary")
            self._skip(_HEADINGS, "repeated_header")
        if happens(self._rng, 0.03):
            self._skip([""], "blank")

    def _add_resident(self, resident: Row, home: Home) -> None:
        self._serial += 1
        person = {name: str(value) for name, value in resident.items()}
        shown_id = cells.id_cell(self._rng, person["id_number"])
        shown, action, reason = self._spoil(person)
        if shown_id.refusal:
            action, reason = "reject", shown_id.refusal
        elif action == "accept" and person["id_number"] in self._accepted:
            action, reason = self._repeat(person)
        if action == "accept":
            self._accepted.add(person["id_number"])
        place = self._place(person, home)
        line = [
            str(self._serial),
            *place,
            shown["name"],
            shown["sex"],
            shown_id.text,
            shown["birth_date"],
            *self._ditto_cells(person),
            self._rng.choice(_REMARKS),
        ]
        self._above = person
        self._add(line, action, reason, _truth(person, home) | {"warnings": shown_id.warning})

    def _spoil(self, person: Texts) -> tuple[Texts, str, str]:
        """Name, sex and birth date as shown, and what becomes of the line for their sake."""
        rng = self._rng
        shown = {
            "name": cells.name_cell(rng, person["name"]),
            "sex": _SEX_NAMES[person["sex"]],
            "birth_date": cells.date_cell(rng, person["birth_date"]),
        }
        chance = rng.random()
        if chance < 0.012:
            other = _SEX_NAMES["2" if person["sex"] == "1" else "1"]
            return shown | {"sex": other}, "review", "sex_conflicts_id"
        if chance < 0.024:
            other = _year_before(person["birth_date"])
            return shown | {"birth_date": other}, "review", "birth_conflicts_id"
        if chance < 0.032:
            return shown | {"name": ""}, "reject", "name_missing"
        if chance < 0.04:
            return shown | {"birth_date": "1999.02.30"}, "review", "birth_invalid_use_id"
        return shown, "accept", ""

    def _repeat(self, person: Texts) -> tuple[str, str]:
        if happens(self._rng, 0.5):
            person["phone"] = phone(self._rng)
            return "reject", "duplicate_conflict_phone"
        return "reject", "duplicate_in_file"

    def _place(self, person: Texts, home: Home) -> list[str]:
        if self._is_same(person, "household_id"):
            return ["", "", ""]
        return cells.place_cells(self._rng, home.number, home.entrance, home.room)

    def _ditto_cells(self, person: Texts) -> list[str]:
        """People, relation, phone and address; what the line above says is often only hinted at."""
        rng = self._rng
        same_home = self._is_same(person, "household_id")
        ethnic = cells.ethnic_cell(rng, code_list("ethnic").label(person["ethnic"]))
        number = cells.phone_cell(rng, person["phone"])
        address = person["hukou_address"]
        if same_home and self._is_same(person, "ethnic") and happens(rng, 0.3):
            ethnic = "〃"
        if same_home and person["phone"] and self._is_same(person, "phone") and happens(rng, 0.5):
            number = "同上"
        if same_home and self._is_same(person, "hukou_address") and happens(rng, 0.7):
            address = "同上"
        return [ethnic, code_list("family_relation").label(person["relation"]), number, address]

    def _is_same(self, person: Texts, field: str) -> bool:
        return self._above.get(field) == person[field]

    def _empty_dwelling(self, count: int) -> list[str]:
        serial = str(self._serial + count + 1)
        return [serial, "3", "1", "", self._rng.choice(_EMPTY_MARKS), *[""] * 7, "空置"]

    def _skip(self, line: Sequence[str], reason: str) -> None:
        self._add(line, "skip", reason, {})

    def _add(self, line: Sequence[str], action: str, reason: str, truth: Texts) -> None:
        self.lines.append([*line, *[""] * (len(_HEADINGS) - len(line))])
        known = [truth.get(name, "") for name in _TRUTH[3:]]
        self.truth.append([str(len(self.lines)), action, reason, *known])


def _is_usual(resident: Row) -> bool:
    return resident["id_type"] == "111" and resident["status"] == "正常"


def _truth(person: Texts, home: Home) -> Texts:
    place = {"building": str(home.number), "unit": str(home.entrance), "room": home.room}
    return {name: person[name] for name in _TRUTH if name in person} | place


def _year_before(day: str) -> str:
    year = int(day[:4]) - 1
    return f"{year}-02-28" if day.endswith("-02-29") else f"{year}{day[4:]}"
