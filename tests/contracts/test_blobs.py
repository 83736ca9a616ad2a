"""Contents of attachments: resumable, checked, for nobody who does not see the attachment."""

import hashlib

import msgspec
import pytest

from sqzl_desktop.base.ids import new_id
from sqzl_desktop.protocol.messages import MOST_CONTENT, PIECE, Kept
from sqzl_desktop.server import blobs
from sqzl_desktop.server.sweep import sweep
from tests.contracts.backend import COMMUNITY, NORTH, SOUTH

PHOTO = bytes(range(256)) * 2500  # two pieces and a half
WHOLE = len(PHOTO)
OTHER_COMMUNITY = "640104001009"


def sha_of(content):
    return hashlib.sha256(content).hexdigest()


def address(attachment, sha=None, community=COMMUNITY, **query):
    rest = "".join(f"&{name}={value}" for name, value in query.items())
    return f"/v1/c/{community}/blobs/{sha or sha_of(PHOTO)}?attachment={attachment}{rest}"


def send(device, attachment, offset, body, *, size=WHOLE, sha=None, community=COMMUNITY):
    path = address(attachment, sha, community, offset=offset, size=size)
    return device.ask("PATCH", path, content=body)


def upload(device, attachment, content=PHOTO):
    """Send it all; the last answer."""
    for offset in range(0, len(content), PIECE):
        answer = send(
            device, attachment, offset, content[offset : offset + PIECE],
            size=len(content), sha=sha_of(content),
        )  # fmt: skip
        assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=Kept)


def attach(device, *, grid=NORTH, sha=None):
    """An attachment's row; its id."""
    attachment = new_id()
    fields = {
        "community_id": COMMUNITY,
        "grid_id": grid,
        "record_kind": "resident",
        "record_id": new_id(),
        "name": "门口.jpg",
        "media_type": "image/jpeg",
        "size": len(PHOTO),
        "sha256": sha or sha_of(PHOTO),
    }
    assert device.outcomes(device.put("attachment", attachment, fields)) == ["applied"]
    return attachment


def fetch(device, attachment, **headers):
    return device.ask("GET", address(attachment), headers=headers)


def code_of(answer):
    return answer.status_code, answer.json()["code"]


def test_content_goes_up_in_pieces_and_comes_down_to_whoever_sees_the_row(worker, other):
    attachment = attach(worker)

    assert upload(worker, attachment) == Kept(len(PHOTO), True)

    answer = fetch(other, attachment)
    assert answer.status_code == 200
    assert answer.content == PHOTO
    assert answer.headers["content-type"] == "application/octet-stream"
    part = fetch(other, attachment, Range="bytes=100-")
    assert (part.status_code, part.content) == (206, PHOTO[100:])


def test_row_before_its_photo_is_a_placeholder(worker, other):
    attachment = attach(worker)
    send(worker, attachment, 0, PHOTO[:PIECE])

    assert code_of(fetch(other, attachment)) == (404, "NOT_YET")


def test_head_tells_how_far_it_came(worker, other):
    attachment = attach(worker)

    def told(device):
        headers = device.ask("HEAD", address(attachment)).headers
        return headers["upload-offset"], headers["upload-complete"]

    assert told(worker) == ("0", "?0")
    send(worker, attachment, 0, PHOTO[:1000])
    assert told(worker) == ("1000", "?0")
    assert told(other) == ("0", "?0"), "an upload belongs to one device"
    upload_rest = [send(worker, attachment, 1000, PHOTO[1000:PIECE]),
                   send(worker, attachment, PIECE, PHOTO[PIECE : 2 * PIECE]),
                   send(worker, attachment, 2 * PIECE, PHOTO[2 * PIECE :])]  # fmt: skip
    assert [each.status_code for each in upload_rest] == [200, 200, 200]
    assert told(worker) == ("0", "?1")


