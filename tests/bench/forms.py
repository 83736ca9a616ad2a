"""Every form in which people search, over 100,000 residents: each form by itself.

Processor time of the thread that asks, the best of several repeats of each question, and of those
the 95th percentile: what others do on the machine does not count.
"""

import random
import time
from collections.abc import Iterable
from typing import TypeVar

from sqzl_desktop.domain.kinds.dwelling import Dwelling
from sqzl_desktop.domain.kinds.organisation import Organisation
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.protocol import search_text
from sqzl_desktop.services import elements
from sqzl_desktop.services.finding import find_groups
from sqzl_desktop.services.workspace import Workspace
from tests.bench.figures import Figure, percentile

E = TypeVar("E")
TIMES, REPEATS = 40, 3
TARGET_MS = 3.0


def measure(ws: Workspace) -> list[Figure]:
    """The 95th percentile of each form."""
    people = _some(ws, "resident", Resident)
    homes = _some(ws, "dwelling", Dwelling)
    offices = _some(ws, "organisation", Organisation)
    return [
        Figure(f"search, {form}", _p95(ws, texts), 0, "ms", "", TARGET_MS)
        for form, texts in _forms(people, homes, offices).items()
    ]


def _forms(
    people: list[Resident], homes: list[Dwelling], offices: list[Organisation]
) -> dict[str, list[str]]:
    spelt = [search_text.readings(each.name) for each in people]
    full = ["".join(syllable[0] for syllable in each) for each in spelt]
    return {
        "one character": [each.name[:1] for each in people],
        "two characters": [each.name[-2:] for each in people],
        "whole name": [each.name for each in people],
        "one letter": [each[:1] for each in full],
        "family name spelt": [each[0][0] for each in spelt],
        "initials": ["".join(syllable[0][:1] for syllable in each) for each in spelt],
        "spelt in part": [each[: len(each) // 2 + 1] for each in full],
        "whole name spelt": full,
        "name half spelt": [each.name[0] + search_text.readings(each.name[1])[0][0][:1]
                            for each in people],
        "tail of an ID number": [each.id_number[-4:] for each in people if each.id_number],
        "whole ID number": [each.id_number for each in people if each.id_number],
        "tail of a phone": [each.phone[-4:] for each in people if each.phone],
        "beginning of a phone": [each.phone[:7] for each in people if each.phone],
        "door, 3号楼2单元401": [f"{_building(each)}号楼{each.entrance}单元{each.room}"
                             for each in homes],
        "door, 3-2-401": [f"{_building(each)}-{each.entrance}-{each.room}" for each in homes],
        "entrance, 3号楼2单元": [f"{_building(each)}号楼{each.entrance}单元" for each in homes],
        "building, 3号楼": [f"{_building(each)}号楼" for each in homes],
        "street": [each.address[:4] for each in homes],
        "whole address": [each.address for each in homes],
        "estate and room": [f"{each.address[8:12]} {each.room}" for each in homes],
        "organisation": [each.name[3:7] for each in offices],
        "tag": ["独居老人", "低保", "残疾人", "退役军人"] * (TIMES // 4),
        "tag and name": [f"独居老人 {each.name[0]}" for each in people],
        "nothing there": [f"{each.name}没有这个人" for each in people],
    }  # fmt: skip


def _building(home: Dwelling) -> str:
    return home.address.split("号楼")[0].lstrip("路区期号")[-2:].lstrip("区期园苑邸府城里寓居庭洲")


def _p95(ws: Workspace, texts: Iterable[str]) -> float:
    return percentile([min(_took(ws, text) for _ in range(REPEATS)) for text in texts], 0.95) * 1000


def _took(ws: Workspace, text: str) -> float:
    began = time.thread_time()
    find_groups(ws, text)
    return time.thread_time() - began


def _some(ws: Workspace, kind: str, _record: type[E]) -> list[E]:
    found = elements.find(ws, kind, limit=20_000)
    return random.Random(7).sample(found, min(TIMES, len(found)))  # type: ignore[arg-type]
