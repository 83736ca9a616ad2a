"""Adding photos and files to a record, without a network."""

import dataclasses
import io
from pathlib import Path

import pytest
from PIL import Image

from sqzl_desktop.base.errors import Invalid, KnownError, NotFound, Refused
from sqzl_desktop.domain.access import ADMIN, BUILDING_LEAD, Actor
from sqzl_desktop.domain.kinds.mental_illness import MentalIllness
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.services import attachments, elements
from sqzl_desktop.services.workspace import Workspace
from sqzl_desktop.store import blobs
from tests.places import GRID

PDF = b"%PDF-1.7\n" + bytes(600_000)


@pytest.fixture
def person(ws: Workspace) -> str:
    return elements.save(ws, Resident(name="马小明", grid_id=GRID)).id


def photo() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(written, "PNG")
    return written.getvalue()


def test_attachment_lies_where_its_record_lies(ws: Workspace, person: str, tmp_path: Path) -> None:
    path = tmp_path / "单元门 .png"
    path.write_bytes(photo())

    added = attachments.add(ws, "resident", person, path, caption="门口")

    assert (added.grid_id, added.record_kind, added.record_id) == (GRID, "resident", person)
    assert (added.name, added.media_type) == ("单元门.jpg", "image/jpeg")
    assert len(attachments.content(ws, added.id)) == added.size


def test_file_is_kept_as_it_is(ws: Workspace, person: str) -> None:
    added = attachments.add(ws, "resident", person, PDF)

    assert added.name == "文件1.pdf"
    assert attachments.content(ws, added.id) == PDF


def test_pieces_fit_together_from_any_offset(ws: Workspace, person: str) -> None:
    added = attachments.add(ws, "resident", person, PDF)

    with ws.store.read() as tx:
        for offset in (0, 1, 262_143, 262_144, 300_000, 600_000, len(PDF)):
            piece = blobs.piece(tx, added.id, offset)
            assert piece == PDF[offset : offset + 262_144]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "空的"),
        (b"MZ\x90", "只能添加"),
        (b"%PDF-" + bytes(21 << 20), "超过20MB"),
        (b"\xff\xd8\xff broken", "照片无法读取"),
    ],
)
def test_what_is_not_taken_leaves_nothing(
    ws: Workspace, person: str, content: bytes, sentence: str
) -> None:
    with pytest.raises(KnownError, match=sentence):
        attachments.add(ws, "resident", person, content)

    assert attachments.of(ws, "resident", person) == []


def test_missing_file_and_missing_record_are_said(
    ws: Workspace, person: str, tmp_path: Path
) -> None:
    with pytest.raises(KnownError, match="文件无法读取"):
        attachments.add(ws, "resident", person, tmp_path / "gone.pdf")
    with pytest.raises(NotFound):
        attachments.add(ws, "resident", "nobody", PDF)


def test_post_without_the_right_adds_nothing(ws: Workspace, person: str) -> None:
    admin = Workspace(
        Actor("gly", "管理员", ADMIN, (GRID,)), ws.store, ws.clock, ws.communities, ""
    )

    with pytest.raises(Refused):
        attachments.add(admin, "resident", person, PDF)

    assert attachments.of(ws, "resident", person) == []


def test_record_has_a_most_of_attachments(
    ws: Workspace, person: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "MOST_OF_A_RECORD", 1)
    attachments.add(ws, "resident", person, PDF)

    with pytest.raises(Refused, match="最多1个"):
        attachments.add(ws, "resident", person, PDF)


def test_unsent_photo_that_is_removed_is_not_sent(ws: Workspace, person: str) -> None:
    added = attachments.add(ws, "resident", person, PDF)

    attachments.remove(ws, added.id)

    assert attachments.of(ws, "resident", person) == []
    with ws.store.read() as tx:
        assert blobs.unsent_count(tx) == 0


def test_caption_too_long_keeps_everything_out(ws: Workspace, person: str) -> None:
    with pytest.raises(Invalid, match="说明太长"):
        attachments.add(ws, "resident", person, PDF, caption="长" * 600)

    with ws.store.read() as tx:
        assert blobs.unsent_count(tx) == 0


def test_photo_of_a_sensitive_record_is_not_shown_to_others(ws: Workspace, person: str) -> None:
    record = elements.save(ws, MentalIllness(resident_id=person, grid_id=GRID))
    added = attachments.add(ws, "mental_illness", record.id, photo())
    assert len(attachments.of(ws, "mental_illness", record.id)) == 1
    lead = dataclasses.replace(ws, actor=Actor("lou", "楼栋长", BUILDING_LEAD, (GRID,)))

    with pytest.raises(Refused, match="岗位"):
        attachments.of(lead, "mental_illness", record.id)
    with pytest.raises(Refused, match="岗位"):
        attachments.content(lead, added.id)