def test_wrong_offset_is_told_the_right_one(worker):
    attachment = attach(worker)
    send(worker, attachment, 0, PHOTO[:1000])

    for offset, body in ((0, PHOTO[:1000]), (2000, b"x"), (1000, PHOTO)):
        answer = send(worker, attachment, offset, body[:PIECE], size=1001)
        assert code_of(answer) == (409, "OFFSET")
        assert answer.json()["expected"] == 1000


def test_every_piece_of_a_complete_upload_is_acknowledged_again(worker, other):
    attachment = attach(worker)
    upload(worker, attachment)

    for offset in (0, PIECE, len(PHOTO)):
        answer = send(worker, attachment, offset, PHOTO[offset : offset + PIECE])
        assert msgspec.json.decode(answer.content, type=Kept) == Kept(len(PHOTO), True)
    assert fetch(other, attachment).content == PHOTO


def test_upload_whose_end_was_not_acknowledged_can_be_ended_with_nothing_more(worker, monkeypatch):
    attachment = attach(worker)
    with monkeypatch.context() as broken:
        broken.setattr(blobs.Blobs, "finish", lambda *_: 1 / 0)
        answers = [send(worker, attachment, at, PHOTO[at : at + PIECE])
                   for at in range(0, len(PHOTO), PIECE)]  # fmt: skip
        assert answers[-1].status_code == 500

    answer = send(worker, attachment, len(PHOTO), b"")

    assert msgspec.json.decode(answer.content, type=Kept) == Kept(len(PHOTO), True)


def test_content_with_another_hash_never_becomes_visible(worker, other):
    attachment = attach(worker)
    bad = PHOTO[:-1] + b"\0"

    answers = [send(worker, attachment, at, bad[at : at + PIECE])
               for at in range(0, len(bad), PIECE)]  # fmt: skip

    assert code_of(answers[-1]) == (422, "HASH")
    assert code_of(fetch(other, attachment)) == (404, "NOT_YET")
    assert upload(worker, attachment).complete, "from the start it works"


def test_knowing_a_hash_opens_nothing(worker, backend):
    stranger = backend.device("生人", SOUTH)
    attachment = attach(worker)
    upload(worker, attachment)

    assert code_of(fetch(stranger, attachment)) == (404, "NOT_FOUND")
    own = attach(stranger, grid=SOUTH)
    assert code_of(fetch(stranger, own)) == (404, "NOT_YET"), "a row of one's own is not enough"
    assert code_of(fetch(stranger, new_id())) == (404, "NOT_FOUND")


def test_nobody_learns_whether_a_foreign_photo_is_kept(worker, backend):
    attachment = attach(worker)
    upload(worker, attachment)
    stranger = backend.device("外网格", SOUTH)

    asked = stranger.ask("HEAD", address(attachment))
    offered = send(stranger, attachment, 0, PHOTO[:PIECE])

    assert (asked.status_code, offered.status_code) == (404, 404)


def test_attachment_with_another_content_is_not_found(worker):
    attachment = attach(worker, sha=sha_of(b"something else"))
    upload(worker, attachment)

    assert code_of(fetch(worker, attachment)) == (404, "NOT_FOUND")


def test_deleted_attachment_is_served_no_more(worker):
    attachment = attach(worker)
    upload(worker, attachment)
    worker.pull()

    worker.push(worker.delete("attachment", attachment))

    assert code_of(fetch(worker, attachment)) == (404, "NOT_FOUND")


def test_upload_needs_the_community_and_the_right(worker, backend):
    admin = backend.device("管理员", role="admin")

    outside = send(worker, new_id(), 0, b"x", community=OTHER_COMMUNITY)
    assert code_of(outside) == (403, "FORBIDDEN")
    assert code_of(send(admin, new_id(), 0, b"x")) == (403, "FORBIDDEN")


