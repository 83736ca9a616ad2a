"""Photos from one laptop to another: rows first, contents after, whatever the network does."""

import io
from collections.abc import Callable

import pytest
from PIL import Image

from sqzl_desktop.app import DeviceSession
from sqzl_desktop.base.errors import KnownError, Offline
from sqzl_desktop.domain.kinds.resident import Resident
from sqzl_desktop.protocol.messages import PIECE
from sqzl_desktop.services import attachments, elements
from sqzl_desktop.store import blobs
from sqzl_desktop.store import engine as store_engine
from sqzl_desktop.sync.report import Cancelled
from tests.field import Field, take_away
from tests.places import COMMUNITY, GRID, OTHER_GRID
from tests.sync.restoring import back_up, restore

Laptops = Callable[..., DeviceSession]
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 3000  # three pieces


def photo(side: int = 600, colour: str = "teal") -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(written, "PNG")
    return written.getvalue()


def a_person(session: DeviceSession, grid: str = OTHER_GRID) -> str:
    return elements.save(session.ws, Resident(name="马小明", grid_id=grid)).id


def unsent(session: DeviceSession) -> int:
    with session.ws.store.read() as tx:
        return blobs.unsent_count(tx)


def test_photo_reaches_the_other_laptop_when_it_is_looked_at(laptops: Laptops) -> None:
    wang, ma = laptops("wang"), laptops("ma")
    person = a_person(wang)
    added = attachments.add(wang.ws, "resident", person, photo(), caption="门口")
    assert [each.state for each in attachments.of(wang.ws, "resident", person)] == ["pending"]

    assert wang.sync().contents == 1
    ma.sync()

    assert [each.state for each in attachments.of(wang.ws, "resident", person)] == ["confirmed"]
    (shown,) = attachments.of(ma.ws, "resident", person)
    assert (shown.state, shown.thumbnail, shown.attachment.caption) == ("absent", None, "门口")
    with pytest.raises(attachments.Absent):
        attachments.content(ma.ws, added.id)
    ma.fetch(shown.attachment)
    assert attachments.content(ma.ws, added.id) == attachments.content(wang.ws, added.id)
    (shown,) = attachments.of(ma.ws, "resident", person)
    assert shown.state == "confirmed"
    assert shown.thumbnail


def test_record_is_reported_only_when_its_photo_is(laptops: Laptops, field: Field) -> None:
    wang = laptops("wang")
    person = a_person(wang)
    attachments.add(wang.ws, "resident", person, PDF)

    def stop_at_contents(text: str, _done: int, _total: int) -> None:
        field.network.is_up = "上传" not in text

    with pytest.raises(Offline):
        wang.sync(stop_at_contents)
    field.network.is_up = True
    assert elements.sync_state(wang.ws, "resident", person) == "pending", "the row alone is there"
    assert wang.sync_state().pending == 1

    wang.sync()
    assert attachments.state(wang.ws, "resident", person) == "confirmed"
    assert wang.sync_state().pending == 0


def test_row_before_its_photo_is_a_placeholder(laptops: Laptops, field: Field) -> None:
    wang, ma = laptops("wang"), laptops("ma")
    person = a_person(wang)
    attachments.add(wang.ws, "resident", person, PDF)

    def stop(text: str, _done: int, _total: int) -> None:
        field.network.is_up = "上传" not in text

    with pytest.raises(Offline):
        wang.sync(stop)
    field.network.is_up = True
    ma.sync()

    (shown,) = attachments.of(ma.ws, "resident", person)
    with pytest.raises(KnownError, match="还没有从添加它的电脑上传"):
        ma.fetch(shown.attachment)


def test_upload_goes_on_where_it_was_cut(laptops: Laptops, field: Field) -> None:
    wang = laptops("wang")
    attachments.add(wang.ws, "resident", a_person(wang), PDF)
    offsets: list[int] = []

    def cut(text: str, done: int, _total: int) -> None:
        if "上传" in text:
            offsets.append(done)
            field.network.is_up = len(offsets) != 2

    with pytest.raises(Offline):
        wang.sync(cut)
    field.network.is_up = True
    wang.sync(cut)

    assert offsets == [0, PIECE, PIECE, 2 * PIECE]
    assert unsent(wang) == 0


def test_lost_answer_sends_nothing_twice(laptops: Laptops, field: Field) -> None:
    wang, ma = laptops("wang"), laptops("ma")
    person = a_person(wang)
    added = attachments.add(wang.ws, "resident", person, PDF)
    offsets: list[int] = []

    def lose(text: str, done: int, _total: int) -> None:
        if "上传" in text:
            offsets.append(done)
            field.network.answers_lost = int(len(offsets) in (1, 4))

    for _ in range(2):
        with pytest.raises(Offline):
            wang.sync(lose)
    wang.sync(lose)

    # a piece whose answer was lost is offered again, and the server says where to go on
    assert offsets == [0, 0, PIECE, 2 * PIECE, 2 * PIECE]
    ma.sync()
    (shown,) = attachments.of(ma.ws, "resident", person)
    ma.fetch(shown.attachment)
    assert attachments.content(ma.ws, added.id) == PDF


