"""代码表: lists of codes, kept as data with the standard they come from."""

import csv
import dataclasses
from pathlib import Path


@dataclasses.dataclass(frozen=True, slots=True)
class Code:
    """One entry: the code, its Chinese name, the standard that defines it."""

    code: str
    name: str
    standard: str = ""


@dataclasses.dataclass(frozen=True)
class CodeList:
    """A list of codes in its own order.

    `aliases` are further words that people write for a code ("汉" for "汉族").
    """

    name: str
    codes: tuple[Code, ...]
    aliases: dict[str, str] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        by_code = {entry.code: entry for entry in self.codes}
        by_name = {entry.name: entry.code for entry in reversed(self.codes)}
        object.__setattr__(self, "_by_code", by_code)
        object.__setattr__(self, "_by_word", by_name | self.aliases)

    def __contains__(self, code: str) -> bool:
        by_code: dict[str, Code] = self.__dict__["_by_code"]
        return code in by_code

    def label(self, code: str) -> str:
        """The name of a code; the code itself where the list does not know it."""
        by_code: dict[str, Code] = self.__dict__["_by_code"]
        return by_code[code].name if code in by_code else code

    def find(self, word: str) -> str:
        """The code that a word or code stands for, "" where there is none."""
        by_word: dict[str, str] = self.__dict__["_by_word"]
        return word if word in self else by_word.get(word, "")


def read_codes(path: Path) -> tuple[Code, ...]:
    """The entries of a code file: CSV in UTF-8 with the columns code, name, standard."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return tuple(
            Code(row["code"], row["name"], row.get("standard", "")) for row in csv.DictReader(file)
        )


def codes(*pairs: tuple[str, str], standard: str = "本系统") -> tuple[Code, ...]:
    """Entries written in code, for lists that are part of the program's logic."""
    return tuple(Code(code, name, standard) for code, name in pairs)