@pytest.mark.parametrize("size", [0, MOST_CONTENT + 1])
def test_empty_and_too_large_contents_are_refused(worker, size):
    assert code_of(send(worker, new_id(), 0, b"", size=size)) == (413, "TOO_LARGE")


def test_piece_that_is_too_long_is_refused(worker):
    answer = send(worker, new_id(), 0, b"x" * (PIECE + 1), size=MOST_CONTENT)

    assert code_of(answer) == (413, "TOO_LARGE")


def test_device_has_a_daily_quota(worker, backend, monkeypatch):
    monkeypatch.setattr(blobs, "DAILY", len(PHOTO) + 10)
    upload(worker, attach(worker))
    small = b"eleven byte"

    refused = send(worker, new_id(), 0, small, size=11, sha=sha_of(small))
    assert code_of(refused) == (429, "QUOTA")

    backend.clock.advance(days=1, seconds=1)
    worker.connect()
    assert upload(worker, new_id(), small).complete


def test_device_may_not_begin_uploads_without_end(worker, monkeypatch):
    monkeypatch.setattr(blobs, "MOST_PARTS", 2)
    begun = [send(worker, new_id(), 0, b"x", sha=sha_of(bytes([n]))) for n in range(3)]

    assert [each.status_code for each in begun] == [200, 200, 429]


@pytest.mark.parametrize("sha", ["0" * 63, "..", "G" * 64, "%2e%2e%2fserver.db"])
def test_odd_names_are_not_found(worker, sha):
    assert send(worker, new_id(), 0, b"x", sha=sha).status_code == 404


def test_guarded_fields_of_an_attachment_stand(worker):
    attachment = attach(worker)
    worker.pull()

    changed = worker.put("attachment", attachment, {"sha256": sha_of(b"another")})
    captioned = worker.put("attachment", attachment, {"caption": "单元门"})

    assert worker.outcomes(changed, captioned) == ["rejected", "applied"]


def test_sweep_removes_what_no_attachment_names_any_more(worker, backend):
    folder = backend.cache.with_name("cache-blobs")
    kept, removed = attach(worker), attach(worker, sha=sha_of(b"gone"))
    upload(worker, kept)
    upload(worker, removed, b"gone")
    worker.pull()
    assert sweep(backend.database, folder, days=-1) == "已清理0个不再使用的附件，共0.0MB"
    worker.push(worker.delete("attachment", removed))

    assert sweep(backend.database, folder, days=1).startswith("已清理0个"), "not at once"
    assert sweep(backend.database, folder, days=-1).startswith("已清理1个")

    assert fetch(worker, kept).content == PHOTO
    assert not list(folder.glob(f"*/*/{sha_of(b'gone')}"))


def test_photo_is_sent_though_its_record_has_gone_to_another_grid_with_it(backend, worker):
    north, stranger = backend.device("王五", NORTH), backend.device("赵六", NORTH)
    person = new_id()
    fields = {"community_id": COMMUNITY, "grid_id": NORTH, "name": "王秀兰"}
    assert north.outcomes(north.put("resident", person, fields)) == ["applied"]
    photo = {
        "community_id": COMMUNITY, "grid_id": NORTH, "record_kind": "resident",
        "record_id": person, "name": "门口.jpg", "media_type": "image/jpeg", "size": len(PHOTO),
        "sha256": sha_of(PHOTO),
    }  # fmt: skip
    attachment = new_id()
    assert north.outcomes(north.put("attachment", attachment, photo)) == ["applied"]
    worker.pull()
    assert worker.outcomes(worker.put("resident", person, {"grid_id": SOUTH})) == ["applied"]

    assert code_of(send(stranger, attachment, 0, PHOTO[:PIECE])) == (404, "NOT_FOUND")
    assert upload(north, attachment) == Kept(len(PHOTO), True)

    worker.pull()
    assert fetch(worker, attachment).content == PHOTO
    assert code_of(fetch(north, attachment)) == (404, "NOT_FOUND"), "to send is not to see"
