"""附件: photos and files of a record: add, look at, caption, remove."""

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa

from sqzl_desktop.base import text
from sqzl_desktop.base.errors import KnownError, Refused
from sqzl_desktop.base.ids import new_id
from sqzl_desktop.domain.access import allows, may_know
from sqzl_desktop.domain.filters import Filter, Order
from sqzl_desktop.domain.kinds.attachment import ATTACHMENT, Attachment
from sqzl_desktop.exchange import file_types
from sqzl_desktop.protocol.messages import MOST_CONTENT
from sqzl_desktop.schema.fields import Element
from sqzl_desktop.services import aliases, elements
from sqzl_desktop.services.saving import put
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import blobs, changes, records

MOST_READ = 60 << 20  # a photo is made smaller before it is kept
MOST_OF_A_RECORD = 50
THUMBNAIL = 192
LONGEST_NAME = 100


@dataclasses.dataclass(frozen=True, slots=True)
class Shown:
    """An attachment as a list shows it: `state` is pending, confirmed, refused or absent.

    `absent` is 待下载: the server may have the content, this device has not.
    """

    attachment: Attachment
    state: str
    thumbnail: bytes | None
    problem: str

    @property
    def is_picture(self) -> bool:
        """Is it a photo?"""
        return self.attachment.media_type == file_types.PICTURE

    @property
    def is_pdf(self) -> bool:
        """Is it a PDF?"""
        return self.attachment.media_type == file_types.PDF


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """A photo with its content; None where this device has not got it yet."""

    attachment: Attachment
    content: bytes | None


class Absent(KnownError):
    """The content is not on this device; it has to be fetched from the server."""


@dataclasses.dataclass(frozen=True, slots=True)
class Ready:
    """A photo or file as it will be kept: made smaller and free of what nobody needs to know."""

    content: bytes
    media_type: str
    taken_at: dt.datetime | None
    stem: str


def ready(source: Path | bytes, *, keep_facts: bool = False) -> Ready:
    """Read a photo or file and make it ready to be kept; KnownError with a sentence otherwise.

    A photo tells no longer where and with what it was taken, unless the case needs that
    (`keep_facts`).
    """
    content, media_type, taken_at = _prepared(_read(source), keep_facts=keep_facts)
    stem = text.clean(source.stem)[:LONGEST_NAME] if isinstance(source, Path) else ""
    return Ready(content, media_type, taken_at, stem)


def add(
    ws: Workspace,
    kind: str,
    record_id: str,
    source: Path | bytes,
    *,
    caption: str = "",
    keep_facts: bool = False,
) -> Attachment:
    """Add a photo or file to a record; row, content and operation are one transaction."""
    made_ready = ready(source, keep_facts=keep_facts)
    with ws.store.write() as tx:
        record = elements.wanted(tx, kind, record_id)
        action = changes.Action(tx, ws.clock.now())
        return add_in(ws, action, record, made_ready, caption=caption)


def add_in(
    ws: Workspace, action: changes.Action, record: Element, file: Ready, *, caption: str = ""
) -> Attachment:
    """Add what is ready to a record as a part of an action."""
    tx, kind = action.tx, elements.kind_of(record).name
    count = len(_of(tx, kind, record.id))
    if count >= MOST_OF_A_RECORD:
        raise Refused(f"一条记录最多{MOST_OF_A_RECORD}个附件，请先移除不需要的")
    new = Attachment(
        id=new_id(),
        community_id=record.community_id,
        grid_id=record.grid_id,
        record_kind=kind,
        record_id=record.id,
        name=_name(file, count + 1),
        media_type=file.media_type,
        size=len(file.content),
        sha256=hashlib.sha256(file.content).hexdigest(),
        taken_at=file.taken_at,
        caption=caption,
    )
    saved = put(ws, action, new, ATTACHMENT)
    assert isinstance(saved, Attachment)
    blobs.keep(tx, saved.id, saved.community_id, saved.sha256, file.content, stored=False)
    return saved


def of(ws: Workspace, kind: str, record_id: str) -> list[Shown]:
    """The attachments of a record, oldest first, each with its state and a small picture."""
    _refuse_unknown(ws, kind)
    with ws.store.read() as tx:
        return [_shown(tx, each) for each in _of(tx, kind, record_id)]


def photos_in(tx: sa.Connection, kind: str, record_id: str) -> list[Kept]:
    """The photos of a record inside a transaction, oldest first."""
    return [
        Kept(each, blobs.content(tx, each.id))
        for each in _of(tx, kind, record_id)
        if each.media_type == file_types.PICTURE
    ]


