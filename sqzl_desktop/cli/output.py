"""输出: records as JSON or as lines; sentences go to stderr."""

import argparse
import dataclasses
import datetime as dt
import sys
from typing import Any

import msgspec

from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.schema.codec import cell_text, encode
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import elements


def say(sentence: str) -> None:
    """A sentence for the person at the terminal."""
    print(sentence, file=sys.stderr)


def document(value: Any) -> None:
    """One JSON document on stdout."""
    text = msgspec.json.format(msgspec.json.encode(plain(value)), indent=1)
    sys.stdout.write(text.decode() + "\n")


def told(args: argparse.Namespace, sentence: str, **facts: Any) -> int:
    """A command that changed something: its facts for scripts, a sentence for people."""
    if args.json:
        document(facts)
    say(sentence)
    return 0


def plain(value: Any) -> Any:
    """Values as JSON knows them; frozen dataclasses become objects with their field names."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, dt.date):
        return encode(value)
    return value


def record_object(record: Element, *, reveal: bool = False) -> dict[str, Any]:
    """A record with its field names; sensitive fields masked unless they were revealed."""
    shown: dict[str, Any] = {"id": record.id}
    for column in elements.kind_of(record).columns:
        value = getattr(record, column.name)
        hide = column.facts.sensitive and not reveal
        shown[column.name] = elements.masked(column, value) if hide else encode(value)
    return shown


def record_line(record: Element, *, reveal: bool = False) -> str:
    """A record as one line of text: its id and what a list shows."""
    cells = [record.id]
    for column in elements.kind_of(record).columns:
        if column.facts.listed:
            value = getattr(record, column.name)
            hide = column.facts.sensitive and not reveal
            cells.append(
                elements.masked(column, value) if hide else cell_text(column, value, code_list)
            )
    return "\t".join(cells)
