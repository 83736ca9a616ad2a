"""一张表: an outside form saved as a mapping over local data, and what changed since the last time.

A form is kept on this device and travels as a file: whose form it is and what was handed in is the
affair of the desk that hands it in, and digests of rows would tell other devices nothing.
"""

import dataclasses
import datetime as dt
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec
import sqlalchemy as sa

from sqzl_desktop.base.errors import KnownError, NotFound, Refused
from sqzl_desktop.domain.access import allows
from sqzl_desktop.domain.filters import Filter, Order
from sqzl_desktop.domain.kinds import BY_NAME
from sqzl_desktop.exchange import outside_form
from sqzl_desktop.exchange.sheet import write_bytes
from sqzl_desktop.schema.codec import decode, encode
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.schema.kind import Kind
from sqzl_desktop.services import elements, exports, form_sources
from sqzl_desktop.services.form_sources import Cell, Facts
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import audit, forms, records

State = Literal["new", "changed", "same", "gone"]
MOST_ROWS = 20_000
STATES: Mapping[State, str] = {
    "new": "新增", "changed": "变更", "same": "不变", "gone": "已不在",
}  # fmt: skip


class Form(msgspec.Struct, frozen=True, omit_defaults=True):
    """An outside form: of which kind, which column (from 0) is filled with what, for whom.

    `sheet`, `first` (row, from 1) and `room` (free rows) say where the rows go. `conditions` are
    (field, operator, value as JSON); the ages are whole years, None where they do not matter.
    """

    name: str
    kind: str
    labels: list[str]
    columns: dict[int, str]
    sheet: str
    first: int
    room: int
    conditions: list[tuple[str, str, Any]] = []
    age_from: int | None = None
    age_to: int | None = None
    order: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """A row of a form: the record, what people call it, its cells, what became of it since."""

    record: str
    title: str
    cells: tuple[Cell, ...]
    state: State


def begin(ws: Workspace, kind: str, path: Path) -> tuple[Form, bytes]:
    """A form made of an outside file: its headings matched to what we have, nothing saved yet."""
    _refuse(ws, kind)
    template, sheet, found = outside_form.read_form(path, form_sources.sources(kind))
    form = Form(
        name=path.stem, kind=kind, labels=list(found.labels), columns=dict(found.mapping),
        sheet=sheet.name, first=found.last + 1, room=outside_form.room_below(sheet, found),
    )  # fmt: skip
    return form, template


def save(ws: Workspace, form: Form, template: bytes, *, before: str = "") -> None:
    """Keep a form on this device; `before` is what a saved form was called, "" for a new one."""
    if not form.name.strip():
        raise KnownError("请给这张表起一个名字")
    if not form.columns:
        raise KnownError("没有一列对应到本机的内容，请至少选定一列")
    with ws.store.write() as tx:
        known = {name for name, _ in forms.names(tx)}
        if form.name in known - {before}:
            raise KnownError(f"已经有一张表叫“{form.name}”，请换一个名字")
        if before in known and before != form.name:
            forms.rename(tx, before, form.name)
        forms.write(tx, form.name, msgspec.json.encode(form).decode(), template)


def names(ws: Workspace) -> list[tuple[str, str]]:
    """(name, moment of the last hand-in as ISO text or "") of the forms of this device."""
    with ws.store.read() as tx:
        return forms.names(tx)


def get(ws: Workspace, name: str) -> tuple[Form, bytes]:
    """The form of that name and its file."""
    with ws.store.read() as tx:
        found = forms.read(tx, name)
    if found is None:
        raise NotFound("这张表已经不在这台电脑上")
    return msgspec.json.decode(found[0], type=Form), found[1]


def forget(ws: Workspace, name: str) -> None:
    """Drop a form and what is known of its hand-ins."""
    with ws.store.write() as tx:
        forms.forget(tx, name)


def lines(ws: Workspace, form: Form, *, mask: bool = True) -> list[Line]:
    """The rows that the form has today, those that are there no more behind them.

    What changed is told by digests of the unmasked cells, whatever is shown.
    """
    _refuse(ws, form.kind)
    sources = list(form.columns.values())
    with ws.store.read() as tx:
        found = _found(ws, tx, form)
        before = forms.handed_in(tx, form.name)
        facts = Facts(tx, form.kind, [*sources, "=age"], found)
        rows = _aged(found, facts, form, ws.today)
        titles = elements.titles_in(tx, form.kind, [each.id for each in rows])
        made = []
        for number, record in enumerate(rows, 1):
            plain = _cells(facts, record, sources, (number, ws.today), mask=False)
            digest = digest_of(sources, plain)
            cells = _cells(facts, record, sources, (number, ws.today), mask=True) if mask else plain
            state = _state(before.get(record.id), digest)
            made.append(Line(record.id, titles.get(record.id, ""), cells, state))
    here = {each.record for each in made}
    gone = (
        Line(record, title, ("",) * len(sources), "gone")
        for record, (_, title) in before.items()
        if record not in here
    )
    return [*made, *gone]


