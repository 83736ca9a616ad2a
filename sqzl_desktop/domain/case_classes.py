"""案件类别: what cases are about, with conditions, who is responsible, and how long it may take.

The list built into the program: matters and component faults of GB/T 47678.5, disputes, and a
local tree for what is a community's work beyond city management. The limits in it are examples
from cities that publish theirs; GB/T 47678.5 leaves them to each city. A community's own records
stand over it, version by version, so that an old case keeps the class it was filed under.
"""

import csv
import dataclasses
import functools
from collections.abc import Iterable, Mapping
from typing import Any

from sqzl_desktop.base import paths, pinyin, text
from sqzl_desktop.base.errors import Refused
from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds.case_class import CaseClass
from sqzl_desktop.domain.limits import Phase, read, read_stages

BUILTIN_VERSION = 1
URGENT, VERY_URGENT = "02", "03"
_MAJOR_DIGITS = 2
_INHERITED = (
    "category", "handler", "phases", "phases_urgent", "phases_very_urgent", "stage_limits",
    "filing_condition", "closing_condition",
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Former:
    """A class of an older list, and what it is called now; `new_code` "" is left to people."""

    scheme: str
    old_code: str
    old_name: str
    new_code: str
    new_name: str
    note: str


@functools.cache
def builtin() -> tuple[CaseClass, ...]:
    """The classes the program brings, majors before what belongs to them."""
    standard, local = _rows("case_classes_standard"), _rows("case_classes_local")
    names = {entry.code: entry for entry in code_list("dispute").codes}
    made: dict[str, CaseClass] = {}
    for row in local.values():
        known = names.get(row["code"])
        name = row["name"] or (known.name if known else "")
        made[row["code"]] = _made({**row, "name": name}, made, "本地扩展", is_local=True)
    majors = [row for row in standard.values() if row["name"]]
    for row in majors:
        made[row["code"]] = _made(row, made, "GB/T 47678.5-2026")
    for entry in code_list("matter").codes:
        row = standard.get(entry.code, {})
        parent = entry.code[:_MAJOR_DIGITS]
        named = {**row, "code": entry.code, "name": entry.name, "parent": parent}
        made[entry.code] = _made(named, made, entry.standard)
    return tuple(made[code] for code in sorted(made, key=lambda code: (made[code].is_local, code)))


def _rows(name: str) -> dict[str, dict[str, str]]:
    with (paths.resources() / "codes" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def _made(
    row: Mapping[str, str], made: Mapping[str, CaseClass], standard: str, *, is_local: bool = False
) -> CaseClass:
    """A class of the list; what a row leaves empty is as in the class above it."""
    above = made.get(row["parent"])
    values: dict[str, Any] = {
        name: row.get(name) or getattr(above, name, "") for name in _INHERITED
    }
    if "；" in values["phases"]:  # phases of its own are not shortened to one limit from above
        values |= {name: row.get(name, "") for name in ("phases_urgent", "phases_very_urgent")}
    return CaseClass(
        code=row["code"], version=BUILTIN_VERSION, name=row["name"], parent=row["parent"],
        standard_ref=standard, is_local=is_local, **values,
    )  # fmt: skip


@functools.cache
def former() -> tuple[Former, ...]:
    """What classes of CJ/T 214, GB/T 30428.2 and the older dispute list are called now."""
    path = paths.resources() / "codes" / "case_class_crosswalk.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(Former(**row) for row in csv.DictReader(file))


def olden(code: str) -> str:
    """What older lists call a class: "CJ/T 214 事件 0102 暴露垃圾"; "" where none has it."""
    found = [e for e in former() if e.new_code == code]
    return "；".join(f"{e.scheme} {e.old_code} {e.old_name}" for e in found)


class ClassBook:
    """The classes in force in a community: its records over the list built in."""

    def __init__(self, records: Iterable[CaseClass] = ()) -> None:
        self._versions: dict[str, dict[int, CaseClass]] = {
            each.code: {BUILTIN_VERSION: each} for each in builtin()
        }
        # of two with one version, made on two devices, the one made later counts everywhere
        for each in sorted(records, key=lambda each: each.id):
            self._versions.setdefault(each.code, {})[each.version or BUILTIN_VERSION] = each

    def of(self, code: str, version: int | None = None) -> CaseClass | None:
        """A class as it was in that version; without one, or one unknown, as it is now."""
        versions = self._versions.get(code)
        if not versions:
            return None
        if version is not None and version in versions:
            return versions[version]
        return versions[max(versions)]

    def version(self, code: str) -> int | None:
        """The version of a class in force now."""
        versions = self._versions.get(code)
        return max(versions) if versions else None

    def versions(self, code: str) -> list[CaseClass]:
        """All versions of a class, the newest first."""
        return [each for _, each in sorted(self._versions.get(code, {}).items(), reverse=True)]

    def name(self, code: str) -> str:
        """What a class is called, in this list or in an older one; else its code."""
        found = self.of(code)
        if found is None:
            return next((f"{e.old_name}（旧类别）" for e in former() if e.old_code == code), code)
        return found.name

    @functools.cached_property
    def current(self) -> tuple[CaseClass, ...]:
        """Every class as it is now, the retired ones too: majors first, then by code."""
        newest = [versions[max(versions)] for versions in self._versions.values()]
        return tuple(sorted(newest, key=lambda each: (each.is_local, each.code)))

    def below(self, code: str) -> list[CaseClass]:
        """The classes right under another one; under "" the majors."""
        return [each for each in self.current if each.parent == code]

    def leaves(self) -> list[CaseClass]:
        """The classes that a case may be filed under: in force, and none below them."""
        parents = {each.parent for each in self.current}
        return [e for e in self.current if not e.is_retired and e.code not in parents]

    def phases(self, code: str, urgency: str = "", version: int | None = None) -> tuple[Phase, ...]:
        """The timed phases of a class. Where an urgency has no limit of its own, the lower's."""
        found = self.of(code, version)
        if found is None:
            return ()
        texts = {
            VERY_URGENT: found.phases_very_urgent or found.phases_urgent or found.phases,
            URGENT: found.phases_urgent or found.phases,
        }
        return _read(texts.get(urgency, found.phases))

    def stage_limit(self, code: str, state: str, version: int | None = None) -> Phase | None:
        """How long a case of a class may stay in a state; None where nothing is set."""
        found = self.of(code, version)
        return _stages(found.stage_limits).get(state) if found else None

    def search(self, words: str, limit: int = 20) -> list[CaseClass]:
        """The classes that may be meant, best first: by code, name, first letters (zsrm), or what
        older lists called it."""
        wanted = text.fold(words).replace(" ", "")
        if not wanted:
            return self.leaves()[:limit]
        ranked = [(rank, at, each) for at, (each, keys) in enumerate(self._keys)
                  if (rank := _rank(keys, wanted)) is not None]  # fmt: skip
        ranked.sort(key=lambda found: found[:2])
        return [each for _, _, each in ranked[:limit]]

    @functools.cached_property
    def _keys(self) -> list[tuple[CaseClass, "_Keys"]]:
        older: dict[str, str] = {}
        for old in former():
            older[old.new_code] = f"{older.get(old.new_code, '')} {old.old_code} {old.old_name}"
        return [
            (each, _keys_of(each, self.name(each.parent) + older.get(each.code, "")))
            for each in self.leaves()
        ]

    def crosswalk(self, code: str, scheme: str = "") -> list[Former]:
        """What an old code may mean now; several where old lists used it for different things.

        A class of this book that was retired leads to the one that took its place.
        """
        found = [e for e in former() if e.old_code == code and e.scheme.startswith(scheme)]
        own = self.of(code)
        if own is not None and own.is_retired and own.replaced_by and not scheme:
            into = own.replaced_by
            found.insert(0, Former("本社区", code, own.name, into, self.name(into), own.remark))
        return found


_Keys = tuple[str, str, tuple[str, ...], str]


def _keys_of(each: CaseClass, beside: str) -> _Keys:
    """What a class is found by; `beside` are the words around it, its names in older lists."""
    return (
        each.code.casefold(), text.fold(each.name), pinyin.initials(each.name),
        text.fold(f"{beside} {each.filing_condition}").replace(" ", ""),
    )  # fmt: skip


def _rank(keys: _Keys, wanted: str) -> int | None:
    code, name, letters, rest = keys
    tests = (
        wanted in (code, name),
        name.startswith(wanted),
        code.startswith(wanted),
        wanted in name,
        any(each.startswith(wanted) for each in letters),
        any(wanted in each for each in letters),
        wanted in rest,
    )
    return next((rank for rank, found in enumerate(tests) if found), None)


@functools.lru_cache(maxsize=1024)
def _read(value: str) -> tuple[Phase, ...]:
    """What cannot be read was refused where it was written; here it means no limit."""
    try:
        return read(value)
    except Refused:
        return ()


@functools.lru_cache(maxsize=256)
def _stages(value: str) -> Mapping[str, Phase]:
    try:
        return read_stages(value)
    except Refused:
        return {}
