"""输出: records as JSON or as lines; sentences go to stderr."""

import dataclasses
import datetime as dt
import sys
from typing import Any

import msgspec

from sqzl_desktop.domain.code_lists import code_list
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.schema.codec import cell_text, encode
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import elements
from sqzl_desktop.services.workspace import Workspace


def say(sentence: str) -> None:
    """A sentence for the person at the terminal."""
    print(sentence, file=sys.stderr)


def document(value: Any) -> None:
    """One JSON document on stdout."""
    text = msgspec.json.format(msgspec.json.encode(plain(value)), indent=1)
    sys.stdout.write(text.decode() + "\n")


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


def record_object(ws: Workspace, record: Element, *, reveal: bool = False) -> dict[str, Any]:
    """A record with its field names; sensitive fields masked unless revealed, which is audited."""
    kind = elements.kind_of(record)
    shown: dict[str, Any] = {"id": record.id}
    for column in kind.columns:
        value = getattr(record, column.name)
        if column.facts.sensitive and value:
            revealed = reveal and elements.reveal(ws, kind.name, record.id, column.name)
            shown[column.name] = revealed or elements.masked(column, value)
        else:
            shown[column.name] = encode(value)
    return shown


def record_line(ws: Workspace, record: Element, *, reveal: bool = False) -> str:
    """A record as one line of text: its id and what a list shows."""
    kind = BY_NAME[elements.kind_of(record).name]
    cells = [record.id]
    for column in kind.columns:
        if not column.facts.listed:
            continue
        value = getattr(record, column.name)
        if column.facts.sensitive and reveal and value:
            cells.append(elements.reveal(ws, kind.name, record.id, column.name))
        elif column.facts.sensitive:
            cells.append(elements.masked(column, value))
        else:
            cells.append(cell_text(column, value, code_list))
    return "\t".join(cells)