def content(ws: Workspace, attachment_id: str) -> bytes:
    """The content of an attachment, from this device. Absent where it must be fetched first."""
    with ws.store.read() as tx:
        attachment = elements.wanted(tx, "attachment", attachment_id)
        assert isinstance(attachment, Attachment)
        _refuse_unknown(ws, attachment.record_kind)
        found = blobs.content(tx, attachment_id)
    if found is None:
        raise Absent("附件还没有下载到本机，请联网后再打开")
    return found


def _refuse_unknown(ws: Workspace, kind: str) -> None:
    if not may_know(ws.actor, kind):
        raise Refused("您的岗位不能查看这条记录的附件")


def picture(ws: Workspace, attachment_id: str) -> bytes:
    """A photo to be looked at: drawn anew here, for its content may come from anybody."""
    from sqzl_desktop.exchange import pictures  # loaded when the first photo is shown

    return pictures.thumbnail(content(ws, attachment_id), pictures.LONGEST_SIDE)


def remove(ws: Workspace, attachment_id: str) -> None:
    """Remove an attachment. Its row stays in the history of whoever knew it."""
    with ws.store.write() as tx:
        found = elements.wanted(tx, "attachment", attachment_id)
        if not allows(ws.actor, "write", ATTACHMENT, found):
            raise Refused("您的岗位不能移除附件")
        changes.Action(tx, ws.clock.now()).delete("attachment", attachment_id, found.community_id)
        blobs.forget(tx, attachment_id)


def state(ws: Workspace, kind: str, record_id: str) -> str:
    """`pending`, `refused` or `confirmed`: a record is 已上报 only when its photos are, too."""
    return elements.sync_state(ws, kind, record_id)


def _of(tx: sa.Connection, kind: str, record_id: str) -> list[Attachment]:
    ids = aliases.with_aliases(tx, record_id) if kind == "resident" else [record_id]
    filters = [Filter("record_id", "in", tuple(ids)), Filter("record_kind", "=", kind)]
    found: Sequence[object] = records.find(
        tx, "attachment", filters=filters, order=[Order("id")], limit=MOST_OF_A_RECORD * 4
    )
    return [each for each in found if isinstance(each, Attachment)]


def _shown(tx: sa.Connection, attachment: Attachment) -> Shown:
    row, here = changes.state_of(tx, "attachment", attachment.id), blobs.state(tx, attachment.id)
    if row == "confirmed":
        row = {"absent": "absent", "stored": "confirmed"}.get(here, "pending")
    small = None
    if attachment.media_type == file_types.PICTURE and here != "absent":
        small = _thumbnail(blobs.content(tx, attachment.id) or b"")
    return Shown(attachment, row, small, blobs.problem(tx, attachment.id))


def _thumbnail(content: bytes) -> bytes | None:
    from sqzl_desktop.exchange import pictures  # loaded when the first photo is shown

    try:
        return pictures.thumbnail(content, THUMBNAIL)
    except KnownError:
        return None


def _read(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        raw = source
    else:
        try:
            with source.open("rb") as file:
                raw = file.read(MOST_READ + 1)
        except OSError as error:
            raise KnownError("文件无法读取，请检查它是否还在、是否被其他程序占用") from error
    if not raw:
        raise KnownError("文件是空的，没有添加")
    if len(raw) > MOST_READ:
        raise KnownError(f"文件超过{MOST_READ >> 20}MB，请压缩后再添加")
    return raw


def _prepared(raw: bytes, *, keep_facts: bool) -> tuple[bytes, str, dt.datetime | None]:
    if file_types.is_picture(raw):
        from sqzl_desktop.exchange import pictures  # loaded when the first photo is added

        small, taken_at = pictures.prepared(raw, keep_facts=keep_facts)
        return small, file_types.PICTURE, taken_at
    media_type = file_types.document_type(raw)
    if not media_type:
        raise KnownError("只能添加照片、PDF、Word（docx）和Excel（xlsx）文件，不能带宏")
    if len(raw) > MOST_CONTENT:
        raise KnownError(f"文件超过{MOST_CONTENT >> 20}MB，请压缩后再添加")
    return raw, media_type, None


def _name(file: Ready, number: int) -> str:
    """A name for people, with the ending that fits what the file is."""
    label = "照片" if file.media_type == file_types.PICTURE else "文件"
    return (file.stem or f"{label}{number}") + file_types.SUFFIXES[file.media_type]