def _found(ws: Workspace, tx: sa.Connection, form: Form) -> list[Element]:
    kind = BY_NAME[form.kind]
    filters = [_filter(kind, *each) for each in form.conditions]
    total = records.count(tx, form.kind, filters=filters)
    if total > MOST_ROWS:
        raise Refused(f"符合的有{total}条，一张表最多{MOST_ROWS}条，请再加条件")
    order = [Order(form.order)] if form.order else []
    found = records.find(tx, form.kind, filters=filters, order=order, limit=-1)
    return [each for each in found if allows(ws.actor, "export", kind, each)]


def _filter(kind: Kind[Any], field: str, operator: Any, value: Any) -> Filter:
    if value in ("", True) or operator in ("contains", "has"):
        return Filter(field, operator, value)
    return Filter(field, operator, decode(kind.column(field), value))


def _aged(found: Sequence[Element], facts: Facts, form: Form, today: dt.date) -> Sequence[Element]:
    if form.age_from is None and form.age_to is None:
        return found
    kept: list[Element] = []
    for each in found:
        years = form_sources.age(getattr(facts.person(each), "born_on", None), today)
        low = form.age_from is None or (years is not None and years >= form.age_from)
        high = form.age_to is None or (years is not None and years <= form.age_to)
        if low and high:
            kept.append(each)
    return kept


def _cells(
    facts: Facts, record: Element, sources: Sequence[str], of: tuple[int, dt.date], *, mask: bool
) -> tuple[Cell, ...]:
    number, today = of
    return tuple(
        number if each == "=number" else facts.cell(record, each, today=today, mask=mask)
        for each in sources
    )


def digest_of(sources: Sequence[str], cells: Sequence[Cell]) -> str:
    """By what a row is known to have changed; its place in the table does not count."""
    said = [cell for source, cell in zip(sources, cells, strict=True) if source != "=number"]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _state(before: tuple[str, str] | None, digest: str) -> State:
    if before is None:
        return "new"
    return "same" if before[0] == digest else "changed"


@dataclasses.dataclass(frozen=True)
class HandIn:
    """How a form is written: in clear only with a reason; all of it or what changed.

    `is_final`: it is handed in, so that the next time tells what changed since.
    """

    reveal: bool = False
    reason: str = ""
    only_changes: bool = False
    is_final: bool = False


def write(ws: Workspace, name: str, path: Path, how: HandIn) -> int:
    """Fill the form in and write it to a file; returns how many rows. Audited."""
    form, template = get(ws, name)
    found = [each for each in lines(ws, form, mask=not how.reveal) if each.state != "gone"]
    rows = [each for each in found if not how.only_changes or each.state in ("new", "changed")]
    if how.reveal:
        exports.refuse_clear(ws, BY_NAME[form.kind], how.reason, len(rows))
    numbered = [_renumbered(form, each.cells, at) for at, each in enumerate(rows, 1)]
    content = outside_form.fill(
        template, form.sheet, numbered, columns=list(form.columns), first=form.first,
        room=form.room,
    )  # fmt: skip
    kept = _digests(ws, form) if how.is_final else {}
    with ws.store.write() as tx:
        detail = f"{name}，{len(rows)}条，{'完整' if how.reveal else '脱敏'}"
        if how.reason:
            detail += f"，事由：{how.reason}"
        audit.note(tx, ws.clock.now(), ws.actor.account, "export", (form.kind, "", detail))
        write_bytes(path, content)
        if how.is_final:
            forms.hand_in(tx, name, str(encode(ws.clock.now())), kept)
    return len(rows)


def _renumbered(form: Form, cells: Sequence[Cell], number: int) -> list[Cell]:
    sources = form.columns.values()
    return [
        number if source == "=number" else cell for source, cell in zip(sources, cells, strict=True)
    ]


def _digests(ws: Workspace, form: Form) -> Mapping[str, tuple[str, str]]:
    sources = list(form.columns.values())
    return {
        each.record: (digest_of(sources, each.cells), each.title)
        for each in lines(ws, form, mask=False)
        if each.state != "gone"
    }


def _refuse(ws: Workspace, kind: str) -> None:
    if not allows(ws.actor, "export", BY_NAME[kind]):
        raise Refused("您的岗位不能导出清单，请联系社区负责人")


def write_form(ws: Workspace, name: str, path: Path) -> None:
    """A form as a file for another desk: description and template, nobody's data."""
    form, template = get(ws, name)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("form.json", msgspec.json.encode(form))
        archive.writestr("template.xlsx", template)
    write_bytes(path, out.getvalue())


def read_form(ws: Workspace, path: Path) -> Form:
    """Take a form from such a file, and keep it; KnownError where it is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = {each.filename: each for each in archive.infolist()}
            if any(each.file_size > outside_form.LARGEST for each in members.values()):
                raise KnownError("文件过大，不是本程序写出的表格设置")
            form = msgspec.json.decode(archive.read(members["form.json"]), type=Form)
            template = archive.read(members["template.xlsx"])
    except (OSError, KeyError, zipfile.BadZipFile, msgspec.DecodeError) as error:
        raise KnownError("这不是本程序写出的表格设置文件") from error
    known = {each.field for each in form_sources.sources(form.kind)} if form.kind in BY_NAME else ()
    if not set(form.columns.values()) <= set(known):
        raise KnownError("这张表用到本机程序没有的内容，请先更新程序")
    save(ws, form, template)
    return form
