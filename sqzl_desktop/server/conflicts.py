"""冲突记录: kept values as records of kind `conflict`, so that every device in scope sees them."""

from collections.abc import Mapping
from typing import Protocol

import msgspec

from sqzl_desktop.protocol.merge import ALL, Kept
from sqzl_desktop.protocol.messages import Author, Row
from sqzl_desktop.schema.fields import Json

_json = msgspec.json.Decoder()  # any JSON


class Surroundings(Protocol):
    """What a conflict takes from the push that makes it."""

    rows: dict[tuple[str, str], Row]

    def author(self, operation: str) -> Author:
        """Who made an operation."""
        ...


def to_row(kept: Kept, around: Surroundings, about: tuple[str, str]) -> Row:
    """The record of an open conflict; `about` is the kind and id of the record it concerns."""
    subject = around.rows[about]
    standing, other = around.author(kept.standing_op), around.author(kept.other_op)
    fields: dict[str, Json] = {
        "community_id": subject.fields.get("community_id"),
        "grid_id": subject.grid,
        "about": kept.about,
        "record_kind": about[0],
        "record_id": about[1],
        "field": kept.field,
        "state": "open",
        **_side("standing", kept.standing_value, kept.standing_op, standing),
        **_side("other", kept.other_value, kept.other_op, other),
    }
    fields = {name: value for name, value in fields.items() if value not in ("", None)}
    return Row("conflict", kept.id, subject.grid, 0, fields, {ALL: kept.other_op}, kept.other_op)


def from_row(row: Row) -> Kept:
    """The conflict that such a record describes, as the merge sees it."""
    text = {name: str(value) for name, value in row.fields.items()}
    return Kept(
        row.id,
        text.get("about", ""),
        text.get("field", ""),
        _json.decode(text.get("standing_value", "null")),
        text.get("standing_op", ""),
        _json.decode(text.get("other_value", "null")),
        text.get("other_op", ""),
    )


def settled(row: Row, values: Mapping[str, Json], operation: str) -> Row:
    """The record of a conflict after a person chose."""
    return _written(row, {"state": "settled", **values}, operation)


def reopened(row: Row, kept: Kept, grid: str, author: Author, operation: str) -> Row:
    """The record of a conflict after the choice was taken back; `author` of what stands now."""
    undecided = dict.fromkeys(("choice", "settled_by", "settled_at"), "")
    standing = _side("standing", kept.standing_value, kept.standing_op, author)
    changes = {"state": "open", "grid_id": grid, **undecided, **standing}
    return _written(row, changes, operation)


def _written(row: Row, values: Mapping[str, Json], operation: str) -> Row:
    fields = {name: value for name, value in {**row.fields, **values}.items() if value != ""}
    writes = {**row.writes, **dict.fromkeys(values, operation)}
    return msgspec.structs.replace(
        row, fields=fields, writes=writes, last=operation, grid=str(fields.get("grid_id", ""))
    )


def _side(side: str, value: Json, operation: str, author: Author) -> dict[str, Json]:
    return {
        f"{side}_value": msgspec.json.encode(value).decode(),
        f"{side}_op": operation,
        f"{side}_by": author.name,
        f"{side}_at": author.received_at,
        f"{side}_device": author.device,
    }