def test_stopped_upload_says_so_and_goes_on_later(laptops: Laptops) -> None:
    wang = laptops("wang")
    attachments.add(wang.ws, "resident", a_person(wang), PDF)
    told: list[str] = []

    with pytest.raises(Cancelled):
        wang.sync(lambda text, _done, _total: told.append(text),
                  lambda: "正在上传照片和文件" in told)  # fmt: skip
    assert unsent(wang) == 1

    assert wang.sync().contents == 1


def test_content_leaves_with_its_grid(laptops: Laptops, field: Field) -> None:
    wang = laptops("wang")
    gone = attachments.add(wang.ws, "resident", a_person(wang, OTHER_GRID), photo())
    kept = attachments.add(wang.ws, "resident", a_person(wang, GRID), photo(colour="red"))
    wang.sync()

    take_away(field, "wang", OTHER_GRID)
    wang.sync()

    with wang.ws.store.read() as tx:
        assert blobs.content(tx, gone.id) is None
        assert blobs.content(tx, kept.id) is not None


def test_other_grids_see_no_photo(laptops: Laptops) -> None:
    wang, ha = laptops("wang"), laptops("ha")
    person = a_person(wang, GRID)
    added = attachments.add(wang.ws, "resident", person, photo())
    wang.sync()
    ha.sync()

    assert attachments.of(ha.ws, "resident", person) == []
    with pytest.raises(KnownError, match="没有这个附件"):
        ha.fetch(added)


def test_photo_moves_to_the_other_grid_with_its_record(laptops: Laptops) -> None:
    wang, ha = laptops("wang"), laptops("ha")
    person = elements.save(wang.ws, Resident(name="马小明", grid_id=GRID))
    added = attachments.add(wang.ws, "resident", person.id, photo())
    elements.save(wang.ws, Resident(**{**vars(person), "grid_id": OTHER_GRID}))
    wang.sync()
    ha.sync()

    ha.fetch(attachments.of(ha.ws, "resident", person.id)[0].attachment)

    assert attachments.content(ha.ws, added.id)


def test_purge_keeps_what_was_not_sent(laptops: Laptops) -> None:
    wang = laptops("wang")
    sent = attachments.add(wang.ws, "resident", a_person(wang, GRID), photo())
    wang.sync()
    own = attachments.add(wang.ws, "resident", a_person(wang, GRID), PDF)

    with wang.ws.store.write() as tx:
        assert blobs.purge(tx, COMMUNITY, [GRID]) == 1

    with wang.ws.store.read() as tx:
        assert blobs.state(tx, sent.id) == "absent"
        assert blobs.state(tx, own.id) == "local"


def test_removed_attachment_is_gone_on_both(laptops: Laptops) -> None:
    wang, ma = laptops("wang"), laptops("ma")
    person = a_person(wang)
    added = attachments.add(wang.ws, "resident", person, photo())
    wang.sync()
    ma.sync()
    ma.fetch(added)

    attachments.remove(wang.ws, added.id)
    wang.sync()
    ma.sync()

    assert attachments.of(ma.ws, "resident", person) == []
    with ma.ws.store.read() as tx:
        assert blobs.content(tx, added.id) is None


def test_contents_lie_encrypted(laptops: Laptops) -> None:
    wang = laptops("wang")
    attachments.add(wang.ws, "resident", a_person(wang), PDF)
    folder = wang.ws.store.folder
    wang.close()

    assert all(PDF[:200] not in path.read_bytes() for path in folder.iterdir() if path.is_file())
    assert (folder / store_engine.STORE_FILE).stat().st_size > len(PDF)


def test_oldest_contents_make_room(laptops: Laptops) -> None:
    wang = laptops("wang")
    person = a_person(wang)
    names = [attachments.add(wang.ws, "resident", person, PDF + bytes([n])).id for n in range(3)]
    with wang.ws.store.write() as tx:
        blobs.trim(tx, 0)
        assert [blobs.state(tx, each) for each in names] == ["local"] * 3, "unsent ones stay"
    wang.sync()

    with wang.ws.store.write() as tx:
        blobs.trim(tx, 2 * len(PDF) + 10)
        assert [blobs.state(tx, each) for each in names] == ["absent", "stored", "stored"]


def test_photo_comes_back_after_the_server_was_restored(laptops: Laptops, field: Field) -> None:
    wang, ma = laptops("wang"), laptops("ma")
    person = a_person(wang)
    older = attachments.add(wang.ws, "resident", person, PDF)
    wang.sync()
    backup = back_up(field, "backup.db")
    newer = attachments.add(wang.ws, "resident", person, photo())
    wang.sync()
    for path in field.folder.glob(f"*blobs/{COMMUNITY}/*/{newer.sha256}"):
        path.unlink()

    restore(field, backup)
    wang.sync()
    ma.sync()

    assert unsent(wang) == 0
    for added in (older, newer):
        ma.fetch(added)
        assert attachments.content(ma.ws, added.id) == attachments.content(wang.ws, added.id)
